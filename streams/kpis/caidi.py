"""CAIDI, customer average interruption duration index (IEEE 1366): customer-minutes / customer interruptions.

Restoring many customers quickly by automation raises it: show it beside SAIDI and SAIFI.
"""

from streams.kpis.formulas import DATED, KIND, OUTAGE_GROUPINGS, Outcome, quotient
from streams.kpis.in_question import OF_CASES
from streams.kpis.kpi import DAY_GRACE_SECONDS, Kpi, Served, Sums
from streams.kpis.saidi import RULES


def _minutes(sums: Sums, _served: Served) -> Outcome:
    interruptions = sums.total("customer_interruptions")
    return quotient(sums.total("interruption_seconds"), interruptions, "no interruption", scale=60)


CAIDI = Kpi(
    name="caidi",
    title_en="CAIDI",
    title_zh="平均每次停电时间 CAIDI",
    unit="minutes",
    basis="IEEE 1366-2022, sustained > 300 s; event-start, live",
    assigned_by="start of the interruption",
    dims=(KIND,),
    groupings=OUTAGE_GROUPINGS,
    periods=DATED,
    measures=("interruption_seconds", "customer_interruptions"),
    value=_minutes,
    final_after_seconds=DAY_GRACE_SECONDS,
    target=None,
    element="capacity",
    pillar="facilities",
    source="IEEE 1366-2022 cl. 3",
    definition_version=2,
    findings=OF_CASES,
    rules=RULES,
)
