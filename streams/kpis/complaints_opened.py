"""Intake (受理量): customer cases of every kind, and complaints (投诉量), by the day of their acceptance."""

from streams.kpis.formulas import COMPLAINT_GROUPINGS, DATED, count
from streams.kpis.kpi import DAY_GRACE_SECONDS, Dim, Kpi

CASE_KINDS = ("complaint", "fault_report", "report", "enquiry", "suggestion", "service_request", "praise", "other")

CUSTOMER_CASES_ACCEPTED = Kpi(
    name="customer_cases_accepted",
    title_en="Customer cases accepted",
    title_zh="客户诉求受理量",
    unit="cases",
    basis="all kinds of case, withdrawn ones included",
    assigned_by="acceptance",
    dims=(Dim("case_kind", CASE_KINDS),),
    groupings=COMPLAINT_GROUPINGS,
    periods=DATED,
    measures=("customer_cases_accepted",),
    value=count("customer_cases_accepted"),
    final_after_seconds=DAY_GRACE_SECONDS,
    target=None,
    element="service",
    pillar="interactive",
    source="95598 work-order families",
)

COMPLAINTS_OPENED = CUSTOMER_CASES_ACCEPTED._replace(
    name="complaints_opened",
    title_en="Complaints accepted",
    title_zh="投诉受理量",
    unit="complaints",
    basis="complaints only, withdrawn ones included",
    dims=(),
    measures=("complaints_opened",),
    value=count("complaints_opened"),
)
