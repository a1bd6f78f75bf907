"""A time zone as rows for SQL: between which instants (epoch seconds) which offset holds."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

FIRST = 944_006_400  # 1999-12-01T00:00:00Z; the instants of events begin a month later
FOR_EVER = 10**12
STEP = 86_400  # no zone changes its offset twice in a day


def shifts(zone: str, until: int) -> list[dict[str, Any]]:
    """Rows {since, until, shift}: local time is UTC and `shift` seconds; the last row holds for all that follows."""
    place = ZoneInfo(zone)
    before = _shift(FIRST, place)
    rows = [{"since": -FOR_EVER, "until": FOR_EVER, "shift": before}]
    for at in range(FIRST + STEP, until, STEP):
        after = _shift(at, place)
        if before != after:
            change = _change(at - STEP, at, before, place)
            rows[-1]["until"] = change
            rows.append({"since": change, "until": FOR_EVER, "shift": after})
            before = after
    return rows


def _change(low: int, high: int, before: int, place: ZoneInfo) -> int:
    """The first instant in (low, high] at which the offset is another one than `before`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _shift(middle, place) == before else (low, middle)
    return high


def _shift(at: int, place: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(at, place).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
