"""What each field of the input contracts is for: one row a need, the first that matches a field is its."""

from typing import Final, NamedTuple

OUT: Final = ("customers_out", "outages_open", "outages_by_state", "outages_open_by_age")
INDICES: Final = ("saidi", "saifi", "caidi")
RESTORATION: Final = (
    "restoration_time_mean",
    "restoration_time_p50",
    "restoration_time_p90",
    "restoration_time_customers_mean",
    "restoration_time_customers_p50",
    "restoration_time_customers_p90",
)
ARRIVAL_TIMES: Final = ("arrival_time_mean", "arrival_time_p50", "arrival_time_p90")
ARRIVAL: Final = (*ARRIVAL_TIMES, "arrival_on_time_share")
CLOSURE: Final = ("complaints_closed", "complaint_closure_cohort", "complaint_closure_flow", "complaint_reopen_share")
CONTACT: Final = "complaint_contact_on_time"
REPLY: Final = "complaint_reply_on_time"
BACKLOG: Final = ("complaints_open", "complaints_by_state", "complaints_open_by_age", "complaints_overdue")
COMPLAINTS: Final = ("complaints_opened", *CLOSURE, CONTACT, REPLY, *BACKLOG)
COMPLIANCE: Final = ("voltage_compliance", "voltage_compliance_time", "voltage_compliance_combined")
WEEKS: Final = ("voltage_en50160", "voltage_en50160_unknown")
COVERAGE: Final = ("voltage_coverage", "voltage_points_low_coverage", "voltage_points_missing")
POINTS: Final = ("voltage_points_out", "voltage_points_out_long", "voltage_areas_out")
VOLTAGE_CLOCKS: Final = ("voltage_clocks_open", "voltage_clocks_on_time_share", "voltage_clocks_broken")
VOLTAGE: Final = (
    *COMPLIANCE,
    *COVERAGE,
    *WEEKS,
    *POINTS,
    "voltage_points_silent",
    "voltage_points_suspect",
    *VOLTAGE_CLOCKS,
)
OBLIGATIONS: Final = ("sla_law_on_time_share", "sla_commitment_on_time_share", "sla_default_on_time_share")
SLA: Final = ("sla_clocks_open", "sla_on_time_share", *OBLIGATIONS, "sla_breaches")
WHOLE_FAMILY: Final = {
    "outages": (*OUT, *RESTORATION, *INDICES, *SLA),
    "repairs": (*ARRIVAL, "orders_open", *SLA),
    "complaints": ("customer_cases_accepted", *COMPLAINTS, *SLA),
    "voltage": VOLTAGE,
}
ARRIVAL_CLOCK: Final = "arrival"
CONTACT_CLOCK: Final = "contact"
REPLY_CLOCK: Final = "reply"
CLOCKS: Final = (ARRIVAL_CLOCK, CONTACT_CLOCK, REPLY_CLOCK)


class Need(NamedTuple):
    """Fields by pattern (`event.field`, as fnmatch), the KPIs and clocks they feed, and what is lost without them."""

    fields: tuple[str, ...]
    kpis: tuple[str, ...]
    without: str
    clocks: tuple[str, ...] = ()


KEPT: Final = "No KPI reads it; it is kept with the case."
LISTED: Final = "No KPI reads it; the lists of cases lack it."
REQUIRED: Final = "The record is rejected as invalid."


def _envelope(family: str, identity: str, clocks: tuple[str, ...] = ()) -> tuple[Need, ...]:
    """The fields that all events of a family share; first, for no event has another meaning for them."""
    every = WHOLE_FAMILY[family]
    return (
        Need((f"*.{identity}", "*.event_type", "*.event_id"), every, REQUIRED, clocks),
        Need(
            ("*.revision", "*.recorded_at", "*.source"), every, f"{REQUIRED} They decide which statement holds.", clocks
        ),
        Need(
            ("*.corrects", "*.void", "*.pin"),
            every,
            "A wrong statement can be replaced by a greater revision only.",
            clocks,
        ),
    )


OUTAGES: Final = (
    *_envelope("outages", "outage_id"),
    Need(
        ("started.occurred_at", "started.cycle"),
        (*OUT, *RESTORATION, *INDICES),
        "Without `started` there is no interruption: the case is only counted by its state.",
    ),
    Need(
        ("restored.occurred_at", "restored.cycle"),
        (*OUT, *RESTORATION, *INDICES),
        "Without `restored` the interruption goes on: it stays open, and its customer-seconds grow.",
    ),
    Need(
        ("*.areas.remaining", "extended.occurred_at", "step_restored.occurred_at"),
        ("customers_out", "saidi", "saifi", "caidi"),
        "Without steps all customers count as out until `restored`.",
    ),
    Need(
        ("count_revised.occurred_at", "count_revised.cycle", "*.areas.customers"),
        ("customers_out", "saidi", "saifi", "caidi"),
        "Unknown customers count as 0: customers out and the indices are too small (finding `customers_unknown`).",
    ),
    Need(("*.areas.area",), WHOLE_FAMILY["outages"], "The outage counts for everything, but in region `unknown`."),
    Need(("*.kind",), WHOLE_FAMILY["outages"], "It counts under kind `unknown` and `all` only."),
    Need(
        ("cancelled.occurred_at", "merged.*", "closed.occurred_at"),
        OUT,
        "A case that is no outage any more stays among the open ones.",
    ),
    Need(
        ("predicted.occurred_at", "confirmed.occurred_at", "scheduled.occurred_at", "announced.occurred_at"),
        ("outages_by_state", *SLA),
        "The state before the start is not counted, and the clocks that begin with it do not run.",
    ),
    Need(
        ("*.plan.start", "*.plan.end", "*.plan.announced_at"),
        SLA,
        "Notice and overrun of planned outages have no clocks; without `announced_at` only `announced` is a notice.",
    ),
    Need(("etr.etr", "etr.occurred_at"), SLA, "The estimate counts as missing, and none can be passed."),
    Need(("info_published.about", "info_published.occurred_at"), SLA, "News count as not published."),
    Need(("*.areas.important",), SLA, "Limits for important customers do not hold."),
    Need(("*.cause",), (), LISTED),
    Need(("*",), (), KEPT),
)
REPAIRS: Final = (
    *_envelope("repairs", "work_order_id", (ARRIVAL_CLOCK,)),
    Need(("created.report_received_at",), ARRIVAL, f"{REQUIRED} The clock runs from it.", (ARRIVAL_CLOCK,)),
    Need(
        ("arrived.occurred_at",),
        ARRIVAL,
        "Without `arrived` nobody arrived: the order is late once its limit has passed, and has no arrival time.",
        (ARRIVAL_CLOCK,),
    ),
    Need(
        ("created.area",),
        (*ARRIVAL, "orders_open"),
        "It counts in region `unknown`; its limit is not known, so on-time arrival leaves it out.",
        (ARRIVAL_CLOCK,),
    ),
    Need(("*.crew",), (*ARRIVAL, "orders_open"), "The order counts for no crew."),
    Need(("created.occurred_at", "created.work_type", "created.origin"), ("orders_open", *SLA), REQUIRED),
    Need(("waiting.reason",), SLA, f"{REQUIRED} It decides whether waiting pauses a clock."),
    Need(
        ("closed.occurred_at", "cancelled.occurred_at"),
        (*ARRIVAL, "orders_open"),
        "The order stays open.",
        (ARRIVAL_CLOCK,),
    ),
    Need(("*.occurred_at",), ("orders_open", *SLA), "The order's state is older than it is, its clocks run on."),
    Need(("*",), (), KEPT),
)
CASES: Final = (
    *_envelope("complaints", "complaint_id", (CONTACT_CLOCK, REPLY_CLOCK)),
    Need(
        ("accepted.occurred_at", "accepted.case_kind"),
        WHOLE_FAMILY["complaints"],
        "Without `accepted` the case is incomplete: it only counts under that state.",
        (CONTACT_CLOCK, REPLY_CLOCK),
    ),
    Need(("accepted.category",), COMPLAINTS, "It counts under category `unknown`."),
    Need(("accepted.level",), COMPLAINTS, "It counts under level `unknown`."),
    Need(("accepted.area",), COMPLAINTS, "It counts in region `unknown`."),
    Need(
        ("contacted.occurred_at",),
        (CONTACT, "complaints_by_state"),
        "Nobody contacted the customer, unless a reply did: the case is late after its limit.",
        (CONTACT_CLOCK,),
    ),
    Need(
        ("replied.occurred_at",),
        (CONTACT, REPLY, "complaints_by_state", "complaints_overdue"),
        "The first closing counts as the reply; without either the case is late after its limit.",
        (CONTACT_CLOCK, REPLY_CLOCK),
    ),
    Need(
        ("closed.occurred_at",),
        (*CLOSURE, REPLY, *BACKLOG),
        "The case stays open.",
        (REPLY_CLOCK,),
    ),
    Need(("reopened.occurred_at",), (*CLOSURE, *BACKLOG, *SLA), "A reopened case counts as closed."),
    Need(("forwarded.occurred_at",), SLA, "A major complaint counts as not forwarded."),
    Need(
        ("withdrawn.occurred_at",),
        ("complaint_closure_cohort", CONTACT, REPLY, *BACKLOG),
        "A case that was taken back counts as one to be closed.",
        (CONTACT_CLOCK, REPLY_CLOCK),
    ),
    Need(
        ("assigned.occurred_at", "returned.occurred_at", "transferred.occurred_at"),
        ("complaints_by_state",),
        "The case's state is older than it is.",
    ),
    Need(("accepted.customer_ref",), (), "No KPI reads it; the customer is not known, not even as a keyed hash."),
    Need(("*",), (), KEPT),
)
MEASURED: Final = (
    Need(("*.area", "*.point", "*.event_type"), VOLTAGE, REQUIRED),
    Need(("*.source", "*.recorded_at"), VOLTAGE, f"{REQUIRED} They decide which value holds."),
    Need(("*.revision",), VOLTAGE, "Of two values of one source the one recorded later holds."),
    Need(("*.phase",), VOLTAGE, "All values of the point are taken for one phase; three phases hide each other."),
    Need(("daily_statistics.*",), (), "Findings only: without it `statistics_differ` cannot be found."),
    Need(
        ("reading.occurred_at", "reading.value_centivolts", "frame.start", "frame.values_centivolts"),
        VOLTAGE,
        f"{REQUIRED} A value of null covers nothing: coverage falls.",
    ),
    Need(("frame.interval_seconds",), VOLTAGE, REQUIRED),
    Need(
        ("reading.interval_seconds",), VOLTAGE, "The interval of the settings is taken: covers too long or too short."
    ),
    Need(("*.value_kind", "*.stamp"), VOLTAGE, "The defaults are taken: covers may lie an interval beside."),
    Need(("*.qualities",), VOLTAGE, "Every value counts as valid."),
    Need(
        ("*.nominal_centivolts",),
        VOLTAGE,
        "The network's is taken; where that is not there either, values have no limits: excluded, `nominal_unknown`.",
    ),
    Need(
        ("*.connection",),
        (*COMPLIANCE, *WEEKS, *POINTS),
        "Of a point that the network has its record decides. Of another: up to 250 V a single-phase supply, above it "
        "phase to phase.",
    ),
)
NETWORK: Final = (
    Need(("*.record_type",), (), REQUIRED),
    Need(
        ("area.served.from", "area.served.customers"),
        ("saidi", "saifi"),
        'Undefined: "customers served unknown: area ...", for every scope the area is in. Days before its first figure '
        "are left out of the indices of these scopes; a new area that served nobody before says so with a figure of 0.",
    ),
    Need(
        ("area.area_type",),
        (*WHOLE_FAMILY["outages"], *ARRIVAL, *COMPLAINTS, *VOLTAGE),
        "Scopes of an area type lack it; its orders have no arrival limit, and on-time arrival leaves them out.",
        (ARRIVAL_CLOCK,),
    ),
    Need(
        ("area.area", "area.region"),
        (*WHOLE_FAMILY["outages"], *WHOLE_FAMILY["repairs"], *WHOLE_FAMILY["complaints"], *VOLTAGE),
        "Cases of an area that is not in the network count in region `unknown`.",
        (ARRIVAL_CLOCK,),
    ),
    Need(
        ("point.point", "point.area"),
        VOLTAGE,
        "A point that is not in the network gives the finding `point_not_in_network`, and is silent unnoticed.",
    ),
    Need(
        ("point.monitoring_class",),
        VOLTAGE,
        "Points outside the network are of class `unknown`; the combined rate is undefined without a point of class A.",
    ),
    Need(
        ("point.nominal_centivolts",),
        VOLTAGE,
        "The reading's is taken; without either its values are excluded, `nominal_unknown`.",
    ),
    Need(("point.transformer_ratio",), (*COMPLIANCE, *WEEKS), "The limits are those of the meter's own voltage level."),
    Need(
        ("point.connection",),
        (*COMPLIANCE, *WEEKS, *POINTS),
        "Up to 250 V the limits are those of a single-phase supply (+7/-10 %), above it the voltage counts as one from "
        "phase to phase: 57.7 V behind a star-connected transformer of 35 kV is judged as 20 kV.",
    ),
    Need(
        ("point.delivery_interval_seconds",),
        ("voltage_points_silent",),
        "A point whose values come in batches is silent between them, and its clock L17 breaks at each.",
    ),
    Need(("point.phases",), ("voltage_coverage",), "Only phases that were seen are expected."),
    Need(
        ("point.monitored_from",),
        COVERAGE,
        "Values are expected since the record's time stamp, or from the first one if that is earlier.",
    ),
    Need(
        ("policy.policy", "policy.valid_from", "policy.office_hours.*", "policy.cutoff", "policy.clocks.*"),
        (*SLA, "arrival_on_time_share", CONTACT, REPLY),
        "The policy that comes with gridpulse holds.",
        CLOCKS,
    ),
    Need(
        ("calendar.*",),
        (REPLY,),
        "The lists of 2025 and 2026 that come with gridpulse hold; later days are provisional.",
    ),
    Need(("region.*",), (), "The region is shown under its identity."),
    Need(("*",), (), "No KPI reads it yet."),
)
NEEDS: Final = {"outages": OUTAGES, "repairs": REPAIRS, "complaints": CASES, "voltage": MEASURED, "network": NETWORK}
