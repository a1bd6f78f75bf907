"""Topic grid.repairs.v1, key work_order_id: the life of a work order as its sources tell it."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from schemas.event import Event, EventInstant, Id, Text, extensible

WorkType = Literal["repair", "reconnection", "rectification", "inspection", "other"]
Origin = Literal["call", "proactive", "other"]
# Lists that sources may extend: a value that is not on them is kept, and counts as `other`.
SaidWorkType = Annotated[str, extensible(get_args(WorkType))]
SaidOrigin = Annotated[str, extensible(get_args(Origin))]
Ids = Annotated[tuple[Id, ...], Field(strict=False, max_length=100)]  # Python code may pass a list


class OrderBase(Event):
    """The envelope of a work order event."""

    work_order_id: Id = Field(description="The work order, also the record's key.")


class Created(OrderBase):
    """The work order was opened; its clocks run from report_received_at."""

    event_type: Literal["created"] = Field(default="created", description="What is said.")
    report_received_at: EventInstant = Field(description="When the report came in: the begin of the arrival clock.")
    work_type: SaidWorkType = Field(description="What is to be done.")
    origin: SaidOrigin = Field(description="Whether a customer called or the company noticed first.")
    triggered_by: Ids | None = Field(default=None, description="Identities of the events or alarms that led to it.")
    outage_id: Id | None = Field(default=None, description="The outage it belongs to.")
    point_id: Id | None = Field(default=None, description="The voltage point it belongs to.")
    complaint_id: Id | None = Field(default=None, description="The complaint it belongs to.")
    area: Id | None = Field(default=None, description="The transformer area, which decides the arrival limit.")


class Dispatched(OrderBase):
    """A crew was given the order."""

    event_type: Literal["dispatched"] = Field(default="dispatched", description="What is said.")
    crew: Id = Field(description="The crew.")


class Accepted(OrderBase):
    """The crew took the order."""

    event_type: Literal["accepted"] = Field(default="accepted", description="What is said.")


class EnRoute(OrderBase):
    """The crew set out."""

    event_type: Literal["en_route"] = Field(default="en_route", description="What is said.")


class Arrived(OrderBase):
    """The crew reached the place: the end of the arrival clock, the first time it is said."""

    event_type: Literal["arrived"] = Field(default="arrived", description="What is said.")


class Waiting(OrderBase):
    """Work cannot go on."""

    event_type: Literal["waiting"] = Field(default="waiting", description="What is said.")
    reason: Text = Field(description="What is waited for, as a code of the source.")


class Resumed(OrderBase):
    """Work goes on after waiting."""

    event_type: Literal["resumed"] = Field(default="resumed", description="What is said.")


class FieldComplete(OrderBase):
    """The work on site is done; supply may still be off."""

    event_type: Literal["field_complete"] = Field(default="field_complete", description="What is said.")


class Returned(OrderBase):
    """The crew gave the order back (退单)."""

    event_type: Literal["returned"] = Field(default="returned", description="What is said.")
    reason: Text | None = Field(default=None, description="Why, as a code of the source.")


class Reassigned(OrderBase):
    """Another crew has the order now; its clocks go on."""

    event_type: Literal["reassigned"] = Field(default="reassigned", description="What is said.")
    crew: Id = Field(description="The crew that has it now.")


class Cancelled(OrderBase):
    """The order is not needed."""

    event_type: Literal["cancelled"] = Field(default="cancelled", description="What is said.")


class Closed(OrderBase):
    """The order's file was closed."""

    event_type: Literal["closed"] = Field(default="closed", description="What is said.")


class Rated(OrderBase):
    """The customer judged the service."""

    event_type: Literal["rated"] = Field(default="rated", description="What is said.")
    score: Annotated[int, Field(ge=1, le=5)] = Field(description="1 = worst, 5 = best.")


OrderEvent = Annotated[
    Created
    | Dispatched
    | Accepted
    | EnRoute
    | Arrived
    | Waiting
    | Resumed
    | FieldComplete
    | Returned
    | Reassigned
    | Cancelled
    | Closed
    | Rated,
    Field(discriminator="event_type"),
]
