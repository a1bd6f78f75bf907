"""A point's rate per day, month and the last 30 days: that of all its seconds there, where they are enough.

Of a period each point has four sums: compliant and monitored seconds, and, of days that are over, covered and
expected ones. With less than the minimum of coverage (a setting) it has no rate there, and is counted as such; a day
that goes on is not judged by its coverage. Rates are integers of 10^-9, rounded half to even.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.dimensions.periods import LAST_30_DAYS, month_of, rolling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.cases.point import DayTold
    from streams.cases.point_contribution import View

    Amounts = dict[tuple[str, str], tuple[int, int]]
    Four = tuple[int, int, int, int]  # compliant, monitored, covered, expected

BILLION: Final = 10**9
PERCENT: Final = 100
NO_SUMS: Final = (0, 0, 0, 0)


def sums_of_day(told: DayTold) -> Four:
    """Of a local day; while it goes on nothing is expected of it yet."""
    counted = told.seconds
    covered = counted.monitored + counted.excluded if told.expected else 0
    return counted.compliant, counted.monitored, covered, told.expected


def is_enough(sums: Four, view: View) -> bool:
    """Whether so much of a period is covered that the point has a rate there."""
    _, _, covered, expected = sums
    return covered * PERCENT >= view.reference.rules.voltage_min_coverage_percent * expected


def rate_amounts(period: str, sums: Four, view: View) -> Amounts:
    """The point's rate over a period, or that it is covered too little for one."""
    compliant, monitored, _, _ = sums
    if not is_enough(sums, view):
        return {(period, f"voltage_points_low_coverage|{view.group}"): (1, 0)}
    if not monitored:
        return {}
    return {
        (period, f"voltage_rate_ppb|{view.group}"): (_rounded(compliant * BILLION, monitored), 0),
        (period, f"voltage_points|{view.group}"): (1, 0),
    }


def _rounded(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2))


def shifted(
    sums: Mapping[str, Four], old: Mapping[str, DayTold], new: Mapping[str, DayTold], was: str, today: str
) -> dict[str, Four]:
    """The sums of `sums_of`, after some days changed, and the last day from `was` to `today`."""
    shift = dict(sums)
    for days, last, sign in ((old, was, -1), (new, today, 1)):
        _add(shift, days, rolling(last), sign)
    return {period: each for period, each in shift.items() if any(each)}


def sums_of(days: Mapping[str, DayTold], today: str) -> dict[str, Four]:
    """Four sums by month, and of the last 30 days."""
    sums: dict[str, Four] = {}
    _add(sums, days, rolling(today), 1)
    return sums


def _add(sums: dict[str, Four], days: Mapping[str, DayTold], window: Iterable[str], sign: int) -> None:
    within = frozenset(window)
    for day, told in days.items():
        of_day = sums_of_day(told)
        if not any(of_day):
            continue
        for period in (month_of(day), LAST_30_DAYS) if day in within else (month_of(day),):
            a, b, c, d = sums.get(period, NO_SUMS)
            compliant, monitored, covered, expected = of_day
            sums[period] = a + sign * compliant, b + sign * monitored, c + sign * covered, d + sign * expected
