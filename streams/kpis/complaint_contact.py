"""Contact on time (投诉联系及时率): complaints whose customer was contacted within 24 hours / complaints due.

Due is contacted, or past the deadline: hours of the clock, nights and holidays included.
"""

from streams.kpis.formulas import COMPLAINT_GROUPINGS, DATED, Outcome, quotient
from streams.kpis.kpi import CONTACT_GRACE_SECONDS, Kpi, Served, Sums


def _share(sums: Sums, _served: Served) -> Outcome:
    on_time, due = sums.total("complaint_contacts_on_time"), sums.total("complaint_contacts_due")
    return quotient(on_time, due, "no contact due")


COMPLAINT_CONTACT_ON_TIME = Kpi(
    name="complaint_contact_on_time",
    title_en="Complaint contact on time",
    title_zh="投诉联系及时率",
    unit="ratio",
    basis="complaints, acceptance to first contact or reply within 24 hours unless set otherwise",
    assigned_by="acceptance",
    dims=(),
    groupings=COMPLAINT_GROUPINGS,
    periods=DATED,
    measures=("complaint_contacts_on_time", "complaint_contacts_due"),
    value=_share,
    final_after_seconds=CONTACT_GRACE_SECONDS,
    target="1",
    target_by="SGCC service commitments: 24 hours",
    element="service",
    pillar="interactive",
    source="SGCC service commitments (24 h)",
    definition_version=2,
)
