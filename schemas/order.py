"""Topic grid.repairs.v1, key work_order_id: the lifecycle of a work order, as its sources state it."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from schemas.event import Event, EventInstant, Id, Text, extensible

WorkType = Literal["repair", "reconnection", "rectification", "inspection", "other"]
Origin = Literal["call", "proactive", "other"]
# Open enumerations: an unlisted value is kept, and counts as `other`.
OpenWorkType = Annotated[str, extensible(get_args(WorkType))]
OpenOrigin = Annotated[str, extensible(get_args(Origin))]
Ids = Annotated[tuple[Id, ...], Field(strict=False, max_length=100)]  # Python code may pass a list


class OrderBase(Event):
    """The envelope of a work order event."""

    work_order_id: Id = Field(description="The work order, also the record's key.")


class Created(OrderBase):
    """The work order was opened; its clocks run from report_received_at."""

    event_type: Literal["created"] = Field(default="created", description="Type of the event.")
    report_received_at: EventInstant = Field(description="When the report came in: the begin of the arrival clock.")
    work_type: OpenWorkType = Field(description="Type of work.")
    origin: OpenOrigin = Field(description="Whether a customer called or the company noticed first.")
    triggered_by: Ids | None = Field(default=None, description="Identities of the events or alarms that led to it.")
    outage_id: Id | None = Field(default=None, description="The outage it belongs to.")
    point_id: Id | None = Field(default=None, description="The voltage point it belongs to.")
    complaint_id: Id | None = Field(default=None, description="The complaint it belongs to.")
    area: Id | None = Field(default=None, description="The transformer area, which decides the arrival limit.")


class Dispatched(OrderBase):
    """A crew was given the order."""

    event_type: Literal["dispatched"] = Field(default="dispatched", description="Type of the event.")
    crew: Id = Field(description="The crew.")


class Accepted(OrderBase):
    """The crew took the order."""

    event_type: Literal["accepted"] = Field(default="accepted", description="Type of the event.")


class EnRoute(OrderBase):
    """The crew set out."""

    event_type: Literal["en_route"] = Field(default="en_route", description="Type of the event.")


class Arrived(OrderBase):
    """The crew reached the place: the first arrival ends the arrival clock."""

    event_type: Literal["arrived"] = Field(default="arrived", description="Type of the event.")


class Waiting(OrderBase):
    """Work cannot go on."""

    event_type: Literal["waiting"] = Field(default="waiting", description="Type of the event.")
    reason: Text = Field(description="Reason of waiting, as a code of the source.")


class Resumed(OrderBase):
    """Work goes on after waiting."""

    event_type: Literal["resumed"] = Field(default="resumed", description="Type of the event.")


class FieldComplete(OrderBase):
    """The work on site is done; supply may still be off."""

    event_type: Literal["field_complete"] = Field(default="field_complete", description="Type of the event.")


class Returned(OrderBase):
    """The crew gave the order back (退单)."""

    event_type: Literal["returned"] = Field(default="returned", description="Type of the event.")
    reason: Text | None = Field(default=None, description="Reason, as a code of the source.")


class Reassigned(OrderBase):
    """Another crew has the order now; its clocks go on."""

    event_type: Literal["reassigned"] = Field(default="reassigned", description="Type of the event.")
    crew: Id = Field(description="The crew that has it now.")


class Cancelled(OrderBase):
    """The order is not needed."""

    event_type: Literal["cancelled"] = Field(default="cancelled", description="Type of the event.")


class Closed(OrderBase):
    """The order's file was closed."""

    event_type: Literal["closed"] = Field(default="closed", description="Type of the event.")


class Rated(OrderBase):
    """The customer judged the service."""

    event_type: Literal["rated"] = Field(default="rated", description="Type of the event.")
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
