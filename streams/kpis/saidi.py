"""SAIDI, system average interruption duration index (IEEE 1366): customer-minutes of sustained interruption / N_T.

Event-start view: an interruption's whole duration counts on the day it began. Live: open interruptions count up to now.
Over several days N_T is the mean of the daily customers served, of the days on which every area of the scope has a
figure: the interruptions of other days are left out, and the record has the day from which it counts.
"""

from streams.kpis.formulas import DATED, KIND, OUTAGE_GROUPINGS, Outcome, per_customer
from streams.kpis.in_question import OF_CASES
from streams.kpis.kpi import DAY_GRACE_SECONDS, Kpi, Served, Sums

# For SAIFI and CAIDI, too.
RULES = (
    (
        "An interruption is of customers, by area and step: for customers that an extension adds it "
        "begins, and counts by the day, at the extension, not at the begin of the outage."
    ),
    (
        "Customers who return and lose supply again (another cycle, an extension after the end) have two "
        "interruptions, each with its own day and duration; the time between them counts in neither."
    ),
    (
        "Where a step restores a part of an area's customers, those return first who have been out "
        "longest: counts name no customer. The order decides whose interruption is sustained, and on which day "
        "seconds count that began on different days."
    ),
    (
        "Sustained is longer than the threshold: 300 s is momentary, 301 s is not. It is decided for each "
        "step: an outage may have steps in the index, and steps that are not."
    ),
)


def _minutes(sums: Sums, served: Served) -> Outcome:
    return per_customer(sums, "interruption_seconds", served, scale=60)


SAIDI = Kpi(
    name="saidi",
    title_en="SAIDI",
    title_zh="系统平均停电时间 SAIDI",
    unit="minutes",
    basis="IEEE 1366-2022, sustained > 300 s; event-start, live",
    assigned_by="start of the interruption",
    dims=(KIND,),
    groupings=OUTAGE_GROUPINGS,
    periods=DATED,
    measures=("interruption_seconds", "interruptions_unserved"),
    value=_minutes,
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
