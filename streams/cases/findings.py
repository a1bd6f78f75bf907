"""The names of findings: contradictions and gaps in the facts of a case; docs/findings.md has the rule for each."""

from typing import Final

from streams.kpis.in_question import (
    AREA_UNKNOWN,
    CASE_FULL,
    CUSTOMERS_UNKNOWN,
    MERGED_AFTER_START,
    MORE_AFFECTED,
    MORE_RESTORED,
    REMAINING_AGAINST_EVENT,
    RESTORED_DISAGREES,
    SPLIT_WITHOUT_END,
)

END_BEFORE_START: Final = "end_before_start"
END_WITHOUT_START: Final = "end_without_start"
CYCLES_OVERLAP: Final = "cycles_overlap"
ENTRY_BEFORE_START: Final = "entry_before_start"
REMAINING_AFTER_END: Final = "remaining_after_end"
CLOSED_WITHOUT_RESTORATION: Final = "closed_without_restoration"
ARRIVAL_BEFORE_REPORT: Final = "arrival_before_report"
AREA_TYPE_UNKNOWN: Final = "area_type_unknown"
DISPATCH_NOTED_LATE: Final = "dispatch_noted_late"
CLOSED_WITHOUT_ARRIVAL: Final = "closed_without_arrival"
CLOSED_WITHOUT_REPLY: Final = "closed_without_reply"
FACT_AFTER_CLOSING: Final = "fact_after_closing"
STARTED_WITHOUT_PLAN: Final = "started_without_plan"
STARTED_BEFORE_PLAN: Final = "started_before_plan"
CLOSED_BEFORE_ACCEPTED: Final = "closed_before_accepted"
CONTACT_BEFORE_ACCEPTED: Final = "contact_before_accepted"
CALENDAR_NOT_LOADED: Final = "calendar_not_loaded"
VOLTAGE_SUSPECT: Final = "voltage_suspect"
NOMINAL_UNKNOWN: Final = "nominal_unknown"
POINT_NEVER_REPORTED: Final = "point_never_reported"
POINT_NOT_IN_NETWORK: Final = "point_not_in_network"
UNLISTED_VALUE: Final = "unlisted_value"
CREW_NOT_NAMED: Final = "crew_not_named"
STATISTICS_DIFFER: Final = "statistics_differ"

OUTAGE: Final = (
    END_BEFORE_START,
    END_WITHOUT_START,
    CYCLES_OVERLAP,
    ENTRY_BEFORE_START,
    REMAINING_AFTER_END,
    RESTORED_DISAGREES,
    MORE_RESTORED,
    REMAINING_AGAINST_EVENT,
    CLOSED_WITHOUT_RESTORATION,
    MERGED_AFTER_START,
    SPLIT_WITHOUT_END,
    AREA_UNKNOWN,
    CUSTOMERS_UNKNOWN,
    MORE_AFFECTED,
    STARTED_WITHOUT_PLAN,
    STARTED_BEFORE_PLAN,
)
ORDER: Final = (
    ARRIVAL_BEFORE_REPORT,
    AREA_TYPE_UNKNOWN,
    DISPATCH_NOTED_LATE,
    CLOSED_WITHOUT_ARRIVAL,
    CREW_NOT_NAMED,
)
COMPLAINT: Final = (CLOSED_BEFORE_ACCEPTED, CONTACT_BEFORE_ACCEPTED, CLOSED_WITHOUT_REPLY, CALENDAR_NOT_LOADED)
# By exponent: the suspect value is 10 to the power of it times the right one.
UNIT_ERRORS: Final = {
    -3: "voltage_1000x_low",
    -2: "voltage_100x_low",
    -1: "voltage_10x_low",
    1: "voltage_10x_high",
    2: "voltage_100x_high",
    3: "voltage_1000x_high",
}
POINT: Final = (
    NOMINAL_UNKNOWN,
    POINT_NEVER_REPORTED,
    POINT_NOT_IN_NETWORK,
    STATISTICS_DIFFER,
    VOLTAGE_SUSPECT,
    *UNIT_ERRORS.values(),
)
ANY: Final = (UNLISTED_VALUE, CASE_FULL, FACT_AFTER_CLOSING)
FINDINGS: Final = (*OUTAGE, *ORDER, *COMPLAINT, *POINT, *ANY)
