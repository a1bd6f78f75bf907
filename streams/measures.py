"""The registry of measures of cells: name, unit, and how each adds up.

In a cell a measure has the values of its dimensions behind its name (`customers_out|fault`), a distribution the whole
minute as its last part (`arrival_minutes|38`).
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

SEPARATOR: Final = "|"

Sums = Literal["additive", "per_period", "distribution"]


class Measure(NamedTuple):
    """All measures add up over cases, points and scopes; `sums` has the exceptions.

    `additive`: the days of a month or of the last 30 days add up too. `per_period`: contributed for a day, a week, a
    month and the last 30 days each by itself; days do not add up. `distribution`: additive, a measure per minute.
    """

    name: str
    unit: str
    sums: Sums = "additive"


MEASURES: Final[tuple[Measure, ...]] = (
    # outages
    Measure("customers_out", "customers"),
    Measure("outages_open", "outages"),
    Measure("outages_open_by_age", "outages"),
    Measure("outages_by_state", "outages"),
    Measure("customer_interruptions", "customer interruptions"),
    Measure("interruptions_unserved", "customer interruptions"),
    Measure("interruption_seconds", "customer seconds"),
    Measure("restorations", "outages"),
    Measure("restoration_seconds", "seconds"),
    Measure("restoration_minutes", "outages", "distribution"),
    Measure("restored_customers", "customers"),
    Measure("restored_customer_seconds", "customer seconds"),
    Measure("restored_customer_minutes", "customers", "distribution"),
    Measure("in_question", "customers"),
    Measure("in_question_cases", "cases"),
    # orders
    Measure("orders_open", "orders"),
    Measure("arrivals", "arrivals"),
    Measure("arrivals_due", "arrivals"),
    Measure("arrivals_on_time", "arrivals"),
    Measure("arrival_seconds", "seconds"),
    Measure("arrival_minutes", "arrivals", "distribution"),
    # complaints
    Measure("customer_cases_accepted", "cases"),
    Measure("complaints_opened", "complaints"),
    Measure("complaints_closed", "complaints"),
    Measure("complaints_first_closed", "complaints"),
    Measure("complaints_reopened", "complaints"),
    Measure("complaints_cohort", "complaints"),
    Measure("complaints_cohort_closed", "complaints"),
    Measure("complaint_contacts_due", "contacts"),
    Measure("complaint_contacts_on_time", "contacts"),
    Measure("complaint_replies_due", "replies"),
    Measure("complaint_replies_on_time", "replies"),
    Measure("complaints_open", "complaints"),
    Measure("complaints_open_by_age", "complaints"),
    Measure("complaints_by_state", "complaints"),
    Measure("complaints_overdue", "complaints"),
    # clocks
    Measure("sla_open", "clocks"),
    Measure("sla_due", "clocks"),
    Measure("sla_on_time", "clocks"),
    Measure("sla_due_law", "clocks"),
    Measure("sla_on_time_law", "clocks"),
    Measure("sla_due_commitment", "clocks"),
    Measure("sla_on_time_commitment", "clocks"),
    Measure("sla_due_default", "clocks"),
    Measure("sla_on_time_default", "clocks"),
    # voltage
    Measure("voltage_points_known", "points"),
    Measure("voltage_points_out", "points"),
    Measure("voltage_points_out_long", "points"),
    Measure("voltage_points_silent", "points"),
    Measure("voltage_points_suspect", "points"),
    Measure("voltage_points_missing", "points"),
    Measure("voltage_areas_out", "areas"),
    Measure("voltage_compliant_seconds", "seconds"),
    Measure("voltage_over_seconds", "seconds"),
    Measure("voltage_under_seconds", "seconds"),
    Measure("voltage_excluded_seconds", "seconds"),
    Measure("voltage_suspect_seconds", "seconds"),
    Measure("voltage_expected_seconds", "seconds"),
    Measure("voltage_rate_ppb", "parts per billion", "per_period"),
    Measure("voltage_points", "points", "per_period"),
    Measure("voltage_points_low_coverage", "points", "per_period"),
    Measure("voltage_en50160_points", "points", "per_period"),
    Measure("voltage_en50160_passed", "points", "per_period"),
    Measure("voltage_en50160_unknown", "points", "per_period"),
    # all families
    Measure("findings", "cases"),
)

PER_PERIOD: Final = frozenset(measure.name for measure in MEASURES if measure.sums == "per_period")
DISTRIBUTIONS: Final = frozenset(measure.name for measure in MEASURES if measure.sums == "distribution")


def name_of(measure: str) -> str:
    """The name of a cell's measure, without the values of its dimensions."""
    return measure.partition(SEPARATOR)[0]


def is_per_period(measure: str) -> bool:
    """Whether days of the measure do not add up to a month."""
    return measure.partition(SEPARATOR)[0] in PER_PERIOD


def is_distribution(measure: str) -> bool:
    """Whether a measure counts durations of one number of minutes."""
    return measure.partition(SEPARATOR)[0] in DISTRIBUTIONS


def head_and_minute(measure: str) -> tuple[str, int] | None:
    """A measure of a distribution without its minute, and the minute; None for any other."""
    head, _, minute = measure.rpartition(SEPARATOR)
    return (head, int(minute)) if minute.isdecimal() and is_distribution(measure) else None
