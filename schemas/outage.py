"""Topic grid.outages.v1, key outage_id: the life of an outage as its sources tell it."""

from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.event import TOTAL_MAX, Count, Event, EventInstant, Id, Part, Text, extensible

Kind = Literal["fault", "planned", "temporary", "load_shedding", "upstream", "customer_caused", "non_payment", "other"]
DetectedBy = Literal["meter", "switch", "call", "operator", "other"]
RestoredBy = Literal["switching", "generator", "repair", "other"]
About = Literal["fault", "etr", "restoration", "delay", "other"]
# Lists that sources may extend: a value that is not on them is kept, and counts as `other`.
SaidKind = Annotated[str, extensible(get_args(Kind))]
SaidDetectedBy = Annotated[str, extensible(get_args(DetectedBy))]
SaidRestoredBy = Annotated[str, extensible(get_args(RestoredBy))]
SaidAbout = Annotated[str, extensible(get_args(About))]
Cycle = Annotated[int, Field(ge=1, le=1000)]
AREAS_MAX: Final = 5000  # of one event, and so of the lists that a case keeps and its summary names


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
        description="Customers still without supply afterwards; null: not known, the number before stands."
    )
    restored: Count | None = Field(
        default=None, description="Customers that got supply back by this step; where the two disagree, remaining wins."
    )


class Plan(Part):
    """What was announced: the window, and when it was made public."""

    announced_at: EventInstant | None = Field(default=None, description="When the customers were told.")
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
    """Each area once, and no more customers than sums of them stay exact for."""
    if len(areas) > 1 and len({item.area for item in areas}) < len(areas):
        raise PydanticCustomError("area_twice", "An area is listed twice")
    if customers > TOTAL_MAX:
        raise PydanticCustomError("total", "All areas together have more than {most} customers", {"most": TOTAL_MAX})
    return areas


# Not strict as containers, so that Python code may pass lists; JSON knows arrays only. What is inside stays strict.
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
    kind: SaidKind | None = Field(default=None, description="What kind of interruption; null: not known.")
    areas: AreaCounts | None = Field(default=None, description="Transformer areas concerned, with customers.")
    cause: Text | None = Field(default=None, description="Cause code of the source.")
    detected_by: SaidDetectedBy | None = Field(default=None, description="What noticed it first.")
    detected_at: EventInstant | None = Field(default=None, description="When it was noticed.")


class Predicted(_Suspected):
    """The source infers an outage; it counts in the numbers by state only."""

    event_type: Literal["predicted"] = Field(default="predicted", description="What is said.")


class Confirmed(_Suspected):
    """Someone or something confirmed a predicted outage; it counts in the numbers by state only."""

    event_type: Literal["confirmed"] = Field(default="confirmed", description="What is said.")


class _Intended(OutageBase):
    kind: SaidKind | None = Field(default=None, description="What kind of interruption; null: not known.")
    plan: Plan = Field(description="The window as it stands now; a later event replaces it.")
    areas: AreaCounts | None = Field(default=None, description="Transformer areas concerned, with customers.")


class Scheduled(_Intended):
    """An interruption is planned, or its plan has changed."""

    event_type: Literal["scheduled"] = Field(default="scheduled", description="What is said.")


class Announced(_Intended):
    """The customers were told of the plan, or of its change."""

    event_type: Literal["announced"] = Field(default="announced", description="What is said.")


class Started(OutageBase):
    """Supply was lost at occurred_at; a greater revision of the same cycle corrects it."""

    event_type: Literal["started"] = Field(default="started", description="What is said.")
    kind: SaidKind = Field(description="What kind of interruption.")
    cycle: Cycle = Field(default=1, description="1 = the interruption, 2 and more = interrupted again after a restore.")
    areas: AreaCounts | None = Field(default=None, description="Transformer areas concerned, with customers.")
    cause: Text | None = Field(default=None, description="Cause code of the source.")
    detected_by: SaidDetectedBy | None = Field(default=None, description="What noticed it first.")
    detected_at: EventInstant | None = Field(default=None, description="When it was noticed.")
    first_call_at: EventInstant | None = Field(default=None, description="When the first customer called.")
    plan: Plan | None = Field(default=None, description="The plan that this interruption carries out.")


class Extended(OutageBase):
    """From occurred_at on more customers are out: the number remaining per area afterwards."""

    event_type: Literal["extended"] = Field(default="extended", description="What is said.")
    areas: SomeRemaining = Field(description="Customers out per area, after it.")


class StepRestored(OutageBase):
    """At occurred_at a part of the customers got supply back: the number remaining per area afterwards."""

    event_type: Literal["step_restored"] = Field(default="step_restored", description="What is said.")
    step: Id | None = Field(default=None, description="Identity of the step, so that it can be corrected.")
    areas: SomeRemaining = Field(description="Customers out per area, after it.")
    by: SaidRestoredBy = Field(description="How supply came back.")


class CountRevised(OutageBase):
    """The customers interrupted at the begin of a cycle are other than said before: the whole list, in its place."""

    event_type: Literal["count_revised"] = Field(default="count_revised", description="What is said.")
    cycle: Cycle = Field(default=1, description="The cycle whose initial count it is.")
    areas: SomeAreaCounts = Field(
        description="Customers interrupted, every area of the cycle: the list replaces the one before."
    )


class Restored(OutageBase):
    """All customers of a cycle have supply again since occurred_at."""

    event_type: Literal["restored"] = Field(default="restored", description="What is said.")
    cycle: Cycle = Field(default=1, description="The cycle that ended.")


class Closed(OutageBase):
    """The outage's file was closed."""

    event_type: Literal["closed"] = Field(default="closed", description="What is said.")


class Cancelled(OutageBase):
    """There was, or will be, no interruption."""

    event_type: Literal["cancelled"] = Field(default="cancelled", description="What is said.")


class Merged(OutageBase):
    """The outage turned out to be part of another one."""

    event_type: Literal["merged"] = Field(default="merged", description="What is said.")
    into: Id = Field(description="The outage that goes on, another than this.")

    @model_validator(mode="after")
    def _into_another(self) -> Self:
        if self.into == self.outage_id:
            raise PydanticCustomError("merged_into_itself", "An outage cannot be merged into itself")
        return self


class Split(OutageBase):
    """The outage turned out to be several."""

    event_type: Literal["split"] = Field(default="split", description="What is said.")
    into: Annotated[tuple[Id, ...], Field(strict=False, min_length=1, max_length=AREAS_MAX)] = Field(
        description="The outages it became."
    )


class InfoPublished(OutageBase):
    """The customers were informed at occurred_at."""

    event_type: Literal["info_published"] = Field(default="info_published", description="What is said.")
    about: SaidAbout = Field(description="What the customers were told about.")


class Etr(OutageBase):
    """The estimated time of restoration as it stands since occurred_at."""

    event_type: Literal["etr"] = Field(default="etr", description="What is said.")
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
