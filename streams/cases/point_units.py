"""Unit errors: suspect values that a power of ten brings within 20 % of the nominal voltage, and what names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.cases.findings import UNIT_ERRORS
from streams.cases.point_limits import ABSENT, SUSPECT, VERDICT_MASK
from streams.cases.point_segments import grid, next_slots
from streams.dimensions.periods import day_start, local_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.cases.point import DayTold, Point
    from streams.cases.point_contribution import View
    from streams.facts.profile import Book, Row

BAND: Final = 5  # a fifth of the nominal voltage
EXPONENTS: Final = (1, 2, 3)


def unit_error(value: int, nominal: int) -> str | None:
    """The finding that names the power of ten, or None; both in 0.01 V."""
    for exponent in EXPONENTS:
        power = 10**exponent
        if BAND * abs(value * power - nominal) <= nominal:
            return UNIT_ERRORS[-exponent]
        if BAND * abs(value - nominal * power) <= nominal * power:
            return UNIT_ERRORS[exponent]
    return None


def latest_unit_error(point: Point, view: View, told: Iterable[DayTold], now: int, book: Book) -> str | None:
    """Of the last suspect value of the local day of now and the one before, of those that count by now.

    What was found is kept for as long as no other suspect value counts: values in order change it only with their time.
    """
    suspect = sum(day.seconds.suspect for day in told)
    if point.unit_error is None or point.unit_error[0] != suspect:
        point.unit_error = suspect, _latest(point, view, now, book) if suspect else None
    return point.unit_error[1]


def _latest(point: Point, view: View, now: int, book: Book) -> str | None:
    nominal = view.limits.nominal
    if nominal is None:
        return None
    since = day_start(local_day(day_start(local_day(now, view.zone), view.zone) - 1, view.zone), view.zone)
    found: list[tuple[int, str, int]] = []
    for phase, of_phase in point.rows(since, now + 1, book, view.judge).items():
        last = _last_counted([row for row in of_phase if row[3] != ABSENT], now)
        if last is not None and last[4] is not None:
            found.append((last[0], phase, last[4]))
    return unit_error(max(found)[2], nominal) if found else None


def _last_counted(rows: list[Row], now: int) -> Row | None:
    """The last suspect row whose time counts."""
    after = next_slots(rows) if rows else []
    for row, following in zip(reversed(rows), reversed(after), strict=True):
        slot, length, mean, code, _ = row
        counts = min(slot + length, following) <= now if mean else slot < grid(now)
        if code & VERDICT_MASK == SUSPECT and counts:
            return row
    return None
