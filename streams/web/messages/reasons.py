"""Reasons of undefined values: `reason.` and the published reason."""

REASONS = {
    "reason.no_record": ("Nothing has been published for this period yet.", "该时段尚无数据。"),
    "reason.no_source": ("A source has not reported yet.", "有数据源尚未上报。"),
    "reason.no_source.cases": ("The workers for cases have not reported yet.", "工单数据处理进程尚未上报。"),
    "reason.no_source.voltage": ("The workers for voltage have not reported yet.", "电压数据处理进程尚未上报。"),
    "reason.defect": ("The program fails on this value: see the dead letters.", "程序出错：请查看死信。"),
    "reason.customers served unknown": (
        "Customers served are not known: load the network.",
        "用户数未知：请导入台账",
    ),
    "reason.customers served unknown: area": ("Customers served are not known of area ", "用户数未知：台区 "),
    "reason.customers served unknown: of an area that the network does not have": (
        "Interrupted are customers of an area that the network does not have.",
        "停电台区不在台账中，用户数未知",
    ),
    "reason.nobody served": ("The network says that nobody is served here.", "台账中该范围没有用户。"),
    "reason.no interruption": ("No interruption in this period.", "该时段无停电。"),
    "reason.no restoration": ("No restoration in this period.", "该时段无复电。"),
    "reason.no arrival": ("No arrival in this period.", "该时段无到达记录。"),
    "reason.no arrival due": ("No arrival was due in this period.", "该时段无到期的到达。"),
    "reason.no complaint accepted": ("No complaint was accepted in this period.", "该时段未受理投诉。"),
    "reason.no complaint closed": ("No complaint was closed in this period.", "该时段无办结投诉。"),
    "reason.no contact due": ("No contact was due in this period.", "该时段无到期的联系。"),
    "reason.no promise due": ("No commitment fell due in this period.", "该时段无到期的时限。"),
    "reason.no reply due": ("No reply was due in this period.", "该时段无到期的答复。"),
    "reason.no point was monitored": ("No point was measured in this period.", "该时段无监测数据。"),
    "reason.no point has enough valid 10-minute means": (
        "No point has enough valid 10-minute means.",
        "各监测点有效的10分钟平均值不足。",
    ),
    "reason.no value was expected": ("No value was expected: no point is known.", "该时段无应测数据。"),
    "reason.no class A point was monitored": ("No point of class A was measured.", "无A类监测点数据。"),
    "reason.no point of class B, C or D was monitored": (
        "No point of class B, C or D was measured.",
        "无B、C、D类数据。",
    ),
}
