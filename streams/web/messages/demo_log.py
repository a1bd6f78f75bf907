"""The scenes of the demo log; {places} are filled with the details of a scene."""

STORY = {
    "scene.back_fill": (
        "{days} days back-filled: {records} records, {customers} customers, {points} points",
        "已回填 {days} 天：{records} 条记录，{customers} 户，{points} 个监测点",
    ),
    "scene.feeder_trip": (
        "Feeder {feeder} trips: {customers} customers in {areas} areas lose supply",
        "馈线 {feeder} 跳闸：{areas} 个台区 {customers} 户停电",
    ),
    "scene.partial_restoration": (
        "Feeder {feeder}: switching restores {customers} customers",
        "馈线 {feeder}：倒闸恢复 {customers} 户供电",
    ),
    "scene.arrival_limit_missed": (
        "Order {work_order_id} in {area}: {minutes} minutes are over, nobody has arrived",
        "工单 {work_order_id}（{area}）：{minutes} 分钟已到，尚未到达现场",
    ),
    "scene.late_proof": (
        "Order {work_order_id}: {crew} proves an arrival after {minutes} minutes; the breach is retracted",
        "工单 {work_order_id}：{crew} 补传到达记录（{minutes} 分钟），超时撤销",
    ),
    "scene.voltage_dip": (
        "Voltage in {area} dips to {volts} V at {points} points",
        "{area} 电压跌至 {volts} V，涉及 {points} 个监测点",
    ),
    "scene.complaints": (
        "{complaints} customers in {area} complain of the voltage",
        "{area} 的 {complaints} 位客户投诉电压质量",
    ),
    "scene.duplicates": (
        "{records} records come a second time; no number changes",
        "{records} 条记录重复到达，指标不变",
    ),
    "scene.worker_killed": (
        "{worker} is killed (kill -9, process {pid})",
        "{worker} 被强制终止（kill -9，进程 {pid}）",
    ),
    "scene.worker_back": (
        "{worker} is back after {seconds} s: {same} of {compared} numbers are the same as before",
        "{worker} 于 {seconds} 秒后恢复：{compared} 项指标中 {same} 项与之前一致",
    ),
    "scene.quiet": ("The demo script has ended; the simulation continues", "剧本结束，继续模拟运行"),
}
