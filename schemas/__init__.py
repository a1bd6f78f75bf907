"""The contracts: events on the input topics and records on the derived topics, and nothing else of gridpulse."""

from typing import Any, Final, NamedTuple

from schemas.case_summary import CaseSummary
from schemas.complaint import ComplaintEvent
from schemas.dead_letter import DeadLetter, DefectLetter, FindingLetter
from schemas.kpi_record import KpiRecord
from schemas.order import OrderEvent
from schemas.outage import OutageEvent
from schemas.partial_record import PartialRecord, SourceStatus
from schemas.policy import ReferenceRecord
from schemas.sla_breach import SlaBreach
from schemas.voltage import VoltageEvent


class Family(NamedTuple):
    """The contract of a topic: its kinds of record as one type, and their key."""

    name: str
    topic: str
    key: str
    union: Any
    description: str


EVENTS: Final = (
    Family("outages", "grid.outages.v1", "outage_id", OutageEvent, "The lifecycles of outages."),
    Family("repairs", "grid.repairs.v1", "work_order_id", OrderEvent, "The lifecycles of work orders."),
    Family(
        "complaints",
        "grid.complaints.v1",
        "complaint_id",
        ComplaintEvent,
        "The lifecycles of complaints and other cases.",
    ),
    Family("voltage", "grid.voltage-readings.v1", "area", VoltageEvent, "Measured voltages."),
    Family(
        "network",
        "grid.network.v1",
        "<record_type>/<id>, of a point point/<area>/<id>",
        ReferenceRecord,
        "Areas, points and customers served; the SLA policies, and the working calendars.",
    ),
)
RECORDS: Final = (
    Family("kpis", "grid.kpis.v1", "kpi|scope|dims|period", KpiRecord, "The KPI table."),
    Family(
        "cases",
        "grid.cases.v1",
        "<kind>/<case>, of a point point/<area>/<id>",
        CaseSummary,
        "The state of each open or recent case.",
    ),
    Family(
        "sla-breaches",
        "grid.sla-breaches.v1",
        "<clock>|<kind>/<case>|<cycle>",
        SlaBreach,
        "Clocks that are or were at risk or breached, one record per change of their status.",
    ),
    Family(
        "dead-letters",
        "grid.dead-letters.v1",
        "<topic>/<partition>/<offset>, finding/<kind>/<case>/<rule> or defect/<kind>/<case>",
        DeadLetter | DefectLetter | FindingLetter,
        "Headers of rejected records with their original value, and values of findings.",
    ),
    Family(
        "partials",
        "gridpulse.partials.v1",
        "cell or status",
        PartialRecord | SourceStatus,
        "The sums and the progress of each source partition; gridpulse.voltage-partials.v1 has the same.",
    ),
)
