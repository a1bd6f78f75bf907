"""GET /api/v1/kpis: KPI records by name, scope, dims and period."""

from typing import Any

from aiohttp import web

from schemas.event import format_instant
from streams.dimensions import scopes
from streams.kpis import KPIS, ROLE_OF
from streams.kpis.variants import ALL
from streams.web import paging, parameters
from streams.web.keys import BOARD
from streams.web.parameters import PERIOD, Parameter, Query, choice, text
from streams.web.problems import json
from streams.web.state import Board, Record
from streams.web.texts import reason_message

PLACES = tuple(dict.fromkeys(name for group in scopes.GROUPINGS for name in group.split(",") if name != scopes.ALL))
DIMS = {dim.name: dim for kpi in KPIS for dim in kpi.dims}


def _values(name: str) -> tuple[str, ...]:
    """All that a dimension of this name has in any KPI."""
    found = dict.fromkeys(value for kpi in KPIS for dim in kpi.dims if dim.name == name for value in dim.values)
    return (*found, ALL)


LIMIT = parameters.limit(1_000, paging.MOST)
PARAMETERS: tuple[Parameter, ...] = (
    choice("kpi", "Name of the KPI, as in docs/kpis.md.", (kpi.name for kpi in KPIS)),
    text("scope", "A scope in the notation of the record's key: `all`, `region=R01`, `region=R01,area_type=urban`."),
    PERIOD,
    *(text(name, f"The {name.replace('_', ' ')} of the scope.") for name in PLACES),
    *(choice(name, f"The dimension {name}; `all`: the sum of the others.", _values(name)) for name in DIMS),
    LIMIT,
    paging.CURSOR,
)


async def kpis(request: web.Request) -> web.Response:
    """Filters are alternatives within a name and conditions across names."""
    board, wanted = request.app[BOARD], parameters.query(request, PARAMETERS)
    limit = int(parameters.last(wanted, LIMIT))
    page = await paging.page(request, wanted, list(board.kpis.items()), _matching(board, wanted), limit)
    oldest = board.oldest({ROLE_OF[name] for name in wanted.get("kpi", ROLE_OF)})
    items = [_item(board, key, record) for key, record in page.entries]
    known_to = [None if oldest is None else format_instant(oldest), *(item["current_to"] for item in items)]
    body = {
        "current_to": None if None in known_to else min(known_to),  # RFC 3339 in UTC sorts by time
        "total": page.total,
        "next": page.next,
        "items": items,
    }
    return json(body)


def _matching(board: Board, wanted: Query) -> paging.Key[tuple[str, Record]]:
    names, periods = set(wanted.get("kpi", ())), {board.period(name) for name in wanted.get("period", ())}
    places = set(wanted.get("scope", ()))

    def key_of(entry: tuple[str, Record]) -> str | None:
        key, record = entry
        kpi, scope, _, period = key.split("|")
        if (names and kpi not in names) or (periods and period not in periods) or (places and scope not in places):
            return None
        fits = _fits(record["scope"], wanted, PLACES) and _fits(record["dims"], wanted, tuple(DIMS))
        return key if fits else None

    return key_of


def _fits(values: dict[str, str], wanted: Query, names: tuple[str, ...]) -> bool:
    return all(values.get(name) in wanted[name] for name in names if name in wanted)


def _item(board: Board, key: str, record: Record) -> dict[str, Any]:
    """The record as published, and up to when it holds: what does not change is not published again."""
    current_to = board.current_to(key.split("|")[1], ROLE_OF.get(record["kpi"], "cases"))
    return {
        "key": key,
        **record,
        "reason_text": reason_message(record["reason"]),
        "complete": record["complete"] and not board.is_stale(current_to),
        "current_to": None if current_to is None else format_instant(current_to),
    }
