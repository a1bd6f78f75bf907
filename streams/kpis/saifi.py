"""SAIFI, system average interruption frequency index (IEEE 1366): sustained customer interruptions / N_T."""

from streams.kpis.formulas import DATED, KIND, OUTAGE_GROUPINGS, Outcome, per_customer
from streams.kpis.in_question import OF_CASES
from streams.kpis.kpi import DAY_GRACE_SECONDS, Kpi, Served, Sums
from streams.kpis.saidi import RULES


def _interruptions(sums: Sums, served: Served) -> Outcome:
    return per_customer(sums, "customer_interruptions", served)


SAIFI = Kpi(
    name="saifi",
    title_en="SAIFI",
    title_zh="系统平均停电频率 SAIFI",
    unit="interruptions per customer",
    basis="IEEE 1366-2022, sustained > 300 s; event-start, live",
    assigned_by="start of the interruption",
    dims=(KIND,),
    groupings=OUTAGE_GROUPINGS,
    periods=DATED,
    measures=("customer_interruptions", "interruptions_unserved"),
    value=_interruptions,
    final_after_seconds=DAY_GRACE_SECONDS,
    target=None,
    element="capacity",
    pillar="facilities",
    source="IEEE 1366-2022 cl. 3",
    definition_version=2,
    findings=OF_CASES,
    per_customer=True,
    rules=RULES,
)
