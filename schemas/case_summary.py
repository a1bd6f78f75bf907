"""Topic grid.cases.v1 (compacted), key `<kind>/<case>`: the state of a case, so that lists add up to their totals."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.complaint import CaseKind, Category, Level
from schemas.event import Instant, Integer, Text
from schemas.network import AreaType, MonitoringClass
from schemas.order import WorkType
from schemas.outage import Kind, Plan
from schemas.point_key import CaseId
from schemas.record import Record, Signed
from schemas.sla_breach import ClockId, ClockStatus, Obligation, Percent, Severity
from schemas.voltage import Centivolts


class Contributed(Record):
    """The contribution of a case to a measure of a cell of scope `all`: amount + per_second * (t - as_of) at t."""

    day: Annotated[str, Field(pattern=r"^(now|\d{4}-(W\d\d|\d\d(-\d\d)?)|last30d)$")] = Field(
        description="now, a local date, or, of a measure per period, a week, a month or last30d."
    )
    measure: Text = Field(description="Measure, as in gridpulse.partials.v1.")
    amount: Signed = Field(description="Its amount at as_of.")
    per_second: Signed = Field(description="Its growth per second, until the next summary.")


class ClockState(Record):
    """A clock of a case that has begun, as in grid.sla-breaches.v1, also if it was never at risk."""

    clock: ClockId = Field(description="The clock.")
    cycle: Integer = Field(description="Occurrence number of the clock.")
    status: ClockStatus = Field(description="Its status.")
    open: bool = Field(description="Whether no fact has ended it yet.")
    level_percent: Percent | None = Field(description="The share of the limit that was passed last, as announced.")
    started_at: Instant = Field(description="Begin of the clock.")
    deadline_at: Instant | None = Field(description="The last instant that is on time; null while it is paused.")
    ended_at: Instant | None = Field(description="When a fact ended it.")
    severity: Severity = Field(description="Severity of a breach.")
    obligation: Obligation = Field(default="default", description="Who set the limit, as in the policy.")
    provisional: bool = Field(description="Whether the deadline lies beyond the working calendar's validity.")


class CaseSummary(Record):
    """An open or recent case with its clocks, or a voltage point that is out, late, or has a finding.

    Each kind has only its own fields.
    """

    case: CaseId = Field(
        description="Identity of the case: outage_id, work_order_id, complaint_id, or `<area>/<point>` of a point, "
        "where `%`, `/`, `|` and control characters of both are percent-quoted."
    )
    kind: Literal["outage", "order", "complaint", "point"] = Field(description="Kind of case.")
    state: Text = Field(description="State, as in the KPIs by state.")
    open: bool = Field(description="Whether it is counted as open now.")
    outage_kind: Kind | None = Field(default=None, description="Outages: kind of interruption.")
    work_type: WorkType | None = Field(default=None, description="Orders: type of work.")
    regions: tuple[Text, ...] = Field(strict=False, description="The regions concerned, sorted.")
    areas: tuple[Text, ...] = Field(strict=False, description="The transformer areas concerned, sorted.")
    area_types: tuple[Literal[AreaType, "unknown"], ...] = Field(
        default=(), strict=False, description="The types of these areas, sorted."
    )
    started_at: Instant | None = Field(default=None, description="Outages: begin of the interruption.")
    restored_at: Instant | None = Field(default=None, description="Outages: full restoration.")
    customers_out: Integer | None = Field(default=None, description="Outages: customers without supply at as_of.")
    customer_seconds_out: Integer | None = Field(
        default=None,
        description="Outages: customer-seconds without supply up to as_of; grows by customers_out a second.",
    )
    plan: Annotated[Plan, Field(strict=False)] | None = Field(default=None, description="Outages: the plan in force.")
    etr: Instant | None = Field(default=None, description="Outages: estimated restoration.")
    cause: Text | None = Field(default=None, description="Outages: cause code of the source.")
    crew: Text | None = Field(default=None, description="Orders: the crew that has it.")
    report_received_at: Instant | None = Field(default=None, description="Orders: begin of the arrival clock.")
    arrived_at: Instant | None = Field(default=None, description="Orders: first arrival.")
    deadline_at: Instant | None = Field(default=None, description="Orders: the last instant that is on time.")
    case_kind: CaseKind | None = Field(default=None, description="Complaints: kind of customer case.")
    category: Category | None = Field(default=None, description="Complaints: category.")
    level: Level | None = Field(default=None, description="Complaints: level of seriousness.")
    customer: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = Field(
        default=None, description="Complaints: pseudonym of the customer (keyed hash); null where there is no key."
    )
    accepted_at: Instant | None = Field(default=None, description="Complaints: begin of both clocks.")
    contacted_at: Instant | None = Field(default=None, description="Complaints: first contact, a reply included.")
    replied_at: Instant | None = Field(default=None, description="Complaints: first reply; a closing is none.")
    closed_at: Instant | None = Field(default=None, description="Complaints: the current closing, while closed.")
    contact_deadline_at: Instant | None = Field(
        default=None, description="Complaints: the last instant at which a contact is on time."
    )
    reply_deadline_at: Instant | None = Field(
        default=None, description="Complaints: the last instant at which a reply is on time."
    )
    unit: Text | None = Field(default=None, description="Complaints: the unit that has it.")
    monitoring_class: MonitoringClass | None = Field(
        default=None, description="Points: class of voltage monitoring; null where the network does not have the point."
    )
    nominal_centivolts: Centivolts | None = Field(
        default=None, description="Points: nominal voltage on the meter's side in 0.01 V."
    )
    low_centivolts: Centivolts | None = Field(
        default=None, description="Points: the lowest value within limits; null where the limits are set for each day."
    )
    high_centivolts: Centivolts | None = Field(default=None, description="Points: the highest value within limits.")
    value_centivolts: Centivolts | None = Field(
        default=None, description="Points: the value that holds at as_of, of several phases the worst."
    )
    clocks: tuple[Annotated[ClockState, Field(strict=False)], ...] = Field(
        default=(),
        strict=False,
        description="The clocks of the policy that have begun; of a point only open clocks.",
    )
    findings: tuple[Text, ...] = Field(strict=False, description="Rules that its facts violate, sorted.")
    contributes: tuple[Annotated[Contributed, Field(strict=False)], ...] = Field(
        default=(),
        strict=False,
        description="All its contributions to scope all but distributions (*_minutes): the numerators are their sums. "
        "Of a point only its contributions to now.",
    )
    as_of: Instant = Field(description="The read time at which this was true.")
