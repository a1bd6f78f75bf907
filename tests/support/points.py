"""Voltage points of one area: their records by short words, a ledger, and its sums."""

from types import SimpleNamespace

import orjson

from schemas.event import format_instant
from schemas.network import Area, Point
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.dimensions.periods import day_start
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules

ZONE = "Asia/Shanghai"
DAY = "2026-06-03"
MIDNIGHT = day_start(DAY, ZONE)
MINUTE = 60


def point(name="P", area="A", **said):
    fixed = {"monitoring_class": "D", "nominal_centivolts": 22_000, "phases": ["A"], "monitored_from": DAY}
    return Point(point=name, area=area, **fixed | said)


AREA = Area(area="A", region="north", area_type="urban", served=[])


def ledger(*points, rules=None):
    network = Network.from_records([AREA, *(points or (point(),))])
    return PointLedger(Partials(), Reference(network, rules or Rules()), lambda _: True)


def reading(at, volts, name="P", delivered=None, **said):
    said = {"recorded_at": format_instant(said.pop("recorded_at", at)), "source": "ami", **said}
    event = {"event_type": "reading", "area": "A", "point": name, "occurred_at": format_instant(at), **said}
    event["value_centivolts"] = None if volts is None else round(volts * 100)
    return record(event, at if delivered is None else delivered)


def frame(start, volts, interval=MINUTE, name="P", delivered=None, **said):
    end = start + interval * len(volts)
    said = {"recorded_at": format_instant(end), "source": "ami", **said}
    event = {"event_type": "frame", "area": "A", "point": name, "start": format_instant(start), **said}
    event["interval_seconds"] = interval
    event["values_centivolts"] = [None if value is None else round(value * 100) for value in volts]
    return record(event, end if delivered is None else delivered)


def record(event, delivered):
    return SimpleNamespace(
        offset=0, key=event["area"].encode(), value=orjson.dumps(event), timestamp=delivered * 1000, headers=()
    )


def run(points, *records, now):
    counts, refused = points.apply("voltage", records, now)
    assert not refused, refused
    points.due(now)
    return counts, list(points.evaluate(now))


def cell(points, period=DAY, scope="all"):
    return {name: amount for name, (amount, _) in points.partials.sums.get(f"{scope}|{period}", {}).items()}


def seconds(points, period=DAY):
    found = cell(points, period)
    names = ("compliant", "over", "under", "excluded", "suspect")
    return {name: found[key] for name in names if (key := f"voltage_{name}_seconds|D") in found}


UTC_MIDNIGHT = MIDNIGHT + 8 * 3600  # the begin of a UTC day
