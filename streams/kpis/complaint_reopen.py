"""Reopen share (投诉重开率): complaints reopened at least once after their first closing / complaints first closed."""

from streams.kpis.formulas import COMPLAINT_GROUPINGS, DATED, Outcome, quotient
from streams.kpis.kpi import WORKING_DAYS_GRACE_SECONDS, Kpi, Served, Sums


def _share(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("complaints_reopened"), sums.total("complaints_first_closed"), "no complaint closed")


COMPLAINT_REOPEN_SHARE = Kpi(
    name="complaint_reopen_share",
    title_en="Complaints reopened",
    title_zh="投诉重开率",
    unit="ratio",
    basis="complaints, once each however often reopened",
    assigned_by="first closing",
    dims=(),
    groupings=COMPLAINT_GROUPINGS,
    periods=DATED,
    measures=("complaints_reopened", "complaints_first_closed"),
    value=_share,
    final_after_seconds=WORKING_DAYS_GRACE_SECONDS,
    target="0.03",
    target_by="our own default",
    element="quality",
    pillar="interactive",
    source="eGain case reopen rate; target our own",
)
