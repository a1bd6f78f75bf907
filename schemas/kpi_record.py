"""Topic grid.kpis.v1 (compacted), key `kpi|scope|dims|period`: one cell of the KPI table."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.event import Instant, Integer, Text
from schemas.record import Record

Status = Literal["open", "final"]
Period = Annotated[str, Field(pattern=r"^(now|[0-9]{4}-(W[0-9]{2}|[0-9]{2}(-[0-9]{2})?)|last[0-9]+d)$")]
Decimal = Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]{6}$")]


class Finding(Record):
    """A rule of docs/findings.md that puts customers of a value in question."""

    rule: Text = Field(description="Name of the rule.")
    cases: Integer = Field(
        description="Cases with the finding, one for each day of a period; 0: a finding of the sum, of no case."
    )
    customers: Integer = Field(description="Customers in question; 0: their number is not known.")


class KpiRecord(Record):
    """The value of a KPI in a scope and a period; a record without a value retires the cell."""

    kpi: Text = Field(description="Name of the KPI, as in docs/kpis.md.")
    scope: dict[str, str] = Field(description="Scope of the value: region, area_type, crew; empty: everything.")
    dims: dict[str, str] = Field(description="Dimensions of the value, such as kind; empty: none.")
    period: Period = Field(
        description="`now`, a local day, an ISO 8601 week of local days, a local month, or the last days up to and "
        "with as_of's."
    )
    numerator: Integer | None = Field(description="Numerator, an integer; null: not defined.")
    denominator: Integer | None = Field(description="Denominator, an integer; null: not defined.")
    days: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="Of a KPI per customer served: the number of elapsed days over which the denominator is added "
        "up. The numerators of these days add up to numerator / days, their denominators to the denominator; null: "
        "another KPI, or not defined.",
    )
    value: Decimal | None = Field(
        description="The value in `unit` with six decimals, rounded half to even; null: not defined, never 0."
    )
    unit: Text = Field(description="Unit of the value.")
    basis: Text | None = Field(description="Standard and variant of the formula, such as IEEE 1366; null: none.")
    as_of: Instant = Field(description="Read time: all events up to it are in the value.")
    complete: bool = Field(description="False: a part of the data is too old.")
    status: Status = Field(description="`final` once the period is over and its grace has passed.")
    definition_version: Annotated[int, Field(ge=1)] = Field(description="Grows when the formula changes.")
    revision: Integer = Field(description="Grows with every publication of the cell.")
    reason: Text | None = Field(description="Why the value is not defined; null: it is.")
    since: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = Field(
        default=None,
        description="The local day from which numerator and denominator count: before it customers served of an area "
        "of the scope are not known; null: from the first day of the period.",
    )
    findings: tuple[Annotated[Finding, Field(strict=False)], ...] = Field(
        default=(), strict=False, description="Findings that put customers of the value in question."
    )

    @model_validator(mode="after")
    def _undefined_has_a_reason(self) -> Self:
        if self.value is None and self.reason is None:
            raise PydanticCustomError("no_reason", "A value that is not defined needs a reason")
        return self
