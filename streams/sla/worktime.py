"""The running time of a clock: every minute, within office hours, or in whole working days. Pure.

Time is a sequence of spans in which the clock runs, less the pauses. A day beyond the lists of the calendar is worked
from Monday to Friday, and makes the result provisional. Instants are epoch seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from streams.dimensions.periods import day_end, day_start
from streams.sla.calendar import day_zero

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schemas.policy import Unit
    from streams.sla.calendar import Calendar

MINUTE = 60
NEVER = 253_402_300_799  # the last instant that a contract allows
Pause = tuple[int, int | None]  # from, until; None: goes on
Hours = tuple[tuple[str, str], ...]  # HH:MM local, from and to, in their order


class Span(NamedTuple):
    """From `begin` up to, not including, `end`; `listed`: the lists cover all days up to here."""

    begin: int
    end: int
    listed: bool = True


class Reached(NamedTuple):
    """The instant at which a given time has run; provisional: beyond the lists of the calendar."""

    at: int
    provisional: bool


class WorkTime(NamedTuple):
    """The local rules of working time."""

    zone: str
    calendar: Calendar
    office_hours: Hours
    cutoff: str | None


@dataclass(frozen=True)
class Progress:
    """The running time of one clock from its start on; `pauses` are sorted and do not touch."""

    unit: Unit
    limit: int
    start: int
    rules: WorkTime
    pauses: Sequence[Pause] = ()

    @cached_property
    def total(self) -> int:
        """The limit in seconds of running time."""
        if self.unit != "working_days":
            return self.limit * MINUTE
        return sum(span.end - span.begin for span in islice(self._spans(), self.limit))

    def deadline(self) -> Reached | None:
        """The last instant on time; None while a pause is open. A working day ends with its last second."""
        if self.unit == "working_days":
            reached = self.reach(self.total)
            return reached and reached._replace(at=reached.at - 1)
        return self.reach(self.total)

    def at_share(self, percent: int) -> int | None:
        """The first instant at which that share of the limit is used up; None while a pause is open."""
        reached = self.reach(-(-self.total * percent // 100))
        return reached and reached.at

    def reach(self, seconds: int) -> Reached | None:
        """The first instant at which so many seconds have run; None while a pause is open."""
        if self.unit == "minutes" and not self.pauses:
            return Reached(self.start + seconds, provisional=False)
        for span in self._running():
            if span.end - span.begin >= seconds:
                return Reached(span.begin + seconds, not span.listed)
            seconds -= span.end - span.begin
        return None

    def elapsed(self, until: int) -> int:
        """Seconds that have run up to an instant."""
        if self.unit == "minutes" and not self.pauses:
            return max(0, until - self.start)
        seconds = 0
        for span in self._running():
            if span.begin >= until:
                break
            seconds += min(span.end, until) - span.begin
        return seconds

    def permille(self, until: int) -> int:
        """The share of the limit that is used up at an instant."""
        return 1000 * self.elapsed(until) // self.total

    def _running(self) -> Iterator[Span]:
        """The spans less the pauses; endless unless a pause is open."""
        pauses = list(reversed(self.pauses))
        for begin, end, listed in self._spans():
            since = begin
            while pauses and pauses[-1][0] < end:
                paused, resumed = pauses[-1]
                if paused > since:
                    yield Span(since, paused, listed)
                if resumed is None:
                    return
                since = max(since, resumed)
                if resumed >= end:
                    break
                pauses.pop()
            if since < end:
                yield Span(since, end, listed)

    def _spans(self) -> Iterator[Span]:
        rules = self.rules
        if self.unit == "minutes":
            yield Span(self.start, NEVER)
            return
        first = date.fromisoformat(day_zero(self.start, rules.zone, rules.cutoff))
        whole = self.unit == "working_days"
        # A clock in working days begins with the day after its day 0, a clock in hours after the cutoff with its day 0.
        begin = self.start if not whole else day_end(first.isoformat(), rules.zone)
        listed = True
        for number in count(first.toordinal() + whole):
            worked, known = rules.calendar.worked(number)
            listed = listed and known
            if worked:
                hours = () if whole else rules.office_hours
                for since, until in _hours(number, rules.zone, hours):
                    if until > begin:
                        yield Span(max(since, begin), until, listed)


@lru_cache(maxsize=4096)  # the same few days, for every case
def _hours(day: int, zone: str, hours: Hours) -> tuple[tuple[int, int], ...]:
    """The instants of the office hours of a day (its ordinal); the whole day where none are given."""
    local = date.fromordinal(day)
    if not hours:
        return ((day_start(local.isoformat(), zone), day_end(local.isoformat(), zone)),)
    return tuple((_instant(local, since, zone), _instant(local, until, zone)) for since, until in hours)


def _instant(day: date, clock: str, zone: str) -> int:
    hour, minute = int(clock[:2]), int(clock[3:])
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(hours=hour, minutes=minute)
    return int(local.timestamp())  # wall-clock arithmetic: an aware sum within one zone
