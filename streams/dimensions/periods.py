"""Local days, weeks, months and the rolling 30 days in a time zone; instants are epoch seconds, days are ISO dates.

A local day lasts from its first instant to the first of the next: 23, 24 or 25 hours, also where midnight is skipped. A
week is seven days, Monday to Sunday, named as in ISO 8601: 2026-W23.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache
from re import fullmatch
from zoneinfo import ZoneInfo

from streams.dimensions.scopes import NOW

LAST_30_DAYS = "last30d"
PATTERN = "[0-9]{4}-(W[0-9]{2}|[0-9]{2}(-[0-9]{2})?)"
EARLIEST_DAY = "0001-01-02"  # so that its begin is an instant in every zone
_MONTH_LENGTH = len("2026-06")
_WEEK = "-W"
_WEEK_DAYS = range(1, 8)
_LAST_DAY = date.max.isoformat()


@lru_cache(maxsize=65536)
def local_day(at: int, zone: str) -> str:
    """The local date an instant falls on."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date().isoformat()


@lru_cache(maxsize=8192)
def day_start(day: str, zone: str) -> int:
    """The first instant of a local day; a skipped midnight resolves to the instant of the skip (fold 0)."""
    first = date.fromisoformat(day)
    return int(datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone)).timestamp())


def day_end(day: str, zone: str) -> int:
    """The first instant of the following local day."""
    return day_start(next_day(day), zone)


@lru_cache(maxsize=8192)
def next_day(day: str) -> str:
    """The next date."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def month_of(day: str) -> str:
    """The month of a day, such as 2026-06."""
    return day[:_MONTH_LENGTH]


@lru_cache(maxsize=8192)
def week_of(day: str) -> str:
    """The ISO 8601 week of a day, such as 2026-W23; around New Year it may belong to the year before or after."""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year:04}{_WEEK}{week:02}"


@lru_cache(maxsize=1024)
def week_days(week: str, until: str) -> tuple[str, ...]:
    """The days of a week up to and including `until`; none when the week has not begun by then."""
    year, _, number = week.partition(_WEEK)
    days = (date.fromisocalendar(int(year), int(number), n).isoformat() for n in _WEEK_DAYS)
    return tuple(day for day in days if day <= until)


@lru_cache(maxsize=1024)
def month_days(month: str, until: str) -> tuple[str, ...]:
    """The days of a month up to and including `until`; none when the month has not begun by then."""
    year, number = int(month[:4]), int(month[5:])
    days = (date(year, number, n).isoformat() for n in range(1, monthrange(year, number)[1] + 1))
    return tuple(day for day in days if day <= until)


@lru_cache(maxsize=1024)
def rolling(day: str, length: int = 30) -> tuple[str, ...]:
    """The `length` days that end with `day`, oldest first."""
    last = date.fromisoformat(day)
    return tuple((last - timedelta(days=back)).isoformat() for back in range(length - 1, -1, -1))


def exists(period: str) -> bool:
    """Whether a text is a day, a week or a month of which every day, and the day after, is in the calendar."""
    if fullmatch(PATTERN, period) is None:
        return False
    try:
        first = _first_day(period)
        return bool(next_day(days(period, _LAST_DAY)[-1])) and first >= EARLIEST_DAY
    except (ValueError, OverflowError):
        return False


@lru_cache(maxsize=65536)
def kind(period: str) -> str:
    """The kind of a period: now, day, week, month or last30d."""
    if period in {NOW, LAST_30_DAYS}:
        return period
    if _WEEK in period:
        return "week"
    return "month" if len(period) == _MONTH_LENGTH else "day"


def days(period: str, today: str) -> tuple[str, ...]:
    """The days of a period when the local date is `today`; `now` has none."""
    match kind(period):
        case "week":
            return week_days(period, today)
        case "month":
            return month_days(period, today)
        case "last30d":
            return rolling(today)
        case "day":
            return (period,)
    return ()


@lru_cache(maxsize=8192)
def period_end(period: str, zone: str) -> int | None:
    """The instant a day, a week or a month is over; None for periods that move along."""
    match kind(period):
        case "day":
            return day_end(period, zone)
        case "week":
            return day_end(week_days(period, _LAST_DAY)[-1], zone)
        case "month":
            return day_end(month_days(period, f"{period}-31")[-1], zone)
    return None


@lru_cache(maxsize=65536)
def origin(period: str, zone: str) -> int:
    """The instant from which growth in a period counts: local midnight of its first day.

    0 for `now` and `last30d`, whose begin moves: they have no growth.
    """
    if period in {NOW, LAST_30_DAYS}:
        return 0
    return day_start(_first_day(period), zone)


def _first_day(period: str) -> str:
    match kind(period):
        case "week":
            return week_days(period, _LAST_DAY)[0]
        case "month":
            return f"{period}-01"
    return period
