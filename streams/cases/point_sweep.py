"""Which numbers of the book the days of points have: the others are given free for what comes next.

A corrected value leaves behind what it shared with nobody. To count how many share a number would cost every value
something; so all days are read, whenever as many numbers came as are in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.facts import sealed
from streams.facts.profile import tags_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.cases.point import Point
    from streams.cases.point_arrivals import Arrivals
    from streams.cases.point_intake import Intake
    from streams.facts.book import Book


VOICES_MAX: Final = 16_384  # what readings have in common, found by what they say: also by words that are on no list


def let_go(book: Book, intake: Intake, arrivals: Arrivals, points: Collection[Point], *, unwritten: bool) -> None:
    """Of what values have no longer in common, before the rows are written of those that change; nothing waits.

    Where a day is `unwritten` its row still has the numbers of before.
    """
    crowded = is_crowded(book)
    if crowded and not unwritten:
        sweep(book, points)
    if crowded or len(intake.voices) > VOICES_MAX:
        intake.forget()
        arrivals.forget_voices()


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
