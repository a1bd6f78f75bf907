"""SLA policies and working calendars as data: records `policy` and `calendar` of grid.network.v1 (compacted).

A policy is a version of all clocks; for a case the version with the last `valid_from` up to its begin holds. A calendar
is a published list of working days; where several cover one day, the list with the greater name holds.
"""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.complaint import Category, Level
from schemas.event import Id, Part, Text
from schemas.network import Area, AreaType, Day, Feeder, NetworkBase, Point, Region, Station
from schemas.order import WorkType
from schemas.outage import Kind
from schemas.sla_breach import CaseType, ClockId, Obligation, Severity

Unit = Literal["minutes", "working_minutes", "working_days", "intervals"]
OrderFact = Literal[
    "report", "dispatched", "reassigned", "accepted", "en_route", "arrived", "field_complete", "returned", "cancelled",
    "closed",
]  # fmt: skip
OutageFact = Literal[
    "predicted", "confirmed", "scheduled", "notice", "known", "started", "restored", "etr_told", "info_fault",
    "info_etr", "info_restoration", "info_delay", "closed",
]  # fmt: skip
ComplaintFact = Literal[
    "accepted", "assigned", "transferred", "returned", "contacted", "forwarded", "replied", "closed", "reopened",
    "withdrawn",
]  # fmt: skip
PointFact = Literal["out", "within", "severe", "eased", "silent", "heard", "unknown"]
# The fact that begins a run of the values of a point, and the facts that may end it.
RUNS: dict[str, frozenset[str]] = {
    "out": frozenset({"within", "unknown"}),
    "severe": frozenset({"eased", "unknown"}),
    "silent": frozenset({"heard"}),
}
DueFact = Literal["etr", "plan_start", "plan_end"]
FACTS: dict[str, frozenset[str]] = {
    "order": frozenset(OrderFact.__args__),  # type: ignore[attr-defined]  # a Literal's values
    "outage": frozenset(OutageFact.__args__),  # type: ignore[attr-defined]  # as above
    "complaint": frozenset(ComplaintFact.__args__),  # type: ignore[attr-defined]  # as above
    "point": frozenset(PointFact.__args__),  # type: ignore[attr-defined]  # as above
}
TRAITS: dict[str, frozenset[str]] = {
    "order": frozenset({"area_type", "work_type"}),
    "outage": frozenset({"area_type", "outage_kind", "important"}),
    "complaint": frozenset({"area_type", "category", "level"}),
    "point": frozenset({"area_type"}),
}
Fact = OrderFact | OutageFact | ComplaintFact | PointFact
Facts = Annotated[tuple[Fact, ...], Field(strict=False)]
Percents = Annotated[tuple[Annotated[int, Field(ge=1, le=100_000)], ...], Field(strict=False)]
LocalTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
MINUTES_MAX = 366 * 24 * 60
WORKING_DAYS_MAX = 100
BREACH_PERCENT = 100


class Limit(Part):
    """The limit of a clock, for cases with the given traits; without traits for all cases."""

    limit: Annotated[int, Field(ge=-MINUTES_MAX, le=MINUTES_MAX)] = Field(
        description="In the clock's unit; with `due`, minutes after that instant, negative before it."
    )
    area_type: Annotated[tuple[AreaType, ...], Field(strict=False)] | None = Field(
        default=None, description="Types of the area; an unknown type matches none."
    )
    work_type: Annotated[tuple[WorkType, ...], Field(strict=False)] | None = Field(
        default=None, description="Orders: type of work."
    )
    outage_kind: Annotated[tuple[Kind, ...], Field(strict=False)] | None = Field(
        default=None, description="Outages: kind of interruption."
    )
    important: bool | None = Field(default=None, description="Outages: whether important customers are among them.")
    category: Annotated[tuple[Category, ...], Field(strict=False)] | None = Field(
        default=None, description="Complaints: category."
    )
    level: Annotated[tuple[Level, ...], Field(strict=False)] | None = Field(
        default=None, description="Complaints: level of seriousness."
    )

    @property
    def traits(self) -> frozenset[str]:
        """The traits of a case that it requires."""
        return frozenset(self.model_fields_set & frozenset().union(*TRAITS.values()))


class ClockRule(Part):
    """One clock: its facts, its limits, its warnings and escalations."""

    clock: ClockId = Field(description="Name of the clock.")
    kind: CaseType = Field(description="Kind of case.")
    start: Annotated[Facts, Field(min_length=1)] = Field(description="The first of these facts begins the clock.")
    each: bool = Field(
        default=False,
        description="Each start fact begins a run of its own, which the next start fact ends; else the first counts.",
    )
    stop: Annotated[Facts, Field(min_length=1)] = Field(description="The first of these facts meets the commitment.")
    void: Facts = Field(
        default=(), description="These facts void the clock up to the deadline; after it they only end the clock."
    )
    due: DueFact | None = Field(
        default=None,
        description="The named instant from which the limit counts. Each version in force at its own instant is a "
        "commitment; of the begin of a plan the version in force when the interruption began.",
    )
    early: bool = Field(
        default=False,
        description="With `due` plan_start: a stop before the deadline is the breach, not a stop after it.",
    )
    unit: Unit = Field(
        default="minutes",
        description="Minutes of the clock, minutes within office hours, whole working days after the first, or, of "
        "points, intervals between readings.",
    )
    limits: Annotated[tuple[Limit, ...], Field(strict=False, min_length=1)] = Field(
        description="The first limit that fits a case holds, of several areas the strictest; a case that fits none has "
        "no such clock."
    )
    grace_minutes: Annotated[int, Field(ge=0, le=MINUTES_MAX)] = Field(
        default=0, description="Added to the limit; only with unit minutes."
    )
    warn_percent: Annotated[Percents, Field(max_length=2)] = Field(
        default=(75, 90), description="Shares of the limit at which it is at risk, ascending, below 100."
    )
    warn_minutes_before: Annotated[int, Field(ge=1, le=MINUTES_MAX)] | None = Field(
        default=None, description="Instead of warn_percent: at risk from so many minutes before the deadline."
    )
    escalate_percent: Percents = Field(
        default=(200,), description="Shares of the limit at which a breach is announced again, ascending, above 100."
    )
    pause_reasons: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        default=(), description="Orders: reasons of `waiting` for which the clock pauses until `resumed`."
    )
    severity: Severity = Field(description="Severity of a breach.")
    obligation: Obligation = Field(
        default="default",
        description="Who set the limit: a law or a national standard, the company to its customers, or gridpulse by "
        "default.",
    )
    source: Text = Field(description="The document of the commitment.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        unknown = sorted({*self.start, *self.stop, *self.void} - FACTS[self.kind])
        if unknown:
            raise _wrong("No {kind} has the fact {what}", kind=self.kind, what=", ".join(unknown))
        traits = sorted(frozenset().union(*(limit.traits for limit in self.limits)) - TRAITS[self.kind])
        if traits:
            raise _wrong("The limits of {kind}s cannot depend on {what}", kind=self.kind, what=", ".join(traits))
        self._check_due()
        if self.unit == "working_days" and any(limit.limit > WORKING_DAYS_MAX for limit in self.limits):
            raise _wrong("A limit in working days is at most {most}", most=str(WORKING_DAYS_MAX))
        if self.pause_reasons and (self.kind != "order" or self.due is not None):
            raise _wrong("Only orders wait, and a named instant does not move for it")
        if self.unit != "minutes" and self.grace_minutes:
            raise _wrong("`grace_minutes` belongs to the unit minutes")
        if (self.unit == "intervals" and self.kind != "point") or (self.kind == "point" and "working" in self.unit):
            raise _wrong("Only points have intervals, and they have no office hours")
        if self.kind == "point":
            self._check_run()
        self._check_levels()
        return self

    def _check_due(self) -> None:
        if self.due is not None and (self.kind != "outage" or self.unit != "minutes"):
            raise _wrong("`due` is for outages, in minutes")
        if self.early and (self.due != "plan_start" or self.stop != ("started",)):
            raise _wrong("`early` is for `due` plan_start, stopped by started")
        if self.due is None and any(limit.limit < 1 for limit in self.limits):
            raise _wrong("Without `due` a limit is at least 1")

    def _check_run(self) -> None:
        """A clock of a point is a run of its values, so every fact that ends the run must end the clock."""
        ends = RUNS.get(self.start[0]) if len(self.start) == 1 else None
        if ends is None:
            raise _wrong("A clock of a point starts with one of {what}", what=", ".join(RUNS))
        missing = sorted(ends - {*self.stop, *self.void})
        if missing:
            raise _wrong(
                "A clock that starts with {start} needs {what} in stop or void, too",
                start=self.start[0],
                what=", ".join(missing),
            )
        if self.unit == "intervals" and self.start[0] != "silent":
            raise _wrong("Only a silence is measured in intervals")

    def _check_levels(self) -> None:
        for levels in (self.warn_percent, self.escalate_percent):
            if any(first >= second for first, second in pairwise(levels)):
                raise _wrong("Levels ascend")
        if self.warn_percent and self.warn_percent[-1] >= BREACH_PERCENT:
            raise _wrong("A warning comes before 100 %")
        if self.escalate_percent and self.escalate_percent[0] <= BREACH_PERCENT:
            raise _wrong("An escalation comes after 100 %")


class OfficeHours(Part):
    """A part of a working day."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    begin: LocalTime = Field(alias="from", description="Its first minute, local time.")
    end: LocalTime = Field(alias="to", description="Its end, local time, after the begin.")


class Policy(NetworkBase):
    """A version of the SLA policy: all clocks."""

    record_type: Literal["policy"] = Field(default="policy", description="Type of the record.")
    policy: Id = Field(description="Name of the version.")
    valid_from: Day = Field(description="First local day on which cases of this version begin.")
    office_hours: Annotated[tuple[OfficeHours, ...], Field(strict=False, min_length=1)] = Field(
        description="The hours of a working day, in their order; the time between them is no working time."
    )
    cutoff: LocalTime | None = Field(
        default=None, description="A clock that begins later in the day has the next day as its day 0; null: no cutoff."
    )
    clocks: Annotated[tuple[ClockRule, ...], Field(strict=False)] = Field(description="All clocks.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        hours = [instant for part in self.office_hours for instant in (part.begin, part.end)]
        if any(first >= second for first, second in pairwise(hours)):
            raise _wrong("Office hours follow each other")
        if len({rule.clock for rule in self.clocks}) < len(self.clocks):
            raise _wrong("A clock is described twice")
        return self


class DaySpan(Part):
    """Days in a row, both ends included."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    first: Day = Field(alias="from", description="The first day.")
    last: Day = Field(alias="to", description="The last day, not before the first.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise _wrong("A span ends before it begins")
        return self


class WorkingCalendar(NetworkBase):
    """A published list: within its validity all exceptions from Monday to Friday."""

    record_type: Literal["calendar"] = Field(default="calendar", description="Type of the record.")
    calendar: Id = Field(description="Name of the list.")
    valid_from: Day = Field(description="First day that it covers.")
    valid_to: Day = Field(description="Last day that it covers.")
    off: Annotated[tuple[DaySpan, ...], Field(strict=False)] = Field(default=(), description="Days off.")
    working: Annotated[tuple[Day, ...], Field(strict=False)] = Field(default=(), description="Weekend days worked.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if date.fromisoformat(self.valid_to) < date.fromisoformat(self.valid_from):
            raise _wrong("The list ends before it begins")
        return self


ReferenceRecord = Annotated[
    Region | Station | Feeder | Area | Point | Policy | WorkingCalendar, Field(discriminator="record_type")
]


def _wrong(why: str, **facts: str) -> PydanticCustomError:
    return PydanticCustomError("policy", why, facts)
