"""Times in tables: read as the instant they name, or refused; the time zone of this machine has no effect."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from schemas.event import format_instant, parse_instant
from streams.load import time_format
from streams.load.mapping import EPOCHS, Times

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# As in the contracts: 1970-01-01 and 9999-12-31 mean "not known" and "no end", not times.
SECONDS_MIN, SECONDS_MAX = parse_instant("2000-01-01T00:00:00Z"), parse_instant("2099-12-31T23:59:59Z")
UNIVERSAL = frozenset({"UTC", "GMT", "UT", "Z"})
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d|\d{8}|\d{4}-?W\d\d-?\d)([Tt ]\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?)?([Zz]|[+-]\d\d(:?\d\d){0,2})?",
    re.ASCII,
)
_END_OF_DAY = re.compile(r"(?<![\d:.])24:00(?P<seconds>:00(\.0+)?)?(?![\d:.])", re.ASCII)
_NAMED_ZONE = re.compile(r"(?P<time>.*?)(?P<name>[A-Za-z]+)", re.DOTALL)
_HINTS = (
    (re.compile(r"\d{9,10}(\.\d*)?"), 'seconds since 1970 are read with format = "epoch_seconds" in [time]'),
    (re.compile(r"\d{12,13}"), 'milliseconds since 1970 are read with format = "epoch_milliseconds" in [time]'),
    (re.compile(r"[1-9]\d{4}([.,]\d*)?"), "day numbers of a spreadsheet are not read: export the column as text"),
    (re.compile(r".*:60\b.*"), "leap seconds are not read"),
    (re.compile(r".*[^\W\d_a-zA-Z].*"), "of names only English ones of months, days and AM, PM are read"),
)


def instant(text: str, times: Times) -> str:
    """RFC 3339 of a time in a table; ValueError describes the error."""
    if times.format in EPOCHS:
        seconds = _since_1970(text, EPOCHS[times.format], times.format)
    else:
        local = _parsed_local(text, times)
        if local.tzinfo is None:
            local = _in_zone(local, times)
        try:
            seconds = (local - _EPOCH) // timedelta(seconds=1)
        except OverflowError:
            seconds = -1
    if not SECONDS_MIN <= seconds <= SECONDS_MAX:
        against = times.format and time_format.objection(times.format)
        if against:
            raise ValueError(f"is read with a format that {against}")
        raise ValueError('does not lie between the years 2000 and 2099; [values] maps what means "not known" to ""')
    return format_instant(seconds)


def over_a_change(start: str, interval_seconds: int, values: Sequence[object], zone: ZoneInfo) -> bool:
    """Whether the hours of a profile are ambiguous, because the clocks of its zone change in it.

    They may be hours of the wall or hours that passed. From midnight to midnight they are hours that passed.
    """
    count = len(values)
    while count and values[count - 1] is None:
        count -= 1
    begin = datetime.fromtimestamp(parse_instant(start), zone)
    end = datetime.fromtimestamp(parse_instant(start) + count * interval_seconds, zone)
    last = (end.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone)
    if all((at.hour, at.minute, at.second) == (0, 0, 0) for at in (begin, end)):
        return False
    enters_the_hour = stood_twice(int(last.timestamp()), zone) and not stood_twice(int(begin.timestamp()), zone)
    return begin.utcoffset() != last.utcoffset() or enters_the_hour


def stood_twice(seconds: int, zone: ZoneInfo) -> bool:
    """Whether the clocks of a zone showed the time of this instant twice."""
    local = datetime.fromtimestamp(seconds, zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _since_1970(text: str, units: int, name: str) -> int:
    if not re.fullmatch(r"\d{1,14}(\.\d{1,9})?", text, re.ASCII):
        raise ValueError(f"is no time of the form {name}")
    return int(text.partition(".")[0]) // units


def _parsed_local(text: str, times: Times) -> datetime:
    """The date and time that a text has; with its offset, where it has one. 24:00 is the end of a day."""
    early, ends_the_day = _END_OF_DAY.subn(lambda found: "00:00" + (found["seconds"] or ""), text)
    try:
        return _read(text, times)
    except _Refused:
        raise
    except ValueError:
        if ends_the_day:
            with suppress(ValueError, OverflowError):
                return _read(early, times) + timedelta(days=1)
    hint = next((hint for pattern, hint in _HINTS if pattern.fullmatch(text)), None)
    if hint is None and times.format is None:
        hint = 'set format in [time], such as "%d/%m/%Y %H:%M"'
    form = times.format or "YYYY-MM-DDThh:mm:ss+hh:mm"
    raise ValueError(f"is no time of the form {form}{'; ' + hint if hint else ''}")


def _read(text: str, times: Times) -> datetime:
    return _iso(text) if times.format is None else _formatted(text, times.format, times.zone)


class _Refused(ValueError):
    """A time that fits its format but does not name one instant; the text states the reason."""


def _iso(text: str) -> datetime:
    if not _ISO.fullmatch(text):  # fromisoformat takes any character between date and time, a digit too
        raise ValueError
    return datetime.fromisoformat(text.upper())


def _formatted(text: str, form: str, zone: ZoneInfo | None) -> datetime:
    if not form.endswith("%Z"):
        return _parsed(text, form)
    named = _NAMED_ZONE.fullmatch(text)
    if named is None:
        raise ValueError
    local = _parsed(named["time"].rstrip(), form.removesuffix("%Z").rstrip())
    name = named["name"].upper()
    if name in UNIVERSAL:
        return local.replace(tzinfo=UTC)
    if zone is None:
        raise _Refused(f"names the zone {name}, which has more than one meaning: set zone in [time]")
    offsets = _names(zone.key, local.year).get(name, frozenset())
    if len(offsets) != 1:
        raise _Refused(f"names the zone {name}, which {zone} does not have")
    return local.replace(tzinfo=timezone(next(iter(offsets))))


def _parsed(text: str, form: str) -> datetime:
    """As strptime reads it, if unambiguous: "1062026" of %d%m%Y may be the 1st or the 10th of June."""
    local = datetime.strptime(text, form)  # noqa: DTZ007  the zone comes later
    digits = time_format.run_together(form)
    if digits and not digits.fullmatch(text):
        raise _Refused("has too few digits: fields that run together need all of theirs, zeros too")
    if any(name in form and local.strftime(name).lower() not in text.lower() for name in ("%a", "%A")):
        raise _Refused(f"is read as {local:%Y-%m-%d}, which was a {local:%A}: are day and month swapped?")
    return local


@lru_cache(maxsize=256)
def _names(zone: str, year: int) -> dict[str, frozenset[timedelta]]:
    """The offsets of the abbreviations of a zone in a year: EST and EDT, CET and CEST."""
    found: dict[str, set[timedelta]] = {}
    for day in range(-31, 400, 7):
        at = (datetime(max(year, 2), 1, 1, tzinfo=UTC) + timedelta(days=day)).astimezone(ZoneInfo(zone))
        offset, name = at.utcoffset(), at.tzname()
        if offset is not None and name is not None:
            found.setdefault(name.upper(), set()).add(offset)
    return {name: frozenset(offsets) for name, offsets in found.items()}


def _in_zone(local: datetime, times: Times) -> datetime:
    if times.zone is None:
        raise ValueError("has no offset, and the mapping names no zone")
    first, second = (local.replace(tzinfo=times.zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(times.zone).replace(tzinfo=None, fold=0) != local:
        raise ValueError(f"does not exist in {times.zone}: the clocks were put forward")
    if times.ambiguous == "refuse":
        raise ValueError(f"was there twice in {times.zone}, and the mapping has no `ambiguous`")
    return first if times.ambiguous == "earlier" else second
