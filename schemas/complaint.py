"""Topic grid.complaints.v1, key complaint_id: the lifecycle of a customer case, as its sources state it."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from schemas.event import Event, Id, Text, extensible

CaseKind = Literal[
    "complaint",
    "fault_report",
    "report",
    "enquiry",
    "suggestion",
    "service_request",
    "praise",
    "other",
]  # 投诉 故障报修 举报 咨询 意见建议 服务申请 表扬
Category = Literal["service", "business", "outage", "supply_quality", "grid_construction", "other"]
Level = Literal["special", "major", "important", "general", "other"]
Channel = Literal["phone", "app", "web", "counter", "regulator", "media", "other"]
Purpose = Literal["first_contact", "investigation", "progress", "callback", "other"]
RatedBy = Literal["survey", "callback", "counter", "other"]
# Open enumerations: an unlisted value is kept, and counts as `other`.
OpenCaseKind = Annotated[str, extensible(get_args(CaseKind))]
OpenCategory = Annotated[str, extensible(get_args(Category))]
OpenLevel = Annotated[str, extensible(get_args(Level))]
OpenChannel = Annotated[str, extensible(get_args(Channel))]
OpenPurpose = Annotated[str, extensible(get_args(Purpose))]
OpenRatedBy = Annotated[str, extensible(get_args(RatedBy))]


class ComplaintBase(Event):
    """The envelope of a complaint event."""

    complaint_id: Id = Field(description="The case, also the record's key.")


class Accepted(ComplaintBase):
    """The case was taken in; its clocks run from occurred_at."""

    event_type: Literal["accepted"] = Field(default="accepted", description="Type of the event.")
    case_kind: OpenCaseKind = Field(description="Kind of customer case; only a complaint counts in the complaint KPIs.")
    category: OpenCategory | None = Field(default=None, description="Category; null: not known.")
    level: OpenLevel | None = Field(default=None, description="Level of seriousness; null: not known.")
    channel: OpenChannel | None = Field(default=None, description="Channel by which it was received.")
    customer_ref: Id | None = Field(
        default=None, description="The customer, in the source's words; kept as a keyed hash only."
    )
    area: Id | None = Field(default=None, description="The customer's transformer area; null: not known.")


class Assigned(ComplaintBase):
    """A unit was given the case."""

    event_type: Literal["assigned"] = Field(default="assigned", description="Type of the event.")
    unit: Id = Field(description="The unit.")


class Returned(ComplaintBase):
    """The unit gave the case back."""

    event_type: Literal["returned"] = Field(default="returned", description="Type of the event.")
    reason: Text | None = Field(default=None, description="Reason, as a code of the source.")


class Transferred(ComplaintBase):
    """Another unit has the case now; its clocks go on."""

    event_type: Literal["transferred"] = Field(default="transferred", description="Type of the event.")
    unit: Id = Field(description="The unit that has it now.")


class Forwarded(ComplaintBase):
    """The case was escalated, as major cases must be."""

    event_type: Literal["forwarded"] = Field(default="forwarded", description="Type of the event.")


class Contacted(ComplaintBase):
    """The customer was contacted: the first contact ends the contact clock."""

    event_type: Literal["contacted"] = Field(default="contacted", description="Type of the event.")
    purpose: OpenPurpose | None = Field(default=None, description="Purpose of the contact.")


class Replied(ComplaintBase):
    """The customer got a reply: the first reply ends the reply clock."""

    event_type: Literal["replied"] = Field(default="replied", description="Type of the event.")


class Ruled(ComplaintBase):
    """It was decided whether the complaint is justified."""

    event_type: Literal["ruled"] = Field(default="ruled", description="Type of the event.")
    justified: bool = Field(description="Whether the complaint is justified (属实).")


class Linked(ComplaintBase):
    """Links to the cause of the case, or to related objects; null undoes a link."""

    event_type: Literal["linked"] = Field(default="linked", description="Type of the event.")
    outage_id: Id | None = Field(default=None, description="The outage.")
    point_id: Id | None = Field(default=None, description="The voltage point.")
    area: Id | None = Field(default=None, description="The transformer area.")


class SurveySent(ComplaintBase):
    """The customer was asked for a rating."""

    event_type: Literal["survey_sent"] = Field(default="survey_sent", description="Type of the event.")


class Rated(ComplaintBase):
    """The customer judged the service."""

    event_type: Literal["rated"] = Field(default="rated", description="Type of the event.")
    score: Annotated[int, Field(ge=1, le=5)] = Field(description="1 = worst, 5 = best.")
    rated_by: OpenRatedBy | None = Field(default=None, description="How the rating was given.")


class Closed(ComplaintBase):
    """The case was closed, after the callback."""

    event_type: Literal["closed"] = Field(default="closed", description="Type of the event.")


class Reopened(ComplaintBase):
    """The customer was not satisfied: the case is open again."""

    event_type: Literal["reopened"] = Field(default="reopened", description="Type of the event.")


class Withdrawn(ComplaintBase):
    """The customer withdrew the case."""

    event_type: Literal["withdrawn"] = Field(default="withdrawn", description="Type of the event.")


ComplaintEvent = Annotated[
    Accepted
    | Assigned
    | Returned
    | Transferred
    | Forwarded
    | Contacted
    | Replied
    | Ruled
    | Linked
    | SurveySent
    | Rated
    | Closed
    | Reopened
    | Withdrawn,
    Field(discriminator="event_type"),
]
