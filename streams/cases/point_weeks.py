"""EN 50160 at a point: what its 10-minute means of a local week come to, in each phase.

Up to 1 kV (DOMAIN.md 1.3.1): of the means of a week 95 % lie within 10 % of the nominal voltage, and all within +10 %
and -15 % of it; a limit itself is within. What is excluded by its quality or suspect is no valid mean.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from streams.cases.point_limits import ABSENT, OUT_OR_IN, VERDICT_BITS, judge_of
from streams.cases.point_segments import next_slots
from streams.dimensions.periods import day_start, period_end, week_days, week_of
from streams.facts.profile import TEN_MINUTES, is_ten_minute_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.cases.point import DayTold
    from streams.cases.point_contribution import View
    from streams.cases.point_limits import Limits
    from streams.facts.profile import Judge, Rows

    Amounts = dict[tuple[str, str], tuple[int, int]]
    Valid = tuple[int, int, int]  # valid means, those outside +-10 %, those outside +10 %/-15 %
    Slots = tuple[tuple[str, Valid], ...]  # of a local day, by phase
    Weeks = dict[tuple[str, str], Valid]  # by week and phase

NOT_VALID, WITHIN, OUTSIDE, BEYOND = range(4)
PERCENT: Final = 100
ABOVE, BELOW, FAR_BELOW = 110, 90, 85  # of the nominal voltage
OUTSIDE_PERCENT: Final = 5
LAST_DAY: Final = "9999-12-31"


def judge_with_class(limits: Limits) -> Judge:
    """The verdict as ever, and above its bits the class by EN 50160: both stay when the day is sealed."""
    judge, nominal = judge_of(limits), limits.nominal
    if nominal is None or not limits.low_voltage:
        return judge

    def judged(value: int, qualities: tuple[int, ...]) -> int:
        verdict = judge(value, qualities)
        return verdict | class_of(value, nominal) << VERDICT_BITS if verdict in OUT_OR_IN else verdict

    return judged


def class_of(value: int, nominal: int) -> int:
    """Of a valid mean, both in 0.01 V."""
    percent = value * PERCENT
    if percent > nominal * ABOVE or percent < nominal * FAR_BELOW:
        return BEYOND
    return OUTSIDE if percent < nominal * BELOW else WITHIN


def slots_of(rows: Rows, day: tuple[int, int], now: int) -> Slots:
    """The 10-minute means of a local day, [start, end), that count by now: those that are over."""
    start, end = day
    found = []
    for phase, of_phase in sorted(rows.items()):
        classes = [0, 0, 0, 0]
        known = [row for row in of_phase if row[3] != ABSENT]
        for (slot, length, mean, code, _), after in zip(known, next_slots(known) if known else (), strict=True):
            if start <= slot < end and is_ten_minute_mean(length, mean=mean) and min(slot + length, after) <= now:
                classes[code >> VERDICT_BITS & BEYOND] += 1
        _, within, outside, beyond = classes
        if within or outside or beyond:
            found.append((phase, (within + outside + beyond, outside + beyond, beyond)))
    return tuple(found)


def weeks_of(days: Mapping[str, DayTold]) -> Weeks:
    """Of all days of a point."""
    return shifted_weeks({}, {}, days)


def shifted_weeks(weeks: Weeks, old: Mapping[str, DayTold], new: Mapping[str, DayTold]) -> Weeks:
    """The weeks after some days changed."""
    shifted = dict(weeks)
    for days, sign in ((old, -1), (new, 1)):
        for day, told in days.items():
            for phase, (valid, outside, beyond) in told.slots:
                key = week_of(day), phase
                before = shifted.get(key, (0, 0, 0))
                shifted[key] = before[0] + sign * valid, before[1] + sign * outside, before[2] + sign * beyond
    return {key: numbers for key, numbers in shifted.items() if numbers[0]}


def passes(valid: int, outside: int, beyond: int) -> bool:
    """Whether a phase has passed its week."""
    return beyond == 0 and PERCENT * outside <= OUTSIDE_PERCENT * valid


def week_amounts(weeks: Weeks, view: View) -> Amounts:
    """A point fails a week when one of its phases does, and passes when all do; else it is unknown.

    A phase with too few valid means is not judged. Without any valid mean the point is in no number.
    """
    amounts: Amounts = {}
    least = len(view.info.phases) if view.info is not None else 1
    share = view.reference.rules.voltage_week_min_share_percent
    by_week: dict[str, list[Valid]] = {}
    for (week, _), numbers in weeks.items():
        by_week.setdefault(week, []).append(numbers)
    for week, phases in by_week.items():
        slots = slots_in(week, view.zone)
        judged = [numbers for numbers in phases if numbers[0] * PERCENT >= share * slots]
        passed = all(passes(*numbers) for numbers in judged)
        if passed and (len(judged) < max(least, len(phases))):
            amounts[week, f"voltage_en50160_unknown|{view.group}"] = 1, 0
            continue
        amounts[week, f"voltage_en50160_points|{view.group}"] = 1, 0
        if passed:
            amounts[week, f"voltage_en50160_passed|{view.group}"] = 1, 0
    return amounts


@lru_cache(maxsize=256)
def slots_in(week: str, zone: str) -> int:
    """The 10-minute slots of a local week: 1008, six fewer or more where clocks change."""
    end = period_end(week, zone)
    assert end is not None
    days = week_days(week, LAST_DAY)
    return (end - day_start(days[0], zone)) // TEN_MINUTES
