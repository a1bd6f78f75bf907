"""The measurements of the points, and the messages of their concentrators: profiles, readings, daily statistics."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schemas.event import format_instant
from streams.simulator.lifecycle import Message
from streams.simulator.points import Point
from streams.simulator.rates import Rates
from streams.simulator.rng import Rng

HOUR: Final = 3600
DAY: Final = 24 * HOUR
INTERVAL: Final = 900
TEN_MINUTES: Final = 600
ZONE_SECONDS: Final = 8 * HOUR  # the grid is in China; load and sun follow local time
PEAKS: Final = ((8.0, 1.4, 0.22), (12.0, 1.3, 0.2), (19.8, 2.0, 0.6))  # of the load: hour, width, height
NOISE: Final = 0.006  # of the nominal
LOW_LIMITS: Final = (19_800, 23_540)  # GB/T 12325 for 220 V, in 0.01 V
ESTIMATED: Final = (8, 9, 10)
USABLE: Final = (0, 14, 17)


def load(hour: float) -> float:
    """Share of the greatest load at an hour of the day."""
    return 0.35 + sum(height * math.exp(-(((hour - at) / width) ** 2)) for at, width, height in PEAKS)


def sun(hour: float) -> float:
    return max(0.0, math.sin((hour - 6) / 12 * math.pi)) ** 2 if 6 < hour < 18 else 0.0  # noqa: PLR2004  # chances - its hours


# By interval, and slot of the day: (load, sun).
_DAY: Final = {
    interval: tuple((load(at / HOUR), sun(at / HOUR)) for at in range(0, DAY, interval))
    for interval in (INTERVAL, TEN_MINUTES)
}


def interval_of(point: Point) -> int:
    """Seconds between its values."""
    return TEN_MINUTES if point.reports == "ten_minute_means" else INTERVAL


def measured(seed: int, point: Point, phase: str, hour_start: int) -> list[int | None]:
    """The four or six values of an hour in 0.01 V; None where the meter has none."""
    interval = interval_of(point)
    number = HOUR // interval
    rng = Rng(f"{seed}/{point.id}/{phase}/{hour_start}")
    if point.silent or (point.flaky and hour_start // HOUR % 7 == 0):
        return [None] * number
    first = (hour_start + ZONE_SECONDS) % DAY // interval
    values: list[int | None] = []
    for drawn, shining in _DAY[interval][first : first + number]:
        share = 1.035 - point.drop * drawn + point.rise * shining + rng.gauss(0, NOISE)
        lost = rng.random()
        values.append(None if lost < 0.003 else 0 if lost > 0.9998 else round(point.nominal * share))  # noqa: PLR2004  # chances
    return values


def hour_of(seed: int, point: Point, hour_start: int, rates: Rates, singly_from: int | None) -> Iterator[Message]:
    """All messages about an hour of a point, on time except for random delays.

    A meter's profile comes after the hour, and from `singly_from` (seconds) on each value when it is measured, too.
    """
    rng = Rng(f"{seed}/{point.id}/{hour_start}/told")
    for phase in point.phases:
        values = measured(seed, point, phase, hour_start)
        body = _body(point, phase)
        first = hour_start if point.reports == "readings" else singly_from
        for slot, value in zip(range(hour_start, hour_start + HOUR, interval_of(point)), values, strict=True):
            if value is not None and first is not None and slot >= first:
                yield _reading(rng, point, slot, value, body)
        if point.reports != "readings" and any(value is not None for value in values):
            yield from _profile(rng, point, values, body, rates, hour_start=hour_start)
    if point.statistics and (hour_start + ZONE_SECONDS) % DAY == 0:
        yield _statistics(seed, rng, point, hour_start)


def _body(point: Point, phase: str) -> dict[str, Any]:
    body: dict[str, Any] = {"area": point.area, "point": point.id}
    if len(point.phases) > 1:
        body["phase"] = phase
    if point.says_nominal:
        body["nominal_centivolts"] = point.nominal
    return body


def _reading(rng: Rng, point: Point, slot: int, value: int, body: dict[str, Any]) -> Message:
    recorded_at = slot + rng.randint(1, 9)
    event = {
        "event_type": "reading",
        **body,
        "source": "ami-live",
        "occurred_at": format_instant(slot),
        "recorded_at": format_instant(recorded_at),
        "revision": 0,
        "value_centivolts": value,
        "interval_seconds": interval_of(point),
    }
    return Message(recorded_at + rng.randint(1, 40), "voltage", point.area, event)


def _profile(
    rng: Rng, point: Point, values: list[int | None], body: dict[str, Any], rates: Rates, *, hour_start: int
) -> Iterator[Message]:
    """The frame of an hour; a correction follows a wrong frame, sometimes after the day is sealed."""
    at_end = point.reports == "means_at_end"
    profile = body | {
        "event_type": "frame",
        "source": "ami",
        "interval_seconds": interval_of(point),
        "value_kind": "instantaneous" if point.reports == "values" else "mean",
        "stamp": "end" if at_end else "start",
    }
    if rng.chance(0.02):
        profile["qualities"] = [rng.choice((None, None, *USABLE, *ESTIMATED)) for _ in values]

    def frame(at: int, revision: int, sent: list[int | None], shift: int = 0) -> Message:
        instants = {"start": hour_start + (interval_of(point) if at_end else 0), "recorded_at": at}
        stated = {name: format_instant(instant + shift) for name, instant in instants.items()}
        return Message(
            at + 1, "voltage", point.area, profile | stated | {"revision": revision, "values_centivolts": sent}
        )

    at = hour_start + HOUR + rng.randint(20, 600)
    if rng.chance(rates.bad_clocks):  # the meter's clock is wrong, and corrected before the next hour
        yield frame(at, 0, values, rng.choice((-1, 1)) * rng.randint(120, 3 * HOUR))
        at += rng.randint(10, 600)
    revision = 0
    if rng.chance(rates.corrections / 4):
        yield frame(at, revision, _wrong(rng, values))
        at += 2 * DAY + HOUR if rng.chance(0.1) else rng.randint(60, 5400)
        revision = 1
    yield frame(at, revision, values)


def _wrong(rng: Rng, values: list[int | None]) -> list[int | None]:
    """One value with a wrong unit, or slightly wrong."""
    wrong = rng.randrange(len(values))
    factor = rng.choice((10.0, 1.12, 0.86))
    return [round(value * factor) if n == wrong and value is not None else value for n, value in enumerate(values)]


def _statistics(seed: int, rng: Rng, point: Point, midnight: int) -> Message:
    """The terminal's statistics of the day that ends at `midnight`; a misconfigured terminal counts too much."""
    hours = range(midnight - DAY, midnight, HOUR)
    values = [value for hour in hours for value in measured(seed, point, point.phases[0], hour) if value]
    low, high = LOW_LIMITS if not point.id.endswith("7") else (21_000, 23_000)
    minutes = interval_of(point) // 60
    local = datetime.fromtimestamp(midnight - 1, UTC) + timedelta(seconds=ZONE_SECONDS)
    recorded_at = midnight + rng.randint(60, 1800)
    event = {
        "event_type": "daily_statistics",
        **_body(point, point.phases[0]),
        "source": "ami",
        "recorded_at": format_instant(recorded_at),
        "revision": 0,
        "day": local.date().isoformat(),
        "monitored_minutes": len(values) * minutes,
        "over_minutes": sum(value > high for value in values) * minutes,
        "under_minutes": sum(value < low for value in values) * minutes,
        "max_centivolts": max(values, default=None),
        "min_centivolts": min(values, default=None),
    }
    return Message(recorded_at + 1, "voltage", point.area, event)
