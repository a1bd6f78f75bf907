"""Topic grid.sla-breaches.v1 (compacted), key `<clock>|<kind>/<case>|<cycle>`: the last announcement of a clock.

A clock is announced from its first warning or its breach on; after that every change of its status is one more record.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.complaint import CaseKind, Category, Level
from schemas.event import INTEGER_MAX, Id, Instant, Integer, Text
from schemas.network import AreaType, MonitoringClass
from schemas.order import WorkType
from schemas.outage import Kind
from schemas.point_key import CaseId
from schemas.record import Record
from schemas.voltage import Centivolts

CaseType = Literal["outage", "order", "complaint", "point"]
# All clocks; clocks of frequent outages and of bursts of complaints will come with their cases.
CaseClockId = Literal[
    "L1", "L2", "L3a", "L3b", "L5", "L6", "L7", "L8a", "L8b", "L9", "L11", "L11b", "L12", "L13", "L18", "L19", "L20",
    "L21",
]  # fmt: skip
PointClockId = Literal["L15a", "L15b", "L17"]
ClockId = Literal[CaseClockId, PointClockId]
ClockStatus = Literal["running", "paused", "at_risk", "breached", "met", "met_late", "void", "unproven"]
Severity = Literal["warning", "critical"]
Obligation = Literal["law", "commitment", "default"]
Percent = Annotated[int, Field(ge=0, le=100_000)]


class Evidence(Record):
    """The event that ended a clock."""

    fact: Text = Field(description="The fact by its name in the policy, such as arrived.")
    occurred_at: Instant = Field(description="When that happened.")
    event_id: Id | None = Field(
        description="The event; null where several events state it together, and of readings, which have no id."
    )
    source: Text | None = Field(description="The system that states it; null likewise.")


class AboutCase(Record):
    """The case of a clock, in its state at detected_at; each kind has only its own fields."""

    state: Text = Field(description="State, as in grid.cases.v1.")
    crew: Text | None = Field(default=None, description="Orders: the crew that has it.")
    work_type: WorkType | None = Field(default=None, description="Orders: type of work.")
    outage_kind: Kind | None = Field(default=None, description="Outages: kind of interruption.")
    customers_out: Integer | None = Field(default=None, description="Outages: customers without supply.")
    cause: Text | None = Field(default=None, description="Outages: cause code of the source.")
    case_kind: CaseKind | None = Field(default=None, description="Complaints: kind of customer case.")
    category: Category | None = Field(default=None, description="Complaints: category.")
    level: Level | None = Field(default=None, description="Complaints: level of seriousness.")
    unit: Text | None = Field(default=None, description="Complaints: the unit that has it.")
    monitoring_class: MonitoringClass | None = Field(default=None, description="Points: class of voltage monitoring.")
    nominal_centivolts: Centivolts | None = Field(default=None, description="Points: nominal voltage in 0.01 V.")
    value_centivolts: Centivolts | None = Field(
        default=None, description="Points: the value that held then, of several phases the worst."
    )


class SlaBreach(Record):
    """A clock that is or was at risk or breached; the last record of a key holds."""

    clock: ClockId = Field(description="The clock, by its name in the policy.")
    kind: CaseType = Field(description="Kind of case.")
    case: CaseId = Field(description="Identity of the case, as in its summary: of a point `<area>/<point>`.")
    cycle: Annotated[int, Field(ge=1, le=INTEGER_MAX)] = Field(
        description="Occurrence of the clock: the n-th interruption, dispatch, reopening or plan; of an estimate "
        "or a planned end 10,000 more for each version before it in the interruption; of a point the begin, in epoch "
        "seconds: a late value would change every number."
    )
    status: Literal[ClockStatus, "retracted"] = Field(
        description="at_risk and breached as they are reached; met, met_late, void, paused or running (warned of, and "
        "no longer at risk) after that; unproven: the case was closed without proof of the commitment: the deadline "
        "decides; retracted: a breach was announced, and late proof has undone it."
    )
    open: bool = Field(description="Whether the clock goes on: no fact has ended it yet.")
    level_percent: Percent | None = Field(
        description="The share of the limit that was passed: below 100 for a warning, 100 for a breach, more for an "
        "escalation; null where no level is passed."
    )
    started_at: Instant | None = Field(description="Begin of the clock; null: it is not known any more.")
    deadline_at: Instant | None = Field(
        description="The last instant that is on time, after which a breach begins; null while the clock is paused."
    )
    detected_at: Instant = Field(description="The read time at which the change was detected.")
    elapsed_permille: Integer | None = Field(
        description="Share of the limit that was used up at detected_at, or at the end; null where it has none."
    )
    severity: Severity = Field(description="Severity of a breach of this clock.")
    obligation: Obligation | None = Field(
        default=None, description="Who set the limit, as in the policy; null where the clock does not exist any more."
    )
    regions: tuple[Text, ...] = Field(strict=False, description="The regions concerned, sorted.")
    area_types: tuple[Literal[AreaType, "unknown"], ...] = Field(
        strict=False, description="The types of the areas concerned, sorted."
    )
    areas: tuple[Text, ...] = Field(strict=False, description="The transformer areas concerned, sorted.")
    about: Annotated[AboutCase, Field(strict=False)] = Field(description="The case in short.")
    stopped_by: Annotated[Evidence, Field(strict=False)] | None = Field(
        description="The fact that ended the clock; null while it is open."
    )
    policy: Text = Field(description="The version of the policy that set the limit.")
    policy_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] = Field(
        description="Hash of the content of that version, working calendar included."
    )
    provisional: bool = Field(description="Whether the deadline lies beyond the working calendar's validity.")
