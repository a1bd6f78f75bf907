"""Findings that put customers of a value in question: `finding.` and the rule."""

FINDINGS = {
    "in_question": ("in question", "存疑"),
    "finding.merged_after_start": (
        "Outages merged after their start: their customers are in no number",
        "停电后并入其他事件，其用户未计入",
    ),
    "finding.split_without_end": (
        "Outages split but not ended: their customers count in the parts, too",
        "已拆分但未结束，用户重复计入",
    ),
    "finding.area_unknown": ("Customers in no area of the network", "台区不在台账中"),
    "finding.customers_unknown": (
        "Areas without supply and without a number of customers, at most the customers served",
        "停电户数未报，最多为该台区用户数",
    ),
    "finding.more_affected_than_served": ("More customers out than the area has", "停电户数超过台区用户数"),
    "finding.more_restored_than_remained": ("More restored than were out", "复电户数超过停电户数"),
    "finding.restored_disagrees_with_remaining": ("Restored and remaining do not add up", "复电与剩余户数不符"),
    "finding.remaining_against_event": (
        "A step that leaves more, or an extension that leaves fewer out",
        "复电后户数增加，或扩大后户数减少",
    ),
    "finding.case_full": (
        "Outages of which events were rejected, because the outage is full",
        "事件过多，部分消息被拒收",
    ),
    "finding.more_out_than_served": ("More customers out than are served here", "停电户数超过该范围用户数"),
}
