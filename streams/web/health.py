"""Whether the process lives, has started, and can answer with complete history."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from schemas.event import format_instant
from streams.kpis.kpi import ROLES, Role
from streams.web.keys import BOARD, FEED
from streams.web.problems import RequestError, json
from streams.web.state import Board

SERVICE_UNAVAILABLE = 503


async def livez(_request: web.Request) -> web.Response:
    """The process is alive while its event loop responds; being behind is no reason to restart it."""
    return json({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """Ready when every topic was read to where it ended at the start: until then cells are missing, not undefined."""
    return _report(request)


async def startupz(request: web.Request) -> web.Response:
    """The same, to be asked with the patience that the longest recovery needs; the body shows the progress."""
    return _report(request)


@web.middleware
async def complete_history(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The API answers with complete history or not at all: a total over half of the topics would pass for a value."""
    feed = request.app.get(FEED)
    if request.path.startswith("/api/") and feed is not None and not feed.is_caught_up:
        raise RequestError("The topics are still being read; /readyz shows the progress.", SERVICE_UNAVAILABLE)
    return await handler(request)


def _report(request: web.Request) -> web.Response:
    board, feed = request.app[BOARD], request.app.get(FEED)
    caught_up = feed is None or feed.is_caught_up
    topics: dict[str, Any] = {} if feed is None else {topic: _row(*row) for topic, row in feed.progress().items()}
    body = {
        "status": "ready" if caught_up else "recovering",
        "topics": topics,
        "sources": board.partitions,
        "roles": {role: _role(board, role) for role in ROLES},
        "open_transactions": [
            {**each._asdict(), "since": format_instant(each.since)}
            for each in (() if feed is None else feed.transactions.found)
        ],
    }
    return json(body, 200 if caught_up else SERVICE_UNAVAILABLE)


def _role(board: Board, role: Role) -> dict[str, Any]:
    """Which source partitions of a role have never reported, up to when the others have read, and is that too old."""
    frontier = board.frontier(role)
    return {
        "sources_missing": board.missing_sources(role),
        "current_to": None if frontier is None else format_instant(frontier),
        "stale": board.is_stale(frontier),
    }


def _row(read: int, total: int | None) -> dict[str, Any]:
    share = None if total is None else 1.0 if total == 0 else round(read / total, 4)
    return {"read": read, "total": total, "ratio": share}
