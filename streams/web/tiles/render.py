"""The tiles of the wallboard as JSON, and the rows behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.dimensions import scopes
from streams.web import drill
from streams.web.texts import reason_message
from streams.web.tiles import pipeline
from streams.web.tiles.ages import instant
from streams.web.tiles.breakdown import parts
from streams.web.tiles.figures import chosen, figure, records, role_of
from streams.web.tiles.tile import BASIS
from streams.web.tiles.views import BY_NAME, PIPELINE, TILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.web.state import Board, Record
    from streams.web.tiles.tile import Tile


def render(board: Board) -> dict[str, dict[str, Any]]:
    """All tiles by name."""
    return {tile.name: _tile(board, tile) for tile in TILES} | {PIPELINE: pipeline.render(board)}


def _tile(board: Board, tile: Tile) -> dict[str, Any]:
    role = role_of(tile.main)
    known_to = board.current_to(scopes.ALL, role)
    main = figure(board, tile.main, tile.only)
    if known_to is None and main["value"] is None:
        reason = f"no_source.{role}"
        main |= {"reason": reason, "reason_text": reason_message(reason)}
    if tile.behind == "areas" and tile.form != "count":
        main["sum"] = None  # rates do not add up
    incomplete = not all(record["complete"] for record in records(board, tile.main))
    return {
        "form": tile.form,
        "unit": tile.unit,
        "role": role,
        "main": main,
        "beside": [figure(board, shown) for shown in tile.beside],
        "parts": parts(board, tile, main["numerator"]),
        "bars": tile.bars,
        "alarm": tile.alarm and bool(main["numerator"]),
        "note": (main["basis"] or "").partition(";")[0] if tile.note == BASIS else tile.note,
        "behind": tile.behind,
        "stale": board.is_stale(known_to) or incomplete,
        "current_to": instant(known_to),
    }


def behind(board: Board, name: str) -> Callable[[Record], int | None]:
    """What each case adds to a tile's sum: a function of the records that the tile shows."""
    if name == PIPELINE:
        return drill.findings
    tile = BY_NAME[name]
    return drill.behind(chosen(tile.main, tile.only, records(board, tile.main)), board.zone)


def listed(name: str) -> str:
    """The unit of what `behind` gives for a tile."""
    return pipeline.LISTED if name == PIPELINE else BY_NAME[name].listed


def status(name: str) -> str | None:
    """The status of the clocks that the list behind a tile is of; None: it is of none."""
    return (BY_NAME[name].status or None) if name in BY_NAME else None
