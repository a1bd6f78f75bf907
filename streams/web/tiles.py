"""The twelve tiles of the wallboard: which figures they show, in what form, and which cases stand behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from schemas.event import format_instant, parse_instant
from streams.cells import periods, scopes
from streams.kpis import KPIS
from streams.web import drill
from streams.web.state import Board, Record

Form = Literal["count", "minutes", "index", "percent", "seconds"]
LONG = frozenset(("8h_24h", "ge_24h"))  # 8 hours is our default: IEEE 1366 leaves CELID's threshold open
STALE_UNKNOWN = "no_source"
BASIS = {kpi.name: kpi.basis for kpi in KPIS}  # known before there is a record
PER_CUSTOMER = frozenset(("saidi", "saifi"))


@dataclass(frozen=True)
class Shown:
    """One figure: a KPI at scope `all`, added up over the dims it is broken down by."""

    kpi: str
    period: str
    kind: str | None
    label: str = ""


@dataclass(frozen=True)
class Tile:
    """`listed` is the unit of what each case adds to the main figure's numerator.

    `parts` is a KPI whose break-down is shown below; `only` limits the main figure to some of it.
    """

    name: str
    form: Form
    unit: str
    listed: str
    main: Shown
    beside: tuple[Shown, ...] = ()
    parts: Shown | None = None
    only: frozenset[str] = frozenset()
    bars: bool = False


TILES = (
    Tile("customers_out", "count", "unit.customers", "customers", Shown("customers_out", "now", "all"),
         parts=Shown("customers_out", "now", None)),
    Tile("outages_open", "count", "unit.outages", "outages", Shown("outages_open", "now", "all"),
         parts=Shown("outages_by_state", "now", "all")),
    Tile("outages_long", "count", "unit.outages", "outages", Shown("outages_open_by_age", "now", "all"),
         parts=Shown("outages_open_by_age", "now", "all"), only=LONG, bars=True),
    Tile("restoration_today", "minutes", "unit.minutes", "seconds", Shown("restoration_time_mean", "today", "fault"),
         beside=(Shown("restoration_time_p50", "today", "fault", "p50"),
                 Shown("restoration_time_p90", "today", "fault", "p90"))),
    Tile("saidi_today", "index", "unit.minutes", "customer_seconds", Shown("saidi", "today", "fault"),
         beside=(Shown("saidi", "today", "planned", "planned"),)),
    Tile("saidi_month", "index", "unit.minutes", "customer_seconds", Shown("saidi", "month", "fault"),
         beside=(Shown("saidi", "month", "planned", "planned"),)),
    Tile("saifi_today", "index", "unit.per_customer", "customers", Shown("saifi", "today", "fault"),
         beside=(Shown("saifi", "month", "fault", "month"),)),
    Tile("caidi_today", "minutes", "unit.minutes", "customer_seconds", Shown("caidi", "today", "fault"),
         beside=(Shown("caidi", "month", "fault", "month"),)),
    Tile("arrival_today", "minutes", "unit.minutes", "seconds", Shown("arrival_time_mean", "today", None),
         beside=(Shown("arrival_time_p50", "today", None, "p50"), Shown("arrival_time_p90", "today", None, "p90"))),
    Tile("on_time_today", "percent", "unit.percent", "orders", Shown("arrival_on_time_share", "today", None),
         beside=(Shown("arrival_on_time_share", "month", None, "month"),)),
    Tile("orders_open", "count", "unit.orders", "orders", Shown("orders_open", "now", None),
         parts=Shown("orders_open", "now", None)),
)  # fmt: skip
BY_NAME = {tile.name: tile for tile in TILES}
PIPELINE = "pipeline"


def render(board: Board) -> dict[str, dict[str, Any]]:
    """All tiles by name, as JSON."""
    tiles = {tile.name: _tile(board, tile) for tile in TILES}
    return tiles | {PIPELINE: _pipeline(board)}


def _tile(board: Board, tile: Tile) -> dict[str, Any]:
    current_to = board.current_to(scopes.ALL)
    main = _figure(board, tile.main, tile.only)
    incomplete = not all(record["complete"] for record in _records(board, tile.main))
    return {
        "form": tile.form,
        "unit": tile.unit,
        "kind": tile.main.kind,
        "main": main,
        "beside": [_figure(board, shown) for shown in tile.beside],
        "parts": [] if tile.parts is None else _parts(board, tile.parts),
        "bars": tile.bars,
        "stale": board.is_stale(current_to) or incomplete,
        "current_to": None if current_to is None else format_instant(current_to),
    }


def _records(board: Board, shown: Shown) -> list[Record]:
    found = board.find(shown.kpi, shown.period)
    return [record for record in found if shown.kind is None or record["dims"].get("kind") == shown.kind]


def _part(record: Record, shown: Shown) -> str | None:
    """What a record is a part of beside its kind: a state, an age; without a wanted kind, its kind."""
    name = "kind" if shown.kind is None and "kind" in record["dims"] else None
    values = [value for dim, value in record["dims"].items() if dim == name or (name is None and dim != "kind")]
    return None if not values or values[0] == "all" else str(values[0])


def _chosen(board: Board, shown: Shown, only: frozenset[str] = frozenset()) -> list[Record]:
    """The records a figure is the sum of: the total where one is published, else the parts that are wanted."""
    records = _records(board, shown)
    totals = [record for record in records if _part(record, shown) is None]
    return totals[:1] or [record for record in records if not only or _part(record, shown) in only]


def _figure(board: Board, shown: Shown, only: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A published value as it is; counts that come only broken down are added up. `sum` is that of the list behind."""
    chosen = _chosen(board, shown, only)
    if len(chosen) == 1 and _part(chosen[0], shown) is None:
        record = chosen[0]
        fields = {name: record[name] for name in ("numerator", "denominator", "value", "reason", "as_of")}
        fields["basis"] = BASIS[shown.kpi]
        return {"label": shown.label, **fields, "sum": _sum(board, record), "line": _line(board, record)}
    value = None
    records = _records(board, shown)
    if records:  # no record of a part means none of it, where others are published
        value = sum(int(record["numerator"] or 0) for record in chosen)
    return {
        "label": shown.label, "numerator": value, "denominator": None, "value": None if value is None else str(value),
        "basis": BASIS[shown.kpi], "reason": None if records else "no_record",
        "as_of": min((record["as_of"] for record in records), default=None), "sum": value, "line": None,
    }  # fmt: skip


def _days(board: Board, record: Record) -> int:
    """An index per customer over several days is kept as amount * days / customer-days."""
    if record["kpi"] not in PER_CUSTOMER:
        return 1
    today = periods.local_day(parse_instant(record["as_of"]), board.zone)
    return max(len(periods.days(record["period"], today)), 1)


def _sum(board: Board, record: Record) -> int | None:
    """What is above the line, in the unit of the list behind: seconds, customers, cases."""
    above: int | None = record["numerator"]
    return None if above is None else above // _days(board, record)


def _line(board: Board, record: Record) -> list[int] | None:
    """What stands above and below the line in words of the floor: whole minutes or customers, and of how many.

    Of an index over several days these are the amount and the mean of the daily customers.
    """
    above, below = _sum(board, record), record["denominator"]
    if above is None or below is None or below == 1:
        return None
    scale = 60 if record["unit"] == "minutes" else 1
    return [_rounded(above, scale), _rounded(below, scale * _days(board, record))]


def _rounded(amount: int, scale: int) -> int:
    """Half up, as the browser rounds the sum of the list."""
    return (2 * amount + scale) // (2 * scale)


def _parts(board: Board, shown: Shown) -> list[dict[str, Any]]:
    values = {_part(record, shown): record["numerator"] for record in _records(board, shown)}
    return [{"label": label, "value": value} for label, value in sorted(values.items(), key=_place) if label]


def _place(part: tuple[str | None, Any]) -> tuple[int, str]:
    label = part[0] or ""
    return (ORDER.index(label) if label in ORDER else len(ORDER), label)


ORDER = (
    "fault", "planned", "load_shedding", "unknown", "active", "partially_restored", "predicted", "confirmed",
    "scheduled", "announced", "contradictory", "lt_1h", "1h_4h", "4h_8h", "8h_24h", "ge_24h", "created", "dispatched",
    "accepted", "en_route", "on_site", "waiting", "field_complete", "returned", "incomplete",
)  # fmt: skip


def _pipeline(board: Board) -> dict[str, Any]:
    frontier = board.frontier()
    age = None if frontier is None else max(board.now() - frontier, 0)
    processed = board.processed()
    counts = {
        "rejected": processed["rejected"] + processed["defect"],
        "findings": sum(board.findings().values()),
        "dead_letters": board.dead_letters.total(),
    }
    as_of = None if frontier is None else format_instant(frontier)
    return {
        "form": "seconds",
        "unit": "unit.seconds",
        "kind": None,
        "main": {
            "label": "", "numerator": age, "denominator": None, "value": None if age is None else str(age),
            "basis": None, "reason": STALE_UNKNOWN if age is None else None, "as_of": as_of, "sum": counts["findings"],
            "line": None,
        },
        "beside": [],
        "parts": [{"label": label, "value": count} for label, count in counts.items()],
        "bars": False,
        "stale": board.is_stale(frontier),
        "current_to": as_of,
    }  # fmt: skip


def behind(board: Board, name: str) -> Callable[[Record], int | None]:
    """What each case adds to a tile's sum: a function of the records that the tile shows."""
    if name == PIPELINE:
        return drill.findings
    tile = BY_NAME[name]
    return drill.behind(_chosen(board, tile.main, tile.only), board.zone)


def listed(name: str) -> str:
    """The unit of what `behind` gives for a tile."""
    return "findings" if name == PIPELINE else BY_NAME[name].listed
