"""Topic grid.complaints.v1, key complaint_id: the life of what a customer told us, as its sources tell it."""

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
# Lists that sources may extend: a value that is not on them is kept, and counts as `other`.
SaidCaseKind = Annotated[str, extensible(get_args(CaseKind))]
SaidCategory = Annotated[str, extensible(get_args(Category))]
SaidLevel = Annotated[str, extensible(get_args(Level))]
SaidChannel = Annotated[str, extensible(get_args(Channel))]
SaidPurpose = Annotated[str, extensible(get_args(Purpose))]
SaidRatedBy = Annotated[str, extensible(get_args(RatedBy))]


class ComplaintBase(Event):
    """The envelope of a complaint event."""

    complaint_id: Id = Field(description="The case, also the record's key.")


class Accepted(ComplaintBase):
    """The case was taken in; its clocks run from occurred_at."""

    event_type: Literal["accepted"] = Field(default="accepted", description="What is said.")
    case_kind: SaidCaseKind = Field(description="What it is; only a complaint counts in the complaint KPIs.")
    category: SaidCategory | None = Field(default=None, description="What it is about; null: not known.")
    level: SaidLevel | None = Field(default=None, description="How serious it is; null: not known.")
    channel: SaidChannel | None = Field(default=None, description="How it came in.")
    customer_ref: Id | None = Field(
        default=None, description="The customer, in the source's words; kept as a keyed hash only."
    )
    area: Id | None = Field(default=None, description="The customer's transformer area; null: not known.")


class Assigned(ComplaintBase):
    """A unit was given the case."""

    event_type: Literal["assigned"] = Field(default="assigned", description="What is said.")
    unit: Id = Field(description="The unit.")


class Returned(ComplaintBase):
    """The unit gave the case back."""

    event_type: Literal["returned"] = Field(default="returned", description="What is said.")
    reason: Text | None = Field(default=None, description="Why, as a code of the source.")


class Transferred(ComplaintBase):
    """Another unit has the case now; its clocks go on."""

    event_type: Literal["transferred"] = Field(default="transferred", description="What is said.")
    unit: Id = Field(description="The unit that has it now.")


class Forwarded(ComplaintBase):
    """The case was passed upwards, as major ones must be."""

    event_type: Literal["forwarded"] = Field(default="forwarded", description="What is said.")


class Contacted(ComplaintBase):
    """The customer was spoken to: the first time ends the contact clock."""

    event_type: Literal["contacted"] = Field(default="contacted", description="What is said.")
    purpose: SaidPurpose | None = Field(default=None, description="What for.")


class Replied(ComplaintBase):
    """The customer was told how the case is handled: the first time ends the reply clock."""

    event_type: Literal["replied"] = Field(default="replied", description="What is said.")


class Ruled(ComplaintBase):
    """It was found whether the company is responsible."""

    event_type: Literal["ruled"] = Field(default="ruled", description="What is said.")
    justified: bool = Field(description="Whether the complaint is justified (属实).")


class Linked(ComplaintBase):
    """What caused the case, or belongs to it; null undoes a link."""

    event_type: Literal["linked"] = Field(default="linked", description="What is said.")
    outage_id: Id | None = Field(default=None, description="The outage.")
    point_id: Id | None = Field(default=None, description="The voltage point.")
    area: Id | None = Field(default=None, description="The transformer area.")


class SurveySent(ComplaintBase):
    """The customer was asked for a rating."""

    event_type: Literal["survey_sent"] = Field(default="survey_sent", description="What is said.")


class Rated(ComplaintBase):
    """The customer judged the service."""

    event_type: Literal["rated"] = Field(default="rated", description="What is said.")
    score: Annotated[int, Field(ge=1, le=5)] = Field(description="1 = worst, 5 = best.")
    rated_by: SaidRatedBy | None = Field(default=None, description="How the rating was given.")


class Closed(ComplaintBase):
    """The case was closed, after the callback."""

    event_type: Literal["closed"] = Field(default="closed", description="What is said.")


class Reopened(ComplaintBase):
    """The customer was not content: the case is open again."""

    event_type: Literal["reopened"] = Field(default="reopened", description="What is said.")


class Withdrawn(ComplaintBase):
    """The customer took the case back."""

    event_type: Literal["withdrawn"] = Field(default="withdrawn", description="What is said.")


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
