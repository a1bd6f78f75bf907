"""GET /api/v1/sla: clocks that are open or breached, least time left first."""

from typing import Any, get_args

from aiohttp import web

from schemas.event import format_instant
from schemas.network import AreaType
from schemas.sla_breach import AboutCase, CaseType, ClockId, Severity
from streams.dimensions.scopes import UNKNOWN
from streams.web import paging, parameters
from streams.web.cases import OPEN
from streams.web.keys import BOARD
from streams.web.parameters import Parameter, Query, choice, text
from streams.web.problems import json
from streams.web.state import Board, Record
from streams.web.summaries import instant
from streams.web.texts import LANGUAGES, TEXTS

STATUSES = ("running", "paused", "at_risk", "breached", "met_late")  # met and void leave nothing to do, and no breach
PAUSED_LAST = "~"  # after every instant
LIMIT = parameters.limit(200, paging.MOST)
PARAMETERS: tuple[Parameter, ...] = (
    choice("clock", "The clock, by its name in the policy.", get_args(ClockId)),
    choice("kind", "The kind of case.", get_args(CaseType)),
    text("case", "The case."),
    choice("status", "Status of the clock.", STATUSES),
    choice("severity", "How grave a breach of the clock is.", get_args(Severity)),
    choice("open", "Whether nothing has ended the clock yet.", OPEN),
    text("region", "One of the regions concerned."),
    choice("area_type", "One of the types of the areas concerned.", (*get_args(AreaType), UNKNOWN)),
    text("crew", "Orders: the crew that has it."),
    LIMIT,
    paging.CURSOR,
)
OF_CLOCK, OF_CASE = ("clock", "status", "severity"), ("kind", "case", "crew")
AMONG = {"region": "regions", "area_type": "area_types"}
PLACE = ("regions", "area_types", "areas")


async def sla(request: web.Request) -> web.Response:
    """By deadline, so that what is about to be late comes first, after what is late already; paused ones come last.

    `left_seconds` is the deadline minus `now`. What was met in time or has become void is in the lists of cases only.
    """
    board, wanted = request.app[BOARD], parameters.query(request, PARAMETERS)
    limit = int(parameters.last(wanted, LIMIT))
    clocks = ((case, clock) for case in list(board.cases.values()) for clock in case.get("clocks", ()))
    page = await paging.page(request, wanted, clocks, _matching(wanted), limit)
    oldest = board.oldest()
    body = {
        "now": format_instant(board.now()),
        "current_to": None if oldest is None else format_instant(oldest),
        "stale": board.is_stale(oldest),
        "total": page.total,
        "next": page.next,
        "items": [_item(board, *entry) for entry in page.entries],
    }
    return json(body)


def _matching(wanted: Query) -> paging.Key[tuple[Record, Record]]:
    """By deadline and key: what a page is ordered by."""
    opens = {OPEN[given] for given in wanted.get("open", OPEN)}

    def key_of(entry: tuple[Record, Record]) -> str | None:
        case, clock = entry
        if not _fits(case, wanted, OF_CASE) or not all(
            set(case.get(field, ())) & set(wanted[name]) for name, field in AMONG.items() if name in wanted
        ):
            return None
        if clock["status"] not in STATUSES or clock["open"] not in opens or not _fits(clock, wanted, OF_CLOCK):
            return None
        return f"{clock['deadline_at'] or PAUSED_LAST} {_key(case, clock)}"

    return key_of


def _fits(clock: Record, wanted: Query, names: tuple[str, ...]) -> bool:
    return all(clock.get(name) in wanted[name] for name in names if name in wanted)


def _key(case: Record, clock: Record) -> str:
    """That of the record in grid.sla-breaches.v1, if the clock was announced."""
    return f"{clock['clock']}|{case['kind']}/{case['case']}|{clock['cycle']}"


def _item(board: Board, case: Record, clock: Record) -> dict[str, Any]:
    deadline = instant(clock["deadline_at"])
    return {
        "key": _key(case, clock),
        "left_seconds": None if deadline is None else deadline - board.now(),
        **clock,
        "title": dict(zip(LANGUAGES, TEXTS[clock["clock"]], strict=True)),
        "kind": case["kind"],
        "case": case["case"],
        **{name: case.get(name, ()) for name in PLACE},
        "about": {name: case[name] for name in AboutCase.model_fields if case.get(name) is not None},
        "as_of": case["as_of"],
    }
