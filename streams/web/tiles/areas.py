"""The rows behind a tile that no list of cases adds up to: its KPI in each transformer area."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from streams.dimensions import scopes
from streams.web.tiles.figures import figure_of, meant

if TYPE_CHECKING:
    from streams.web.slices import Slices
    from streams.web.state import Board, Record
    from streams.web.tiles.tile import Tile

AREA = "area"
FIELDS = ("numerator", "denominator", "value", "line")
Behind = tuple[list[dict[str, Any]], int | None]


async def areas(board: Board, tile: Tile, slices: Slices) -> Behind:
    """Of a count the areas that have some, the most first: they add up to the tile. Of a rate all, the lowest first."""
    if tile.by_area is None:
        return [], None
    shown, rows = tile.by_area, list[dict[str, Any]]()
    period = board.period(shown.period)

    snapshot = [
        (scope, list(cells.values()))
        for (kpi, scope, of), cells in board.cells.items()
        if kpi == shown.kpi and of == period and scopes.grouping(scope) == AREA
    ]

    def work(some: list[tuple[str, list[Record]]]) -> None:
        for scope, found in some:
            row = figure_of(shown, meant(shown, found))
            if row["value"] is not None and (tile.form != "count" or row["numerator"]):
                rows.append({"area": dict(scopes.fields(scope))[AREA], **{name: row[name] for name in FIELDS}})

    await slices.each(snapshot, work)
    rows.sort(key=lambda row: row["area"])
    if tile.form != "count":
        return sorted(rows, key=_rate), None
    rows.sort(key=lambda row: -row["numerator"])
    return rows, len(rows) if tile.whole else sum(row["numerator"] for row in rows)


def _rate(row: dict[str, Any]) -> Fraction:
    return Fraction(row["numerator"], row["denominator"])
