"""Words about the clocks of the policy: (English, Chinese) by key."""

SLA = {
    "L1": ("Not dispatched", "未派单"),
    "L2": ("Not accepted by the crew", "班组未接单"),
    "L3a": ("Crew not there, company's limit", "到场超时（公司承诺）"),
    "L3b": ("Crew not there, national limit", "到场超时（国标）"),
    "L5": ("Not repaired", "抢修超时"),
    "L6": ("No estimated restoration", "未报预计复电时间"),
    "L7": ("Estimated restoration has passed", "超过预计复电时间"),
    "L8a": ("Fault not published", "停电信息未发布"),
    "L8b": ("Restoration not published", "复电信息未发布"),
    "L9": ("Long outage", "长时间停电"),
    "L11": ("Planned outage overruns", "计划停电超时"),
    "L12": ("Notice not given", "未提前公告"),
    "L18": ("Complainant not contacted", "投诉未联系"),
    "L19": ("Complaint not replied to", "投诉未答复"),
    "L20": ("Major complaint not forwarded", "重大投诉未上报"),
    "L21": ("Reopened complaint not replied to", "重开投诉未答复"),
    "early": ("first warning", "预警"),
    "late": ("last warning", "临近超时"),
    "breached": ("breached", "已超时"),
    "escalated": ("escalated", "已升级"),
}
