"""Topic grid.cases.v1 (compacted), key `<kind>/<case>`: where a case stands, so that lists add up to their totals."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.event import Id, Instant, Integer, Text
from schemas.order import WorkType
from schemas.outage import Kind, Plan
from schemas.record import Record


class CaseSummary(Record):
    """An open or recent case with its clocks; of each kind of case only its own fields are there."""

    case: Id = Field(description="Identity of the case: outage_id or work_order_id.")
    kind: Literal["outage", "order"] = Field(description="Kind of case.")
    state: Text = Field(description="State, as in the KPIs by state.")
    open: bool = Field(description="Whether it is counted as open now.")
    outage_kind: Kind | None = Field(default=None, description="Outages: what kind of interruption.")
    work_type: WorkType | None = Field(default=None, description="Orders: what is to be done.")
    regions: tuple[Text, ...] = Field(strict=False, description="The regions concerned, sorted.")
    areas: tuple[Text, ...] = Field(strict=False, description="The transformer areas concerned, sorted.")
    started_at: Instant | None = Field(default=None, description="Outages: begin of the interruption.")
    restored_at: Instant | None = Field(default=None, description="Outages: full restoration.")
    customers_out: Integer | None = Field(default=None, description="Outages: customers without supply at as_of.")
    customer_seconds_out: Integer | None = Field(
        default=None,
        description="Outages: customer-seconds without supply up to as_of; grows by customers_out a second.",
    )
    plan: Annotated[Plan, Field(strict=False)] | None = Field(
        default=None, description="Outages: the plan as it stands."
    )
    etr: Instant | None = Field(default=None, description="Outages: estimated restoration.")
    cause: Text | None = Field(default=None, description="Outages: cause code of the source.")
    crew: Text | None = Field(default=None, description="Orders: the crew that has it.")
    report_received_at: Instant | None = Field(default=None, description="Orders: begin of the arrival clock.")
    arrived_at: Instant | None = Field(default=None, description="Orders: first arrival.")
    deadline_at: Instant | None = Field(default=None, description="Orders: the last instant that is on time.")
    findings: tuple[Text, ...] = Field(strict=False, description="Rules that its facts break, sorted.")
    as_of: Instant = Field(description="The read time at which this was true.")
