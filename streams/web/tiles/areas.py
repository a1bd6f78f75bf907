"""The rows behind a tile that no list of cases adds up to: its KPI in each transformer area."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from streams.cells import scopes
from streams.web.tiles.figures import figure

if TYPE_CHECKING:
    from streams.web.state import Board
    from streams.web.tiles.tile import Shown, Tile

AREA = "area"
SAID = ("numerator", "denominator", "value", "line")
Behind = tuple[list[dict[str, Any]], int | None]


def areas(board: Board, tile: Tile) -> Behind:
    """Of a count the areas that have some, the most first: they add up to the tile. Of a rate all, the lowest first."""
    if tile.by_area is None:
        return [], None
    shown = tile.by_area
    found = ((scope, figure(board, shown, scope=scope)) for scope in _scopes(board, shown))
    rows = [
        {"area": dict(scopes.fields(scope))[AREA], **{name: row[name] for name in SAID}}
        for scope, row in found
        if row["value"] is not None and (tile.form != "count" or row["numerator"])
    ]
    rows.sort(key=lambda row: row["area"])
    if tile.form != "count":
        return sorted(rows, key=_rate), None
    rows.sort(key=lambda row: -row["numerator"])
    return rows, len(rows) if tile.whole else sum(row["numerator"] for row in rows)


def _rate(row: dict[str, Any]) -> Fraction:
    return Fraction(row["numerator"], row["denominator"])


def _scopes(board: Board, shown: Shown) -> list[str]:
    period = board.period(shown.period)
    return [
        scope for kpi, scope, of in board.cells if kpi == shown.kpi and of == period and scopes.grouping(scope) == AREA
    ]
