"""GET /api/v1/cases: summaries of open and recent cases, at the read time."""

from collections.abc import Iterator

from aiohttp import web

from schemas.event import format_instant
from streams.web.keys import BOARD
from streams.web.problems import RequestError, check_periods, json, limit_of, query
from streams.web.state import Board, Record
from streams.web.summaries import at_read_time, begin, in_period

FILTERS = frozenset(("kind", "outage_kind", "open", "region", "state", "period", "crew", "limit"))
LIMIT, LIMIT_MAX = 500, 100_000
BOOLEANS = {"true": True, "false": False}
KINDS = ("outage", "order")


async def cases(request: web.Request) -> web.Response:
    """`period` is about the begin: of the interruption for an outage, the report for an order."""
    board, wanted = request.app[BOARD], query(request, FILTERS)
    limit = limit_of(wanted, LIMIT, LIMIT_MAX)
    found = sorted(_matching(board, wanted))
    frontier = board.frontier()
    body = {
        "current_to": None if frontier is None else format_instant(frontier),
        "stale": board.is_stale(frontier),
        "matched": len(found),
        "items": [at_read_time(board.cases[key], frontier) for key in found[:limit]],
    }
    return json(body)


def _matching(board: Board, wanted: dict[str, list[str]]) -> Iterator[str]:
    _check(wanted)
    opens = {BOOLEANS[text] for text in wanted.get("open", ())}
    for key, case in board.cases.items():
        if (
            _fits(case, wanted, ("kind", "outage_kind", "state", "crew"))
            and (not opens or case["open"] in opens)
            and ("region" not in wanted or set(case["regions"]) & set(wanted["region"]))
            and ("period" not in wanted or any(in_period(board, begin(case), period) for period in wanted["period"]))
        ):
            yield key


def _fits(case: Record, wanted: dict[str, list[str]], names: tuple[str, ...]) -> bool:
    return all(case.get(name) in wanted[name] for name in names if name in wanted)


def _check(wanted: dict[str, list[str]]) -> None:
    for text in wanted.get("open", ()):
        if text not in BOOLEANS:
            raise RequestError(f"open={text} is neither true nor false.")
    for text in wanted.get("kind", ()):
        if text not in KINDS:
            raise RequestError(f"kind={text} is neither outage nor order.")
    check_periods(wanted)
