"""Pages of a list that lives: in the order of their keys, each page after the last key of the one before.

What is there throughout is on exactly one page, whatever comes and goes meanwhile; an offset would skip and repeat.
"""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from aiohttp import web

from streams.web.parameters import Parameter, Query


class Page(NamedTuple):
    """The keys of one page, how many match in all, and where the next page is; None after the last."""

    keys: list[str]
    total: int
    next: str | None


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()


def _no_cursor(cursor: str) -> str | None:
    try:
        _decode(cursor)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "is not a cursor that an answer's `next` gave."
    return None


CURSOR = Parameter(
    "cursor", "Where the page begins, from the `next` of the page before.", {"type": "string"}, wrong=_no_cursor
)


def page(request: web.Request, wanted: Query, matching: Iterable[str], limit: int) -> Page:
    """The page that the request asks for of all matching keys."""
    keys = sorted(matching)
    start = bisect_right(keys, _decode(wanted[CURSOR.name][-1])) if CURSOR.name in wanted else 0
    shown = keys[start : start + limit]
    if start + limit >= len(keys):
        return Page(shown, len(keys), None)
    following = request.rel_url.update_query({CURSOR.name: _encode(shown[-1])})
    return Page(shown, len(keys), str(following))
