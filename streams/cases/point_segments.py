"""From what holds at each slot of a point to the time that its values cover, and to the seconds of a local day.

A value covers [slot, slot + length), at most up to the next value of its phase; one that is not known has no part
in it. A mean counts once it is over, an instantaneous value as far as the last full five minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.cases.point_limits import (
    ABSENT,
    COMPLIANT,
    EXCLUDED,
    FLOATING,
    OVER,
    SEVERE,
    SUSPECT,
    UNDER,
    VERDICT_BITS,
    VERDICT_MASK,
    verdict_of_day,
)
from streams.facts.profile import length_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.facts.profile import Row, Rows

GRID: Final = 300
VERDICTS: Final = FLOATING + 1
CODES: Final = 2 * SEVERE  # verdicts with a class above them, and above that whether it was far out


class Cover(NamedTuple):
    """The time one value covers, [start, end).

    `holds_until` is how long it speaks of now. A mean comes when its interval is over: until the next one comes it is
    the latest that is known, and holds on for as long as an instantaneous value of the interval's end would.
    """

    start: int
    end: int
    holds_until: int
    verdict: int
    value: int | None
    mean: bool


class Seconds(NamedTuple):
    """Of all phases together."""

    compliant: int = 0
    over: int = 0
    under: int = 0
    excluded: int = 0
    suspect: int = 0

    @property
    def monitored(self) -> int:
        return self.compliant + self.over + self.under


def reach(longest: int) -> int:
    """For how many seconds from its slot on a value can speak of now; `longest` is the longest cover of a value."""
    return longest + length_of(longest, mean=False)


def holds_for(length: int, *, mean: bool) -> int:
    """For how many seconds from its slot on a value speaks of now, if no other one comes."""
    return length + length_of(length, mean=False) if mean else length


def batch_due(row: Row, delivery_interval: int) -> int:
    """Until when a value says that the point is not silent: one and a half intervals of delivery after it was read.

    0 where values come as they are measured, and of one that is not known.
    """
    slot, length, mean, code, _ = row
    if not delivery_interval or code == ABSENT:
        return 0
    return (slot + length if mean else slot) + length_of(delivery_interval, mean=False)


def grid(now: int) -> int:
    """How far running holds count: the last full five minutes."""
    return now // GRID * GRID


def covers(rows: Iterable[Row]) -> list[Cover]:
    """The rows of one phase by slot, as covers."""
    known = [row for row in rows if row[3] != ABSENT]
    found = []
    for position, (slot, length, mean, verdict, value) in enumerate(known, 1):
        end = slot + length
        holds_until = slot + holds_for(length, mean=mean)
        if position < len(known):
            end, holds_until = min(end, known[position][0]), min(holds_until, known[position][0])
        found.append(Cover(slot, end, holds_until, verdict & VERDICT_MASK, value, mean))
    return found


def seconds(rows: Rows, start: int, end: int, now: int, nominal: int | None) -> Seconds:
    """What counts by now of [start, end), a local day; `rows` include those before it that reach into it."""
    by_code = [0] * CODES
    values: list[int] = []
    for of_phase in rows.values():
        known = [row for row in of_phase if row[3] != ABSENT]
        if known:
            values += count(by_code, known, next_slots(known), (start, end), now)
    sums = [sum(by_code[verdict :: 1 << VERDICT_BITS]) for verdict in range(VERDICTS)]
    if values and nominal is not None:
        sums[verdict_of_day(max(values), min(values), nominal)] += sums[FLOATING]
    return seconds_of(sums)


def seconds_of(sums: list[int]) -> Seconds:
    """Of sums by verdict."""
    return Seconds(sums[COMPLIANT], sums[OVER], sums[UNDER], sums[EXCLUDED], sums[SUSPECT])


def next_slots(rows: list[Row]) -> list[int]:
    """For each row of a phase the slot after it; for the last one the end of its own cover."""
    after = [row[0] for row in rows[1:]]
    after.append(rows[-1][0] + rows[-1][1])
    return after


def count(sums: list[int], rows: list[Row], after: list[int], day: tuple[int, int], now: int) -> list[int]:
    """Add by verdict what counts by now of a day, [start, end); the values of those that it is to judge as a whole.

    A class above the verdict is part of it here.

    `rows` are of one phase and all known. The loop that most time is spent in, so without objects and calls.
    """
    start, end = day
    full = grid(now)
    floating: list[int] = []
    for (slot, length, mean, verdict, value), cut_at in zip(rows, after, strict=True):
        until = slot + length
        if cut_at < until:  # noqa: PLR1730  # min() takes three times as long
            until = cut_at
        if until > (now if mean else full):
            until = slot if mean else full
        if until > end:  # noqa: PLR1730  # as above
            until = end
        since = start if slot < start else slot  # noqa: FURB136  # as above
        if since < until:
            sums[verdict] += until - since
            if verdict == FLOATING and value is not None:
                floating.append(value)
    return floating
