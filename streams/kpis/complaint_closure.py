"""Closure rate (投诉办结率) in two views that must not be mixed.

Cohort: complaints accepted in the period and closed now / accepted in it and not withdrawn; a reopening lowers it.
Flow: complaints whose current closing lies in the period / complaints accepted in it; clearing a backlog exceeds 1.
"""

from streams.kpis.formulas import COMPLAINT_GROUPINGS, DATED, Outcome, quotient
from streams.kpis.kpi import DAY_GRACE_SECONDS, WORKING_DAYS_GRACE_SECONDS, Kpi, Served, Sums

NOTHING = "no complaint accepted"


def _cohort(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("complaints_cohort_closed"), sums.total("complaints_cohort"), NOTHING)


def _flow(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("complaints_closed"), sums.total("complaints_opened"), NOTHING)


COMPLAINT_CLOSURE_COHORT = Kpi(
    name="complaint_closure_cohort",
    title_en="Complaint closure, cohort",
    title_zh="投诉办结率（按受理批次）",
    unit="ratio",
    basis="complaints accepted in the period: closed now / not withdrawn",
    assigned_by="acceptance",
    dims=(),
    groupings=COMPLAINT_GROUPINGS,
    periods=DATED,
    measures=("complaints_cohort_closed", "complaints_cohort"),
    value=_cohort,
    final_after_seconds=WORKING_DAYS_GRACE_SECONDS,
    target="0.95 after 7 working days",
    target_by="our own default",
    element="service",
    pillar="interactive",
    source="SGCC complaint handling, ISO 10002; target our own",
)

COMPLAINT_CLOSURE_FLOW = COMPLAINT_CLOSURE_COHORT._replace(
    name="complaint_closure_flow",
    title_en="Complaint closure, flow",
    title_zh="投诉办结率（流量）",
    basis="flow: closed in the period, whenever accepted / accepted in the period; may exceed 1",
    assigned_by="current closing; acceptance for the denominator",
    measures=("complaints_closed", "complaints_opened"),
    value=_flow,
    final_after_seconds=DAY_GRACE_SECONDS,
    target=None,
    source="our own",
)
