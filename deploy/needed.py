"""Which KPIs and clocks need what: found in the registry of KPIs and in the shipped policy, not listed."""

from typing import Final, NamedTuple

from streams.kpis import KPIS
from streams.kpis.kpi import Role
from streams.measures import name_of
from streams.sla.policy import shipped

KINDS: Final = {"outages": "outage", "repairs": "order", "complaints": "complaint", "voltage": "point"}
CLOCKS: Final = tuple(rule.clock for rule in shipped().clocks)


class Need(NamedTuple):
    """Fields by pattern (`event.field`, as fnmatch), the KPIs and clocks they feed, and what is lost without them."""

    fields: tuple[str, ...]
    kpis: tuple[str, ...]
    without: str
    clocks: tuple[str, ...] = ()


def reading(*measures: str, role: Role = "cases") -> tuple[str, ...]:
    """The KPIs of a role that read one of these measures; a name that ends in `*` stands for all that begin so."""
    return tuple(
        kpi.name
        for kpi in KPIS
        if kpi.role == role and any(_is_one_of(name_of(measure), measures) for measure in kpi.measures)
    )


def per_customer() -> tuple[str, ...]:
    """The KPIs that divide by the customers served."""
    return tuple(kpi.name for kpi in KPIS if kpi.per_customer)


def voltage() -> tuple[str, ...]:
    """The KPIs of points."""
    return tuple(kpi.name for kpi in KPIS if kpi.role == "voltage")


def clocks(family: str, *words: str) -> tuple[str, ...]:
    """The clocks of a family's cases that go by one of these facts, dues, traits or units of the policy; all of them
    where none is named.
    """
    found = []
    for rule in shipped().clocks:
        traits = {trait for limit in rule.limits for trait in limit.traits}
        said = {*rule.start, *rule.stop, *rule.void, *traits, rule.unit, *filter(None, (rule.due,))}
        said |= {"paused"} if rule.pause_reasons else set()
        if rule.kind == KINDS[family] and (not words or said & set(words)):
            found.append(rule.clock)
    return tuple(found)


def _is_one_of(measure: str, names: tuple[str, ...]) -> bool:
    return any(measure == name or (name.endswith("*") and measure.startswith(name[:-1])) for name in names)


INTERRUPTIONS: Final = reading("interruption_seconds", "customer_interruptions")
STATES: Final = reading("outages_by_state")
CUSTOMERS_OUT: Final = reading("customers_out")
OUT: Final = reading("customers_out", "outages_open", "outages_by_state", "outages_open_by_age")
RESTORED: Final = reading("restor*")
ARRIVAL: Final = reading("arriv*")
ORDERS: Final = reading("orders_open")
CLOSURE: Final = reading("complaints_closed", "complaints_first_closed", "complaints_cohort")
CONTACT: Final = reading("complaint_contacts_due")
REPLY: Final = reading("complaint_replies_due")
OVERDUE: Final = reading("complaints_overdue")
BY_STATE: Final = reading("complaints_by_state")
BACKLOG: Final = reading("complaints_open", "complaints_by_state", "complaints_open_by_age", "complaints_overdue")
COMPLAINTS: Final = reading("complaint*")
VOLTAGE: Final = voltage()
COVERED: Final = reading("voltage_expected_seconds", role="voltage")
COVERAGE: Final = (*COVERED, *reading("voltage_points_low_coverage", "voltage_points_missing", role="voltage"))
# The seconds within limits and out of them are what is covered, too: limits do not change that.
COMPLIANCE: Final = tuple(
    kpi for kpi in reading("voltage_rate_ppb", "voltage_compliant_seconds", role="voltage") if kpi not in COVERED
)
WEEKS: Final = reading("voltage_en50160_*", role="voltage")
POINTS: Final = reading("voltage_points_out", "voltage_points_out_long", "voltage_areas_out", role="voltage")
SILENT: Final = reading("voltage_points_silent", role="voltage")
SLA: Final = reading("sla_*")
WHOLE_FAMILY: Final = {
    "outages": (*OUT, *RESTORED, *INTERRUPTIONS, *SLA),
    "repairs": (*ARRIVAL, *ORDERS, *SLA),
    "complaints": (*reading("customer_cases_accepted"), *COMPLAINTS, *SLA),
    "voltage": VOLTAGE,
}
# Words of the policy: facts, dues and traits by which a clock goes.
AREAS: Final = (*clocks("outages", "area_type"), *clocks("repairs", "area_type"), *clocks("complaints", "area_type"))
BEFORE_START: Final = ("predicted", "confirmed", "scheduled", "notice", "known")
BY_KIND: Final = clocks("outages", "outage_kind")
BY_ESTIMATE: Final = clocks("outages", "etr_told", "etr")
BY_NEWS: Final = clocks("outages", "info_fault", "info_etr", "info_restoration", "info_delay")
BY_REOPENING: Final = clocks("complaints", "reopened")
BY_FORWARDING: Final = clocks("complaints", "forwarded")
STEPS_OF_ORDERS: Final = ("dispatched", "reassigned", "accepted", "en_route", "field_complete", "returned")
BY_LIMITS: Final = clocks("voltage", "out", "severe")
BY_INTERVALS: Final = clocks("voltage", "silent")
BY_WORKING_DAYS: Final = clocks("complaints", "working_days")

KEPT: Final = "No KPI reads it; it is kept with the case."
LISTED: Final = "No KPI reads it; the lists of cases lack it."
REQUIRED: Final = "The record is rejected as invalid."
