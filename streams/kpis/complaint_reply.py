"""Reply on time (投诉答复及时率): complaints replied to within five working days / complaints due.

Due is replied, or past the end of the due day; a closing is no reply. Which days are worked is data, not a rule.
"""

from streams.kpis.formulas import COMPLAINT_GROUPINGS, DATED, Outcome, quotient
from streams.kpis.kpi import WORKING_DAYS_GRACE_SECONDS, Kpi, Served, Sums


def _share(sums: Sums, _served: Served) -> Outcome:
    on_time, due = sums.total("complaint_replies_on_time"), sums.total("complaint_replies_due")
    return quotient(on_time, due, "no reply due")


COMPLAINT_REPLY_ON_TIME = Kpi(
    name="complaint_reply_on_time",
    title_en="Complaint reply on time",
    title_zh="投诉答复及时率",
    unit="ratio",
    basis="complaints, acceptance to reply by the end of the 5th working day unless set otherwise",
    assigned_by="acceptance",
    dims=(),
    groupings=COMPLAINT_GROUPINGS,
    periods=DATED,
    measures=("complaint_replies_on_time", "complaint_replies_due"),
    value=_share,
    final_after_seconds=WORKING_DAYS_GRACE_SECONDS,
    target="1",
    target_by="SGCC service commitments: 5 working days",
    element="service",
    pillar="interactive",
    source="SGCC service commitments (5 working days)",
    definition_version=2,
)
