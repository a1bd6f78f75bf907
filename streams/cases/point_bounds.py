"""How much may be said of one point: sources, and values of a UTC day, of which a row of the ledger is made.

And how many points there may be that the network does not have: a source may put anything where the id of a point
belongs. Decided by what is kept and by the order of the partition, as for cases. A record adds all of its values, or
none. What replaces a value adds none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.facts import sealed
from streams.facts.profile import WIDTH, place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.cases.point import Day, Point
    from streams.facts.book import Book

STRANGERS_MAX: Final = 20_000  # points of a partition that the network does not have: 2.5 KB each with one value
SOURCES_MAX: Final = 32
VALUES_MAX: Final = 300_000  # three phases each second are 259,200; at 20 bytes each they stay below 6 MiB
ONE_BY_ONE_FROM: Final = (
    100_000  # values of a day, from which on a point of more phases than three is no more in columns
)
PHASES_IN_STEP: Final = 3
_REMEDY: Final = "Give each measuring place an id of its own"


def is_heard(point: Point) -> bool:
    """Whether anything was taken of it."""
    return bool(point.days or point.statistics)


def new_stranger(strangers: int, area: str, name: str) -> str | None:
    """Why a record of a point is refused that the network does not have and that was never heard of; or None."""
    if strangers < STRANGERS_MAX:
        return None
    return (
        f"the network does not have the point {name!r} in the area {area!r}, and {strangers} others of the partition, "
        f"the most that are taken, neither. Put the points into the network, or mend the source"
    )


def new_source(point: Point, source: str, book: Book) -> str | None:
    """Why a record of the source is refused, or None."""
    known = {book.channels.items[channel][1] for channel in point.channels}
    if len(known) < SOURCES_MAX and not point.statistics:
        return None
    for of_day in (point.statistics or {}).values():
        known.update(name for of_phase in of_day.values() for name in of_phase)
    if source in known or len(known) < SOURCES_MAX:
        return None
    return f"{len(known)} sources, the most that are taken, told of the point before. {_REMEDY}"


def new_values(point: Point, days: Iterable[tuple[int, bytes]], book: Book) -> str | None:
    """Why packed entries, by UTC day, are refused, or None."""
    for number, entries in days:
        held = point.days.get(number)
        if held is None or _most(held, book) + len(entries) // WIDTH <= VALUES_MAX:
            continue
        keys = {entries[at : at + 8] for at in range(0, len(entries), WIDTH)}
        fresh = len(keys) - _known(held, keys, book)
        if fresh and _most(held, book) + fresh > VALUES_MAX:
            return f"the point has {_most(held, book)} values of the UTC day, {fresh} more than {VALUES_MAX}. {_REMEDY}"
    return None


def is_crowded(point: Point) -> bool:
    """Whether the values of a day may become too many: then each of them has to be counted."""
    if len(point.channels) <= PHASES_IN_STEP or not point.days:
        return False
    return any(len(held) > ONE_BY_ONE_FROM * WIDTH for held in point.days.values() if isinstance(held, bytearray))


def _most(held: Day, book: Book) -> int:
    """How many values a day has."""
    if isinstance(held, bytearray):
        return len(held) // WIDTH
    return len(sealed.entries(held)) // WIDTH + sum(count for _, _, count in sealed.runs(held, book))


def _known(held: Day, keys: set[bytes], book: Book) -> int:
    """How many of the values the day has, by slot and channel."""
    if isinstance(held, bytearray):
        return sum(held[at : at + 8] == key for key in keys for at in (place(held, key),))
    kept, whole = sealed.unpack(held, book)
    known = {key.to_bytes(8) for key in kept} | {bytes(whole[at : at + 8]) for at in range(0, len(whole), WIDTH)}
    return len(keys & known)
