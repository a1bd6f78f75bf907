"""The responses of the API, for the OpenAPI document; a test validates every response."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from schemas.case_summary import CaseSummary, ClockState
from schemas.event import Instant, Integer
from schemas.kpi_record import Finding, KpiRecord
from schemas.sla_breach import AboutCase, CaseType

Form = Literal["count", "minutes", "index", "percent", "seconds"]
Line = Annotated[list[str] | None, Field(description="Numerator and denominator in decimal, in the unit of display.")]
At = Annotated[
    Instant | None, Field(description="The time up to which all sources were read; null: a source has not reported.")
]


class Message(BaseModel):
    """A message in both languages."""

    en: str
    zh: str


class Problem(BaseModel):
    """An error (RFC 9457); `detail` states the action to take."""

    type: str
    title: str
    status: int
    detail: str


class KpiItem(KpiRecord):
    """A record of grid.kpis.v1, with its present completeness."""

    key: str = Field(description="The record's key: kpi|scope|dims|period.")
    reason_text: Message | None = Field(description="Why the value is not defined, as a message; null: it is defined.")
    complete: bool = Field(description="False: a part of the data is stale at present.")
    current_to: At


class Page(BaseModel):
    """A page of a list in the order of its keys."""

    current_to: At
    total: int = Field(description="Number of matching items on all pages.")
    next: str | None = Field(description="Path and query of the next page; null: this is the last one.")


class KpiPage(Page):
    """KPI records."""

    items: list[KpiItem]


class CasePage(Page):
    """Case summaries; growing values are as at `as_of` of each."""

    stale: bool = Field(description="Whether a source is stale.")
    items: list[CaseSummary]


class ClockItem(ClockState):
    """A clock with the case it belongs to."""

    key: str = Field(description="The key of its record in grid.sla-breaches.v1, if it was announced.")
    left_seconds: int | None = Field(description="deadline_at minus now: negative when late, null while paused.")
    title: Message = Field(description="Name of the clock.")
    kind: CaseType
    case: str
    regions: list[str]
    area_types: list[str]
    areas: list[str]
    about: AboutCase
    as_of: Instant = Field(description="The read time of the last change.")


class ClockPage(Page):
    """Clocks by deadline. A clock whose deadline moves between two requests may be on two pages, or on none."""

    now: Instant = Field(description="The instant from which time left is counted.")
    stale: bool = Field(description="Whether a source is stale: deadlines since then are not evaluated yet.")
    items: list[ClockItem]


class Figure(BaseModel):
    """One published value, or a count that is the sum of several."""

    label: str = Field(description="Key of a message; empty: none.")
    numerator: Integer | None
    denominator: Integer | None
    value: str | None = Field(description="In the unit of the KPI; null: not defined.")
    reason: str | None = Field(description="Why it is not defined; null: it is defined.")
    reason_text: Message | None = Field(description="The reason as a message.")
    basis: str | None = Field(description="Standard and variant of the formula.")
    target: str | None = Field(description="The target, as in docs/kpis.md.")
    target_by: str | None = Field(description="Source of the target, and its addressees.")
    provisional: bool = Field(description="Whether the value can still change because its period is not final.")
    as_of: Instant | None
    sum: Integer | None = Field(
        description="The numerator in the unit of the list behind the tile: the sum of the list."
    )
    line: Line
    since: str | None = Field(description="The first local day that counts; null: the first day of the period.")
    findings: list[Finding] = Field(description="Findings that put customers of the value in question.")


class Part(BaseModel):
    """One value of a break-down."""

    label: str = Field(description="Key of a message, or a name from the network.")
    value: str | int | None
    alarm: bool = Field(description="Whether somebody has to act on it.")
    group: int = Field(description="Number of its break-down; a tile may have several.")
    counted: bool = Field(
        description="Of a count: whether the main figure includes it; the included parts of a group add up to it."
    )


class Tile(BaseModel):
    """A tile of the wallboard."""

    form: Form
    unit: str = Field(description="Key of a message.")
    role: Literal["cases", "voltage"] | None = Field(description="The role that publishes it; null: both.")
    main: Figure
    beside: list[Figure]
    parts: list[Part]
    bars: bool = Field(description="Whether the parts are drawn as bars.")
    alarm: bool = Field(description="Whether somebody has to act on the main figure.")
    note: str = Field(description="Key of a message at the foot; empty: none.")
    behind: Literal["cases", "areas"] = Field(description="Content of the list behind the tile.")
    stale: bool
    current_to: At


class View(BaseModel):
    """A screen of tiles, in their order."""

    name: str
    tiles: list[str]


class TileList(BaseModel):
    """The list behind a tile at one instant."""

    name: str
    tile: Tile = Field(description="The tile at the same instant.")
    unit: str = Field(description="Unit of the amounts; the key of its message is `unit.` and this value.")
    total: int = Field(description="Number of rows, also beyond `limit`.")


class TileCase(CaseSummary):
    """A case and what it adds to the tile."""

    amount: int


class TileCases(TileList):
    """The cases behind a tile, the greatest first; in a list of clocks the least time left first."""

    sum: int = Field(description="Over all rows, also beyond `limit`: the tile's `sum`.")
    status: str | None = Field(description="Status of the clocks in the list; null: any, or no clocks.")
    items: list[TileCase]


class TileArea(BaseModel):
    """A KPI in one transformer area."""

    area: str
    numerator: Integer
    denominator: Integer | None
    value: str
    line: Line


class TileAreas(TileList):
    """The transformer areas behind a tile."""

    sum: int | None = Field(description="Over all rows, also beyond `limit`; null: rates do not add up.")
    items: list[TileArea]


class Number(BaseModel):
    """A number before and after a scene."""

    name: str = Field(description="Key of a message.")
    period: str | None
    scope: str | None
    form: Form
    before: str | None
    after: str | None


class Scene(BaseModel):
    """A completed step of the demo."""

    at: Instant
    scene: str = Field(description="Name of the step; the key of its message is `scene.` and this value.")
    details: dict[str, str | int | float | None] = Field(description="Values for the places of the message.")
    numbers: list[Number]


class DemoLog(BaseModel):
    """The scenes so far, the oldest first."""

    scenes: list[Scene]


class Wallboard(BaseModel):
    """The initial data of the page."""

    lang: Literal["en", "zh"]
    zone: str
    clock: Literal["wall", "marks"]
    views: list[View]
    texts: dict[str, str]
    tiles: dict[str, Tile]
    scenes: list[Scene] | None = Field(description="The demo log; null: none is configured.")
