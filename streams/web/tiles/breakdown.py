"""The parts of a tile: each break-down adds up to the main figure, or marks its parts that are not counted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.kpis.kpi import Ratio
from streams.publish.record import decimal
from streams.web.texts import TEXTS
from streams.web.tiles.figures import VALUES, records
from streams.web.tiles.tile import Means, Places, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.web.state import Board, Record
    from streams.web.tiles.tile import Tile

EITHER = "contradictory"  # such an outage may be open or not: what the other states leave of the main figure is


def parts(board: Board, tile: Tile, main: int | None) -> list[dict[str, Any]]:
    """All break-downs in their order, each in the order in which its KPI declares the values."""
    return [
        part | {"group": group}
        for group, shown in enumerate(tile.parts)
        for part in _counted(_values(board, shown, tile), tile, main)
    ]


def _means(board: Board, shown: Means) -> list[dict[str, Any]]:
    """Seconds and orders are added up over regions: a mean of means would weigh a small region as a large one."""
    found = []
    for area_type, limit in shown.limits:
        records = [each for each in board.of_type(shown.kpi, shown.period, area_type) if each["denominator"]]
        above, below = (sum(each[name] for each in records) for name in ("numerator", "denominator"))
        if below:
            value = decimal(Ratio(above, below))
            found.append({"name": area_type, "label": area_type, "value": value, "alarm": above > limit * below})
    return found


def _values(board: Board, shown: Shown | Places | Means, tile: Tile) -> list[dict[str, Any]]:
    """Counts as numbers, others as they are."""
    if isinstance(shown, Means):
        return _means(board, shown)
    found = dict(_places(board, shown) if isinstance(shown, Places) else _parts(board, shown))
    prefix = "" if isinstance(shown, Places) else shown.label_prefix
    order = shown.values if isinstance(shown, Places) else VALUES[shown.kpi, shown.by]
    return [
        {
            "name": value,
            "label": label if (label := f"{prefix}.{value}") in TEXTS else value,
            "value": found[value]["numerator"] if tile.form == "count" else found[value]["value"],
            "alarm": value in tile.alarming and bool(found[value]["numerator"]),
        }
        for value in (*order, *sorted(set(found) - set(order)))
        if value in found and (tile.bars or not tile.only or value in tile.only)
    ]


def _counted(values: list[dict[str, Any]], tile: Tile, main: int | None) -> Iterator[dict[str, Any]]:
    """Which of the parts are in the main figure; of EITHER the two shares apart."""
    names = {part["name"] for part in values}
    beyond = names & tile.beyond | (names - tile.only if tile.only else set())
    within = _within(values, beyond, main or 0) if tile.beyond else None
    for part in values:
        name = part.pop("name")
        if name != EITHER or within is None:
            yield part | {"counted": name not in beyond}
            continue
        if within:
            yield part | {"value": within, "counted": True}
        if (part["value"] or 0) > within:
            yield part | {"value": part["value"] - within, "counted": False}


def _within(values: list[dict[str, Any]], beyond: set[str], main: int) -> int:
    """How many of EITHER the main figure counts."""
    sure = sum(part["value"] or 0 for part in values if part["name"] not in beyond | {EITHER})
    either = sum(part["value"] or 0 for part in values if part["name"] == EITHER)
    return min(max(main - sure, 0), either)


def _parts(board: Board, shown: Shown) -> Iterator[tuple[str, Record]]:
    return ((record["dims"][shown.by], record) for record in records(board, shown))


def _places(board: Board, shown: Places) -> Iterator[tuple[str, Record]]:
    for value in shown.values:
        for record in records(board, Shown(shown.kpi, shown.period), scope=f"{shown.name}={value}"):
            yield value, record
