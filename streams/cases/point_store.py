"""The rows in which points stand in the ledger: one a UTC day, one for what is not of a day, and the book.

Keys: `point/<area>/<point>/<day number>`, `point/<area>/<point>/about`, `book/<table>/<number>`; ids are quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

import orjson

from streams.errors import LaneBroken
from streams.facts import sealed
from streams.facts.profile import DAY, SHARED, WIDTH, Style, Tag, length_of, slot_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.cases.point import Day, Point
    from streams.facts.book import Book, Numbered

VERSION: Final = b"\x01"
WIDE: Final = b"\x02"  # of sealed days with revisions behind their runs: an older program would read them wrongly
OPEN, SEALED = b"o", b"s"
ABOUT: Final = "about"
PLAIN: Final = re.compile(r"[\w.~-]*", re.ASCII)


def prefix_of(point: Point) -> str:
    """What the keys of a point's rows begin with."""
    return f"point/{_quoted(point.area)}/{_quoted(point.id)}/"


def _quoted(name: str) -> str:
    return name if PLAIN.fullmatch(name) else quote(name, safe="")  # most need nothing, and a row is written often


def day_value(day: Day) -> bytes:
    """The stored value of a UTC day."""
    if isinstance(day, bytearray):
        return VERSION + OPEN + day
    return (WIDE if sealed.is_wide(day) else VERSION) + SEALED + day


def about_value(point: Point) -> bytes:
    """The stored value of what a point has that is not of a day."""
    full = {"full": True} if point.full else {}
    return VERSION + orjson.dumps(
        {"nominal": point.nominal, "connection": point.connection, "statistics": point.statistics, **full}
    )


def book_rows(book: Book) -> Iterator[tuple[bytes, bytes]]:
    """What came into the book since the last call."""
    for name in ("channels", "tags", "styles"):
        table: Numbered = getattr(book, name)
        for number, item in table.fresh():
            yield f"book/{name}/{number}".encode(), VERSION + orjson.dumps([*item])


Stored = tuple[str, str, str, bytes]  # area, point, day number or ABOUT, value


def read_rows(rows: Iterable[tuple[bytes, bytes]], book: Book) -> list[Stored]:
    """Take over the book; the rows of points, whose entries need it."""
    pages: list[tuple[str, int, Any]] = []
    stored: list[Stored] = []
    for raw, value in rows:
        if value[:1] not in {VERSION, WIDE}:
            raise LaneBroken(f"point row {raw!r} was stored in format {value[0]}, this version reads {WIDE[0]}")
        kind, *rest = raw.decode().split("/")
        if kind == "book":
            pages.append((rest[0], int(rest[1]), orjson.loads(value[1:])))
        else:
            stored.append((unquote(rest[0]), unquote(rest[1]), rest[2], value[1:]))
    for name, number, item in sorted(pages, key=lambda page: page[:2]):
        table: Numbered = getattr(book, name)
        if number != len(table.items):
            raise LaneBroken(
                f"row book/{name}/{len(table.items)} of the voltage ledger is missing: without it the days of points "
                f"cannot be read. Run `gridpulse rebuild`"
            )
        table.load(_item(name, item))
    return stored


def _item(name: str, item: list[Any]) -> tuple[Any, ...]:
    if name == "tags":
        return Tag(item[0], item[1], tuple(item[2]), *item[3:])
    return Style(*item) if name == "styles" else tuple(item)


def day_of(stored: bytes) -> Day:
    """A UTC day as it was stored."""
    return bytearray(stored[1:]) if stored[:1] == OPEN else stored[1:]


def load_day(point: Point, number: int, day: Day, book: Book) -> None:
    """Take over a day; the first slot, the longest cover and the phases follow from all of them."""
    point.days[number] = day
    entries: bytes | bytearray = day
    if isinstance(day, bytes):
        for style, first, _ in sealed.runs(day, book):
            length = length_of(style.interval, mean=style.mean)
            point.meet(style.channel, number * DAY + first, length, book, mean=style.mean)
        entries = sealed.entries(day)
    if entries:
        first_slot = slot_of(number, entries[:WIDTH])  # they are sorted
        for channel, tag in dict.fromkeys(SHARED.iter_unpack(entries)):
            about: Tag = book.tags.items[tag]
            point.meet(channel, first_slot, about.length, book, mean=about.mean)
