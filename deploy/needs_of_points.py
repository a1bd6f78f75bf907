"""What each field of readings and of the network is for: one row a need, the first that matches a field is its."""

from typing import Final

from deploy.needed import (
    AREAS,
    ARRIVAL,
    BY_INTERVALS,
    BY_LIMITS,
    BY_WORKING_DAYS,
    CLOCKS,
    COMPLAINTS,
    COMPLIANCE,
    CONTACT,
    COVERAGE,
    COVERED,
    POINTS,
    REPLY,
    REQUIRED,
    SILENT,
    SLA,
    VOLTAGE,
    WEEKS,
    WHOLE_FAMILY,
    Need,
    clocks,
    per_customer,
    reading,
)

MEASURED: Final = (
    Need(("*.area", "*.point", "*.event_type"), VOLTAGE, REQUIRED, clocks("voltage")),
    Need(("*.source", "*.recorded_at"), VOLTAGE, f"{REQUIRED} They decide which value holds.", clocks("voltage")),
    Need(("*.revision",), VOLTAGE, "Of two values of one source the one recorded later holds.", clocks("voltage")),
    Need(
        ("*.phase",),
        VOLTAGE,
        "All values of the point are taken for one phase; three phases hide each other.",
        clocks("voltage"),
    ),
    Need(("daily_statistics.*",), (), "Findings only: without it `statistics_differ` cannot be found."),
    Need(
        ("reading.occurred_at", "reading.value_centivolts", "frame.start", "frame.values_centivolts"),
        VOLTAGE,
        f"{REQUIRED} A value of null covers nothing: coverage falls.",
        clocks("voltage"),
    ),
    Need(("frame.interval_seconds",), VOLTAGE, REQUIRED, clocks("voltage")),
    Need(
        ("reading.interval_seconds",),
        VOLTAGE,
        "The interval of the settings is taken: covers too long or too short.",
        clocks("voltage"),
    ),
    Need(
        ("*.value_kind", "*.stamp"),
        VOLTAGE,
        "The defaults are taken: covers may lie an interval beside.",
        clocks("voltage"),
    ),
    Need(("*.qualities",), VOLTAGE, "Every value counts as valid.", BY_LIMITS),
    Need(
        ("*.nominal_centivolts",),
        VOLTAGE,
        "The network's is taken; where that is not there either, values have no limits: excluded, `nominal_unknown`.",
        BY_LIMITS,
    ),
    Need(
        ("*.connection",),
        (*COMPLIANCE, *WEEKS, *POINTS),
        "Of a point that the network has its record decides. Of another: up to 250 V a single-phase supply, above it "
        "phase to phase.",
        BY_LIMITS,
    ),
)
NETWORK: Final = (
    Need(("*.record_type",), (), REQUIRED),
    Need(
        ("area.served.from", "area.served.customers"),
        per_customer(),
        'Undefined: "customers served unknown: area ...", for every scope the area is in. Days before its first figure '
        "are left out of the indices of these scopes; a new area that served nobody before says so with a figure of 0.",
    ),
    Need(
        ("area.area_type",),
        (*WHOLE_FAMILY["outages"], *ARRIVAL, *COMPLAINTS, *VOLTAGE),
        "Scopes of an area type lack it; its orders have no arrival limit, and on-time arrival leaves them out.",
        AREAS,
    ),
    Need(
        ("area.area", "area.region"),
        (*WHOLE_FAMILY["outages"], *WHOLE_FAMILY["repairs"], *WHOLE_FAMILY["complaints"], *VOLTAGE),
        "Cases of an area that is not in the network count in region `unknown`.",
        AREAS,
    ),
    Need(
        ("point.point", "point.area"),
        VOLTAGE,
        "A point that is not in the network gives the finding `point_not_in_network`, and is silent unnoticed.",
        BY_INTERVALS,
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
        BY_LIMITS,
    ),
    Need(
        ("point.transformer_ratio",),
        (*COMPLIANCE, *WEEKS),
        "The limits are those of the meter's own voltage level.",
        BY_LIMITS,
    ),
    Need(
        ("point.connection",),
        (*COMPLIANCE, *WEEKS, *POINTS),
        "Up to 250 V the limits are those of a single-phase supply (+7/-10 %), above it the voltage counts as one from "
        "phase to phase: 57.7 V behind a star-connected transformer of 35 kV is judged as 20 kV.",
        BY_LIMITS,
    ),
    Need(
        ("point.delivery_interval_seconds",),
        SILENT,
        "A point whose values come in batches is silent between them, and its clock breaks at each.",
        BY_INTERVALS,
    ),
    Need(("point.phases",), COVERED, "Only phases that were seen are expected."),
    Need(
        ("point.monitored_from",),
        COVERAGE,
        "Values are expected since the record's time stamp, or from the first one if that is earlier.",
    ),
    Need(
        ("policy.policy", "policy.valid_from", "policy.office_hours.*", "policy.cutoff", "policy.clocks.*"),
        (*SLA, *reading("arrivals_due"), *CONTACT, *REPLY),
        "The policy that comes with gridpulse holds.",
        CLOCKS,
    ),
    Need(
        ("calendar.*",),
        REPLY,
        "The lists of 2025 and 2026 that come with gridpulse hold; later days are provisional.",
        BY_WORKING_DAYS,
    ),
    Need(("region.*",), (), "The region is shown under its identity."),
    Need(("*",), (), "No KPI reads it yet."),
)
