"""What the bench sends of voltage: many points that measure every 15 minutes, singly or a day in one frame."""

import random
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import orjson

from schemas.event import format_instant, parse_instant
from streams import clock
from tests.bench.load import SEED, Events, NetworkRecords

AREAS = 100
INTERVAL = 900
NOMINAL = 22_000
FRAME_VALUES = 96
LAG = 60  # seconds from the end of a slot to its being written down


def network(points: Iterable[int]) -> NetworkRecords:
    """One region of 100 areas, and the points with these numbers."""
    records: list[dict[str, Any]] = [{"record_type": "region", "region": "r", "name": "r"}]
    records += (
        {"record_type": "area", "area": f"area-{number:03}", "region": "r", "area_type": "urban", "served": []}
        for number in range(AREAS)
    )
    records += (
        {
            "record_type": "point",
            **_place(number),
            "monitoring_class": "D",
            "nominal_centivolts": NOMINAL,
            "phases": ["A"],
        }
        for number in points
    )
    return records


def singles(points: int, slots: int) -> Events:
    """A reading of every point for each of the last slots before now, slot by slot."""
    end = clock.now() // INTERVAL * INTERVAL
    return [
        _event(number, "reading", slot, {"occurred_at": format_instant(slot), "value_centivolts": next(values)})
        for slot in range(end - (slots - 1) * INTERVAL, end + 1, INTERVAL)
        for values in [voltages(slot)]
        for number in range(points)
    ]


def frames(points: int, days: int = 1) -> Events:
    """One frame of a day for every point, up to the last full slot, for each of the last days; oldest first."""
    end = clock.now() // INTERVAL * INTERVAL
    first = range(end - days * FRAME_VALUES * INTERVAL, end, FRAME_VALUES * INTERVAL)
    return [frame(number, start, values) for start in first for values in [voltages(start)] for number in range(points)]


def frame(number: int, start: int, values: Iterator[int]) -> tuple[bytes, bytes]:
    """Key and value of the frame of a point's day: means, told when the day is over."""
    about = {
        "start": format_instant(start),
        "values_centivolts": [next(values) for _ in range(FRAME_VALUES)],
        "value_kind": "mean",
        "stamp": "start",
    }
    return _event(number, "frame", start + FRAME_VALUES * INTERVAL, about)


def sent_at(value: bytes) -> int:
    """Milliseconds: a reading is sent when it was written down, so a backlog of hours has the times of these hours."""
    return 1000 * parse_instant(orjson.loads(value)["recorded_at"])


def voltages(seed: int) -> Iterator[int]:
    """220 V and something; one in some fifty is out of limits, and none that follows is told from it."""
    chance = random.Random(f"{SEED}/{seed}")
    while True:
        yield int(chance.gauss(NOMINAL, 700))


@cache
def _place(number: int) -> dict[str, str]:
    return {"area": f"area-{number % AREAS:03}", "point": f"point-{number:05}"}


def _event(number: int, kind: str, until: int, about: dict[str, Any]) -> tuple[bytes, bytes]:
    place = _place(number)
    event = {
        "event_type": kind,
        **place,
        "source": "ami",
        "recorded_at": format_instant(until + LAG),
        "revision": 0,
        "interval_seconds": INTERVAL,
        **about,
    }
    return place["area"].encode(), orjson.dumps(event)
