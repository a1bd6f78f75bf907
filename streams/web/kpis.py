"""GET /api/v1/kpis: KPI records by name, scope, dims and period."""

from collections.abc import Iterator
from typing import Any

from aiohttp import web

from schemas.event import format_instant
from streams.kpis import KPIS
from streams.web.keys import BOARD
from streams.web.problems import RequestError, check_periods, json, limit_of, query
from streams.web.state import Board, Record

SCOPES = ("region", "area_type", "crew")
DIMS = ("kind", "state", "age")
FILTERS = frozenset(("kpi", "scope", "period", "limit", *SCOPES, *DIMS))
LIMIT, LIMIT_MAX = 1_000, 100_000


async def kpis(request: web.Request) -> web.Response:
    """Filters are alternatives within a name and conditions across names; `period` also takes today and month."""
    board, wanted = request.app[BOARD], query(request, FILTERS)
    limit = limit_of(wanted, LIMIT, LIMIT_MAX)
    found = sorted(_matching(board, wanted))
    frontier = board.frontier()
    body = {
        "current_to": None if frontier is None else format_instant(frontier),
        "matched": len(found),
        "items": [_item(board, key) for key in found[:limit]],
    }
    return json(body)


def _matching(board: Board, wanted: dict[str, list[str]]) -> Iterator[str]:
    _known(wanted, board)
    names, periods = set(wanted.get("kpi", ())), {board.period(name) for name in wanted.get("period", ())}
    scopes = set(wanted.get("scope", ()))
    for (kpi, scope, period), cells in board.cells.items():
        if (names and kpi not in names) or (periods and period not in periods) or (scopes and scope not in scopes):
            continue
        for dims, record in cells.items():
            if _fits(record["scope"], wanted, SCOPES) and _fits(record["dims"], wanted, DIMS):
                yield f"{kpi}|{scope}|{dims}|{period}"


def _known(wanted: dict[str, list[str]], board: Board) -> None:
    """A name that no record has and no KPI bears is a mistake of the client's, not an empty answer."""
    check_periods(wanted)
    known = {kpi.name for kpi in KPIS} | {kpi for kpi, _, _ in board.cells}
    for name in wanted.get("kpi", ()):
        if name not in known:
            raise RequestError(f"There is no KPI {name}; there are {', '.join(sorted(known))}.")


def _fits(values: dict[str, str], wanted: dict[str, list[str]], names: tuple[str, ...]) -> bool:
    return all(values.get(name) in wanted[name] for name in names if name in wanted)


def _item(board: Board, key: str) -> dict[str, Any]:
    """The record as published, and up to when it holds: what does not change is not published again."""
    record: Record = board.kpis[key]
    current_to = board.current_to(key.split("|")[1])
    return {
        "key": key,
        **record,
        "complete": record["complete"] and not board.is_stale(current_to),
        "current_to": None if current_to is None else format_instant(current_to),
    }
