"""Topic grid.outages.v1, key outage_id: the lifecycle of an outage, as its sources state it."""

from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.event import TOTAL_MAX, Count, Event, EventInstant, Id, Part, Text, extensible

Kind = Literal["fault", "planned", "temporary", "load_shedding", "upstream", "customer_caused", "non_payment", "other"]
DetectedBy = Literal["meter", "switch", "call", "operator", "other"]
RestoredBy = Literal["switching", "generator", "repair", "other"]
About = Literal["fault", "etr", "restoration", "delay", "other"]
# Open enumerations: an unlisted value is kept, and counts as `other`.
OpenKind = Annotated[str, extensible(get_args(Kind))]
OpenDetectedBy = Annotated[str, extensible(get_args(DetectedBy))]
OpenRestoredBy = Annotated[str, extensible(get_args(RestoredBy))]
OpenAbout = Annotated[str, extensible(get_args(About))]
Cycle = Annotated[int, Field(ge=1, le=1000)]
AREAS_MAX: Final = 5000  # of one event, and so of the lists in a case and its summary


class AreaCount(Part):
    """How many customers of one transformer area are without supply."""

    area: Id | None = Field(description="Transformer area; null: not known.")
    customers: Count | None = Field(description="Customers interrupted; null: not known.")
    mv_users: Count | None = Field(default=None, description="Medium-voltage users among them.")
    residential: Count | None = Field(default=None, description="Residential customers among them.")
    important: Count | None = Field(default=None, description="Important customers among them.")


class Remaining(Part):
    """How many customers of one transformer area are still out after a change."""

    area: Id | None = Field(description="Transformer area; null: not known.")
    remaining: Count | None = Field(
        description="Customers still without supply afterwards; null: not known, the number before stays."
    )
    restored: Count | None = Field(
        default=None, description="Customers restored by this step; if it contradicts remaining, remaining holds."
    )


class Plan(Part):
    """The planned window, and when it was made public."""

    announced_at: EventInstant | None = Field(default=None, description="When the plan was made public to customers.")
    start: EventInstant = Field(description="Planned begin of the interruption.")
    end: EventInstant = Field(description="Planned end of the interruption, not before its start.")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("plan_end", "The plan ends before it starts")
        return self


def _possible(areas: tuple[AreaCount, ...]) -> tuple[AreaCount, ...]:
    return _checked(areas, sum(item.customers or 0 for item in areas))


def _possible_remaining(areas: tuple[Remaining, ...]) -> tuple[Remaining, ...]:
    return _checked(areas, sum(item.remaining or 0 for item in areas))


def _checked(areas: tuple[Any, ...], customers: int) -> tuple[Any, ...]:
    """Checks that each area is listed once, and that sums of the customers stay exact."""
    if len(areas) > 1 and len({item.area for item in areas}) < len(areas):
        raise PydanticCustomError("area_twice", "An area is listed twice")
    if customers > TOTAL_MAX:
        raise PydanticCustomError("total", "All areas together have more than {most} customers", {"most": TOTAL_MAX})
    return areas


# Not strict as containers, so that Python code may pass lists; JSON has arrays only. The items stay strict.
AreaCounts = Annotated[tuple[AreaCount, ...], Field(strict=False, max_length=AREAS_MAX), AfterValidator(_possible)]
SomeAreaCounts = Annotated[
    tuple[AreaCount, ...], Field(strict=False, min_length=1, max_length=AREAS_MAX), AfterValidator(_possible)
]
SomeRemaining = Annotated[
    tuple[Remaining, ...], Field(strict=False, min_length=1, max_length=AREAS_MAX), AfterValidator(_possible_remaining)
]


class OutageBase(Event):
    """The envelope of an outage event."""

    outage_id: Id = Field(description="The outage, also the record's key.")


class _Suspected(OutageBase):
    kind: OpenKind | None = Field(default=None, description="Kind of interruption; null: not known.")
    areas: AreaCounts | None = Field(default=None, description="Transformer areas concerned, with customers.")
    cause: Text | None = Field(default=None, description="Cause code of the source.")
    detected_by: OpenDetectedBy | None = Field(default=None, description="What detected it first.")
    detected_at: EventInstant | None = Field(default=None, description="When it was detected.")


class Predicted(_Suspected):
    """The source infers an outage; it counts in the numbers by state only."""

    event_type: Literal["predicted"] = Field(default="predicted", description="Type of the event.")


class Confirmed(_Suspected):
    """Someone or something confirmed a predicted outage; it counts in the numbers by state only."""

    event_type: Literal["confirmed"] = Field(default="confirmed", description="Type of the event.")


class _Intended(OutageBase):
    kind: OpenKind | None = Field(default=None, description="Kind of interruption; null: not known.")
    plan: Plan = Field(description="The planned window; a later event replaces it.")
    areas: AreaCounts | None = Field(default=None, description="Transformer areas concerned, with customers.")


class Scheduled(_Intended):
    """An interruption is planned, or its plan has changed."""

    event_type: Literal["scheduled"] = Field(default="scheduled", description="Type of the event.")


class Announced(_Intended):
    """The plan, or its change, was announced to the customers."""

    event_type: Literal["announced"] = Field(default="announced", description="Type of the event.")


class Started(OutageBase):
    """Supply was lost at occurred_at; a greater revision of the same cycle corrects it."""

    event_type: Literal["started"] = Field(default="started", description="Type of the event.")
    kind: OpenKind = Field(description="Kind of interruption.")
    cycle: Cycle = Field(default=1, description="1 = the interruption, 2 and more = interrupted again after a restore.")
    areas: AreaCounts | None = Field(default=None, description="Transformer areas concerned, with customers.")
    cause: Text | None = Field(default=None, description="Cause code of the source.")
    detected_by: OpenDetectedBy | None = Field(default=None, description="What detected it first.")
    detected_at: EventInstant | None = Field(default=None, description="When it was detected.")
    first_call_at: EventInstant | None = Field(default=None, description="When the first customer called.")
    plan: Plan | None = Field(default=None, description="The plan that this interruption carries out.")


class Extended(OutageBase):
    """From occurred_at on more customers are out: the number remaining per area afterwards."""

    event_type: Literal["extended"] = Field(default="extended", description="Type of the event.")
    areas: SomeRemaining = Field(description="Customers out per area, after it.")


class StepRestored(OutageBase):
    """At occurred_at a part of the customers was restored: the number remaining per area afterwards."""

    event_type: Literal["step_restored"] = Field(default="step_restored", description="Type of the event.")
    step: Id | None = Field(default=None, description="Identity of the step, so that it can be corrected.")
    areas: SomeRemaining = Field(description="Customers out per area, after it.")
    by: OpenRestoredBy = Field(description="How supply came back.")


class CountRevised(OutageBase):
    """Corrects the customers interrupted at the begin of a cycle: the whole list."""

    event_type: Literal["count_revised"] = Field(default="count_revised", description="Type of the event.")
    cycle: Cycle = Field(default=1, description="The cycle of the count.")
    areas: SomeAreaCounts = Field(
        description="Customers interrupted, every area of the cycle: the list replaces the one before."
    )


class Restored(OutageBase):
    """All customers of a cycle have supply again since occurred_at."""

    event_type: Literal["restored"] = Field(default="restored", description="Type of the event.")
    cycle: Cycle = Field(default=1, description="The cycle that ended.")


class Closed(OutageBase):
    """The outage's file was closed."""

    event_type: Literal["closed"] = Field(default="closed", description="Type of the event.")


class Cancelled(OutageBase):
    """There was, or will be, no interruption."""

    event_type: Literal["cancelled"] = Field(default="cancelled", description="Type of the event.")


class Merged(OutageBase):
    """The outage turned out to be part of another one."""

    event_type: Literal["merged"] = Field(default="merged", description="Type of the event.")
    into: Id = Field(description="The outage that goes on; not this outage.")

    @model_validator(mode="after")
    def _into_another(self) -> Self:
        if self.into == self.outage_id:
            raise PydanticCustomError("merged_into_itself", "An outage cannot be merged into itself")
        return self


class Split(OutageBase):
    """The outage turned out to be several outages."""

    event_type: Literal["split"] = Field(default="split", description="Type of the event.")
    into: Annotated[tuple[Id, ...], Field(strict=False, min_length=1, max_length=AREAS_MAX)] = Field(
        description="The outages it became."
    )


class InfoPublished(OutageBase):
    """The customers were informed at occurred_at."""

    event_type: Literal["info_published"] = Field(default="info_published", description="Type of the event.")
    about: OpenAbout = Field(description="Topic of the information.")


class Etr(OutageBase):
    """The estimated time of restoration from occurred_at on."""

    event_type: Literal["etr"] = Field(default="etr", description="Type of the event.")
    etr: EventInstant | None = Field(description="Estimated restoration; null: withdrawn, not known.")


OutageEvent = Annotated[
    Predicted
    | Confirmed
    | Scheduled
    | Announced
    | Started
    | Extended
    | CountRevised
    | StepRestored
    | Restored
    | Closed
    | Cancelled
    | Merged
    | Split
    | InfoPublished
    | Etr,
    Field(discriminator="event_type"),
]
