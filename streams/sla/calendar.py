"""The working calendar (工作日历): which local days are worked, as data with a validity; deadlines in working days.

Holidays move and weekends are worked for them (调休), by a list that is published a year at a time. Beyond the lists a
day is worked from Monday to Friday, and a deadline that depends on such a day is provisional. Pure.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.policy import WorkingCalendar

WORKING_WEEKDAYS = 5  # Monday to Friday
WEEK = 7
MONDAY = date(2024, 1, 1).toordinal()
Span = tuple[date, date]  # first and last day, both included


@dataclass(frozen=True, slots=True)
class Schedule:
    """One published list: it decides every day of its validity."""

    valid: Span
    off: tuple[Span, ...] = ()
    working: tuple[date, ...] = ()


class Calendar:
    """All lists in force; where two cover one day, the later one in the order given holds."""

    def __init__(self, schedules: Iterable[Schedule] = ()) -> None:
        self.schedules = tuple(schedules)
        known: dict[int, bool] = {}
        for schedule in self.schedules:
            own = {day: _weekday_worked(day) for day in _days(schedule.valid)}
            own.update((day, False) for span in schedule.off for day in _days(span) if day in own)
            own.update((day.toordinal(), True) for day in schedule.working if day.toordinal() in own)
            known |= own  # exceptions outside the validity of their list are ignored
        self._known = known
        exceptions = sorted(day for day, worked in known.items() if worked != _weekday_worked(day))
        self._exceptions = exceptions
        self._balance = [0, *accumulate(1 if known[day] else -1 for day in exceptions)]
        self._steps: dict[tuple[int, int], tuple[int, bool]] = {}
        self.version = hashlib.sha256(repr(sorted(known.items())).encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"Calendar({self.version})"  # the same for the same lists: rules are compared by their repr

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    def with_lists(self, lists: Iterable[WorkingCalendar]) -> Calendar:
        """Add further lists, which override the present ones."""
        further = tuple(map(_schedule, lists))
        return Calendar((*self.schedules, *further)) if further else self

    def worked(self, day: int) -> tuple[bool, bool]:
        """Whether a day (its ordinal) is worked, and whether a list covers it."""
        known = self._known.get(day)
        return (_weekday_worked(day), False) if known is None else (known, True)

    def covered_until(self, day: str) -> str | None:
        """The last day (ISO date) up to which lists cover every day from `day` on; None if they do not cover `day`."""
        first = last = _ordinal(day)
        while last in self._known:
            last += 1
        return None if last == first else date.fromordinal(last - 1).isoformat()

    def working_days_between(self, first: str, last: str) -> int:
        """The working days after `first` up to and including `last` (ISO dates); negative backwards."""
        return self._worked_until(_ordinal(last)) - self._worked_until(_ordinal(first))

    def due_day(self, day: str, working_days: int) -> tuple[str, bool]:
        """The last of so many working days after `day` (ISO dates); and whether a day between is covered by no list.

        >>> Calendar().due_day("2026-06-18", 5)  # a Thursday; without a list the result is provisional
        ('2026-06-25', True)
        """
        key = _ordinal(day), working_days
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = self._step(*key)
        return date.fromordinal(found[0]).isoformat(), found[1]

    def _step(self, day: int, working_days: int) -> tuple[int, bool]:
        provisional = False
        while working_days:
            day += 1
            worked = self._known.get(day)
            if worked is None:
                worked, provisional = _weekday_worked(day), True
            working_days -= worked
        return day, provisional

    def _worked_until(self, day: int) -> int:
        """Working days from a fixed Monday on, up to and including the day: weekdays, and exceptions of the lists."""
        weeks, rest = divmod(day + 1 - MONDAY, WEEK)
        weekdays = WORKING_WEEKDAYS * weeks + min(rest, WORKING_WEEKDAYS)
        return weekdays + self._balance[bisect_right(self._exceptions, day)]


def day_zero(accepted_at: int, zone: str, cutoff: str | None = None) -> str:
    """The local day (ISO date) with which a clock in working days begins: after the cutoff (HH:MM) the next day."""
    local = datetime.fromtimestamp(accepted_at, UTC).astimezone(ZoneInfo(zone))
    late = cutoff is not None and f"{local:%H:%M:%S}" > f"{cutoff}:00"
    return (local.date() + timedelta(days=late)).isoformat()


def _schedule(listed: WorkingCalendar) -> Schedule:
    day = date.fromisoformat
    off = tuple((day(span.first), day(span.last)) for span in listed.off)
    return Schedule((day(listed.valid_from), day(listed.valid_to)), off, tuple(map(day, listed.working)))


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _weekday_worked(day: int) -> bool:
    return (day - MONDAY) % WEEK < WORKING_WEEKDAYS


def _days(span: Span) -> range:
    return range(span[0].toordinal(), span[1].toordinal() + 1)
