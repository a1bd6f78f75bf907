"""Working time by brute force: minute after minute, each asked whether the clock runs in it."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = 60


@cache
def wall(zone, instant):
    """Local day and HH:MM:SS."""
    local = datetime.fromtimestamp(instant, UTC).astimezone(zone)
    return local.date(), f"{local:%H:%M:%S}"


class Stepper:
    """Knows lists of days only: (off, worked on weekends, first and last day that are listed)."""

    def __init__(self, zone, *, off, worked, listed, hours, cutoff):
        self.zone, self.off, self.worked, self.listed = ZoneInfo(zone), off, worked, listed
        self.hours, self.cutoff = hours, cutoff
        self.is_worked = cache(self._is_worked)

    def _is_worked(self, day):
        if self.listed[0] <= day <= self.listed[1]:
            return day in self.worked or (day not in self.off and day.weekday() < 5)
        return day.weekday() < 5

    def day_zero(self, start):
        day, clock = wall(self.zone, start)
        return day + timedelta(days=self.cutoff is not None and clock > f"{self.cutoff}:00")

    def runs(self, unit, zero, instant):
        """Whether the clock runs in the minute that begins at an instant."""
        if unit == "minutes":
            return True
        day, clock = wall(self.zone, instant)
        if not self.is_worked(day):
            return False
        if unit == "working_days":
            return day > zero
        return day >= zero and any(since <= clock[:5] < until for since, until in self.hours)

    def deadline(self, unit, limit, start, pauses):
        """The last instant on time, whether it depends on an unlisted day; None if it is not reached."""
        left, zero = self.total(unit, limit, start), self.day_zero(start)
        instant = start
        while left:
            if any(since <= instant and until is None for since, until in pauses):
                return None
            paused = any(since <= instant < until for since, until in pauses if until is not None)
            left -= not paused and self.runs(unit, zero, instant)
            instant += MINUTE
        last = wall(self.zone, instant - MINUTE)[0]
        provisional = unit != "minutes" and self.looked_beyond(zero, last, whole=unit == "working_days")
        return instant - (unit == "working_days"), provisional

    def total(self, unit, limit, start):
        """The limit in minutes that run."""
        if unit != "working_days":
            return limit
        day, days, minutes = self.day_zero(start), limit, 0
        while days:
            day += timedelta(days=1)
            if self.is_worked(day):
                days -= 1
                minutes += sum(1 for _ in self.minutes_of(day))
        return minutes

    def minutes_of(self, day):
        instant = int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())
        while wall(self.zone, instant)[0] == day:
            yield instant
            instant += MINUTE

    def looked_beyond(self, zero, last, *, whole):
        first = zero + timedelta(days=whole)
        return any(not self.listed[0] <= day <= self.listed[1] for day in days(first, last))


def days(first: date, last: date):
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
