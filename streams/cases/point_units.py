"""Why values are suspect: unit errors, which a power of ten brings within 20 % of the nominal voltage, and unlisted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.cases.findings import UNIT_ERRORS, UNLISTED_VALUE
from streams.cases.point_limits import ABSENT, COMPLIANT, SUSPECT, UNLISTED, VERDICT_MASK
from streams.cases.point_segments import grid, next_slots
from streams.dimensions.periods import day_start, local_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.cases.point import DayTold, Point
    from streams.cases.point_contribution import View
    from streams.facts.book import Book
    from streams.facts.profile import Rows

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


def reasons_of_suspect(point: Point, view: View, told: Iterable[DayTold], now: int, book: Book) -> tuple[str, ...]:
    """Findings that say why values of the local day of now and the one before are suspect, of those that count by now.

    `UNLISTED_VALUE` where nobody knows how to read one of them, and the unit error of the last one. What was found is
    kept for as long as no other suspect value counts: values in order change it only with their time.
    """
    suspect = sum(day.seconds.suspect for day in told)
    if point.suspect_for is None or point.suspect_for[0] != suspect:
        point.suspect_for = suspect, _found(point, view, now, book) if suspect else ()
    return point.suspect_for[1]


def _found(point: Point, view: View, now: int, book: Book) -> tuple[str, ...]:
    nominal = view.limits.nominal
    if nominal is None:
        return ()
    since = day_start(local_day(day_start(local_day(now, view.zone), view.zone) - 1, view.zone), view.zone)
    found = []
    last = _last_counted(point.rows(since, now + 1, book, view.judge), SUSPECT, now)
    if last is not None and (error := unit_error(last, nominal)) is not None:
        found.append(error)
    if _last_counted(point.rows(since, now + 1, book, _is_unlisted), UNLISTED, now) is not None:
        found.append(UNLISTED_VALUE)
    return tuple(found)


def _is_unlisted(_value: int, qualities: tuple[int, ...]) -> int:
    return UNLISTED if UNLISTED in qualities else COMPLIANT


def _last_counted(rows: Rows, wanted: int, now: int) -> int | None:
    """The value of the last row of a verdict whose time counts, of all phases."""
    found: list[tuple[int, str, int]] = []
    for phase, of_phase in rows.items():
        known = [row for row in of_phase if row[3] != ABSENT]
        after = next_slots(known) if known else []
        for row, following in zip(reversed(known), reversed(after), strict=True):
            slot, length, mean, code, value = row
            counts = min(slot + length, following) <= now if mean else slot < grid(now)
            if value is not None and counts and (code & VERDICT_MASK if wanted == SUSPECT else code) == wanted:
                found.append((slot, phase, value))
                break
    return max(found)[2] if found else None
