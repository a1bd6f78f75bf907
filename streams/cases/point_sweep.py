"""Which numbers of the book the days of points have: the others are given free for what comes next.

A corrected value leaves behind what it shared with nobody. To count how many share a number would cost every value
something; so all days are read, whenever as many numbers came as are in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.facts import sealed
from streams.facts.profile import tags_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.cases.point import Point
    from streams.facts.book import Book


def is_crowded(book: Book) -> bool:
    """Whether it is worth while to read all days."""
    return book.tags.is_crowded or book.styles.is_crowded


def sweep(book: Book, points: Collection[Point]) -> None:
    """Give free what no day has."""
    tags, styles, days = set[int](), set[int](), 0
    for point in points:
        days += len(point.days)
        for day in point.days.values():
            if isinstance(day, bytearray):
                tags |= tags_of(day)
            else:
                tags |= tags_of(sealed.entries(day))
                styles |= sealed.styles_of(day)
    book.tags.keep(tags, days)
    book.styles.keep(styles, days)
