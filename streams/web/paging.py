"""Pages of a changing list: in the order of keys, each page after the last key of the previous page.

What is there throughout is on exactly one page, whatever comes and goes meanwhile; an offset would skip and repeat.
"""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

from aiohttp import web

from streams.web.keys import SLICES
from streams.web.parameters import Parameter, Query
from streams.web.slices import First

T = TypeVar("T")
Key = Callable[[T], str | None]
MOST = 2_000  # items of a page: about a megabyte


class Page(NamedTuple, Generic[T]):
    """The entries of one page, how many match in all, and where the next page is; None after the last."""

    entries: list[T]
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
        return "is not a cursor from the `next` of a response."
    return None


CURSOR = Parameter(
    "cursor", "Where the page begins, from the `next` of the page before.", {"type": "string"}, wrong=_no_cursor
)


async def page(request: web.Request, wanted: Query, entries: Iterable[T], key: Key[T], limit: int) -> Page[T]:
    """The requested page of a snapshot of entries; `key`: the sort key of an entry, or None if it does not match.

    Only one page of the matching entries is stored, and the work is done in slices.
    """
    after = _decode(wanted[CURSOR.name][-1]) if CURSOR.name in wanted else ""
    first, total = First(limit + 1), 0

    def work(some: list[T]) -> None:
        nonlocal total
        matching = [(found, number, entry) for number, entry in enumerate(some) if (found := key(entry)) is not None]
        total += len(matching)
        first.add([each for each in matching if each[0] > after])

    await request.app[SLICES].each(entries, work)
    shown = first.keys[:limit]
    items = [entry for _, _, entry in shown]
    if first.count <= limit:
        return Page(items, total, None)
    following = request.rel_url.update_query({CURSOR.name: _encode(shown[-1][0])})
    return Page(items, total, str(following))
