"""GET /api/v1/cases: summaries of open and recent cases, at the read time."""

from typing import Any, get_args

from aiohttp import web

from schemas.case_summary import CaseSummary
from schemas.complaint import CaseKind, Category, Level
from schemas.event import format_instant
from schemas.outage import Kind
from streams.dimensions.scopes import UNKNOWN
from streams.web import paging, parameters
from streams.web.keys import BOARD
from streams.web.parameters import PERIOD, Parameter, Query, choice, text
from streams.web.problems import json
from streams.web.state import Board, Record, role_of
from streams.web.summaries import at_read_time, begin, in_period

KINDS = get_args(CaseSummary.model_fields["kind"].annotation)
OPEN = {"true": True, "false": False}
LIMIT = parameters.limit(500, paging.MOST)
PARAMETERS: tuple[Parameter, ...] = (
    choice("kind", "The kind of case.", KINDS),
    choice("outage_kind", "Outages: the kind of interruption.", dict.fromkeys((*get_args(Kind), UNKNOWN))),
    choice("case_kind", "Complaints: what it is; a fault report is no complaint.", (*get_args(CaseKind), UNKNOWN)),
    choice("category", "Complaints: what it is about.", (*get_args(Category), UNKNOWN)),
    choice("level", "Complaints: how serious it is.", (*get_args(Level), UNKNOWN)),
    text("state", "The state, as in the KPIs by state."),
    choice("open", "Whether it is counted as open now.", OPEN),
    text("region", "One of the regions concerned."),
    text("area", "One of the transformer areas concerned."),
    text("crew", "Orders: the crew that has it."),
    PERIOD,
    LIMIT,
    paging.CURSOR,
)
EQUAL = ("kind", "outage_kind", "case_kind", "category", "level", "state", "crew")
AMONG = {"region": "regions", "area": "areas"}


async def cases(request: web.Request) -> web.Response:
    """`period` is about the begin: of the interruption, the report, the complaint; what has none is in `now` only."""
    board, wanted = request.app[BOARD], parameters.query(request, PARAMETERS)
    limit = int(parameters.last(wanted, LIMIT))
    page = await paging.page(request, wanted, list(board.cases.items()), _matching(board, wanted), limit)
    oldest = board.oldest({role_of(kind) for kind in wanted.get("kind", KINDS)})
    body = {
        "current_to": None if oldest is None else format_instant(oldest),
        "stale": board.is_stale(oldest),
        "total": page.total,
        "next": page.next,
        "items": [at_read_time(board, case) for _, case in page.entries],
    }
    return json(body)


def _matching(board: Board, wanted: Query) -> paging.Key[tuple[str, Record]]:
    opens = {OPEN[given] for given in wanted.get("open", ())}

    def key_of(entry: tuple[str, Record]) -> str | None:
        key, case = entry
        matches = (
            all(_is(case, name, wanted[name]) for name in EQUAL if name in wanted)
            and all(set(case[field]) & set(wanted[name]) for name, field in AMONG.items() if name in wanted)
            and (not opens or case["open"] in opens)
            and ("period" not in wanted or any(in_period(board, begin(case), period) for period in wanted["period"]))
        )
        return key if matches else None

    return key_of


def _is(case: Record, name: str, values: list[str]) -> bool:
    """A missing value is unknown, if the kind of case can have it."""
    value: Any = case.get(name, "")
    return (UNKNOWN if value is None else value) in values
