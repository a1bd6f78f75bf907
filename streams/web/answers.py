"""What the API answers, for the OpenAPI document; a test holds every answer against it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from schemas.case_summary import CaseSummary, ClockState
from schemas.event import Instant, Integer
from schemas.kpi_record import Finding, KpiRecord
from schemas.sla_breach import AboutCase, CaseType

Form = Literal["count", "minutes", "index", "percent", "seconds"]
Line = Annotated[
    list[str] | None, Field(description="What stands above and below the line, in decimal, as people say it.")
]
At = Annotated[Instant | None, Field(description="Up to when it is known; null: a source has not reported.")]


class Words(BaseModel):
    """The same in both languages."""

    en: str
    zh: str


class Problem(BaseModel):
    """An error (RFC 9457); `detail` says what to do about it."""

    type: str
    title: str
    status: int
    detail: str


class KpiItem(KpiRecord):
    """A record of grid.kpis.v1, with what a reader at this moment has to know."""

    key: str = Field(description="The record's key: kpi|scope|dims|period.")
    reason_text: Words | None = Field(description="Why the value is not defined, in words; null: it is.")
    complete: bool = Field(description="False: a part of the data is older than it may be, at this moment.")
    current_to: At


class Page(BaseModel):
    """A page of a list in the order of its keys."""

    current_to: At
    total: int = Field(description="How many match, on all pages.")
    next: str | None = Field(description="Path and query of the next page; null: this is the last one.")


class KpiPage(Page):
    """KPI records."""

    items: list[KpiItem]


class CasePage(Page):
    """Case summaries, with what grows as at `as_of` of each."""

    stale: bool = Field(description="Whether a source is older than it may be.")
    items: list[CaseSummary]


class ClockItem(ClockState):
    """A clock with the case it belongs to."""

    key: str = Field(description="The key that its record in grid.sla-breaches.v1 has, if it was announced.")
    left_seconds: int | None = Field(description="deadline_at minus now: negative when late, null while paused.")
    title: Words = Field(description="What the clock is called.")
    kind: CaseType
    case: str
    regions: list[str]
    area_types: list[str]
    areas: list[str]
    about: AboutCase
    as_of: Instant = Field(description="The read time at which this became so.")


class ClockPage(Page):
    """Clocks by deadline. One whose deadline moves while somebody turns pages may be on two of them, or on none."""

    now: Instant = Field(description="The instant from which time left is counted.")
    stale: bool = Field(description="Whether a source is older than it may be: what passed since is not decided yet.")
    items: list[ClockItem]


class Figure(BaseModel):
    """One published value, or a count that is the sum of several."""

    label: str = Field(description="Key of a text; empty: it needs none.")
    numerator: Integer | None
    denominator: Integer | None
    value: str | None = Field(description="In the unit of the KPI; null: not defined.")
    reason: str | None = Field(description="Why it is not defined; null: it is.")
    reason_text: Words | None = Field(description="The same in words.")
    basis: str | None = Field(description="Standard and variant of the formula.")
    target: str | None = Field(description="What it should be, as in docs/kpis.md.")
    target_by: str | None = Field(description="Who set the target, and for whom.")
    provisional: bool = Field(description="Whether its period can still change it as a matter of course.")
    as_of: Instant | None
    sum: Integer | None = Field(description="What is above the line in the unit of the list behind: its sum.")
    line: Line
    since: str | None = Field(description="The local day from which on it counts; null: the first of its period.")
    findings: list[Finding] = Field(description="What puts customers of the value in question.")


class Part(BaseModel):
    """One value of a break-down."""

    label: str = Field(description="Key of a text, or a name of the network's.")
    value: str | int | None
    alarm: bool = Field(description="Whether somebody has to act on it.")
    group: int = Field(description="Which break-down it belongs to; a tile may have several.")
    counted: bool = Field(
        description="Of a count: whether the main figure counts it; the parts of a group that it does add up to it."
    )


class Tile(BaseModel):
    """A tile of the wallboard."""

    form: Form
    unit: str = Field(description="Key of a text.")
    role: Literal["cases", "voltage"] | None = Field(description="Which workers it comes from; null: all.")
    main: Figure
    beside: list[Figure]
    parts: list[Part]
    bars: bool = Field(description="Whether the parts are drawn as bars.")
    alarm: bool = Field(description="Whether somebody has to act on the main figure.")
    note: str = Field(description="Key of a text at the foot; empty: none.")
    behind: Literal["cases", "areas"] = Field(description="What the list behind it is made of.")
    stale: bool
    current_to: At


class View(BaseModel):
    """A screen of tiles, in their order."""

    name: str
    tiles: list[str]


class TileList(BaseModel):
    """The list behind a tile, as at one moment."""

    name: str
    tile: Tile = Field(description="What the tile says at this moment.")
    unit: str = Field(description="What the amounts count: a text is `unit.` and it.")
    total: int = Field(description="How many rows there are, also beyond `limit`.")


class TileCase(CaseSummary):
    """A case and what it adds to the tile."""

    amount: int


class TileCases(TileList):
    """The cases behind a tile, the greatest first; of a list of clocks the least time left first."""

    sum: int = Field(description="Over all rows, also beyond `limit`: the tile's `sum`.")
    status: str | None = Field(description="Of which clocks the list is; null: of any, or of none.")
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

    name: str = Field(description="Key of a text.")
    period: str | None
    scope: str | None
    form: Form
    before: str | None
    after: str | None


class Scene(BaseModel):
    """Something that the demo did."""

    at: Instant
    scene: str = Field(description="The key of its text is `scene.` and it.")
    details: dict[str, str | int | float | None] = Field(description="They fill the places of the text.")
    numbers: list[Number]


class Told(BaseModel):
    """The scenes so far, the oldest first."""

    scenes: list[Scene]


class Wallboard(BaseModel):
    """All that the page needs to begin."""

    lang: Literal["en", "zh"]
    zone: str
    clock: Literal["wall", "marks"]
    views: list[View]
    texts: dict[str, str]
    tiles: dict[str, Tile]
    scenes: list[Scene] | None = Field(description="What the demo tells; null: no story is configured.")
