"""A point of which too much is said: service and oracle refuse the same records."""

import random
from types import SimpleNamespace

import orjson
import pytest

from streams.cases import point_bounds
from streams.oracle import bounds
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.settings import Settings
from tests.support.points import UTC_MIDNIGHT, frame, ledger, reading

LATER = UTC_MIDNIGHT + 86_400


def statistics(dice, source):
    event = {"event_type": "daily_statistics", "area": "A", "point": "P", "day": "2026-06-03", "source": source}
    event |= {"recorded_at": "2026-06-04T01:00:00Z", "monitored_minutes": 1440, "over_minutes": 0, "under_minutes": 0}
    return SimpleNamespace(offset=0, key=b"A", value=orjson.dumps(event), timestamp=LATER * 1000, headers=())


@pytest.mark.parametrize("seed", range(3))
def test_service_and_oracle_refuse_the_same_records(seed, monkeypatch):
    """Readings in order, which go through the columns, among frames, corrections, other sources; restarts."""
    monkeypatch.setattr(point_bounds, "VALUES_MAX", 60)
    monkeypatch.setattr(point_bounds, "ONE_BY_ONE_FROM", 10)
    monkeypatch.setattr(point_bounds, "PHASES_IN_STEP", 0)
    monkeypatch.setattr(point_bounds, "SOURCES_MAX", 3)
    monkeypatch.setattr(bounds, "POINT_VALUES", 60)
    monkeypatch.setattr(bounds, "POINT_SOURCES", 3)
    dice, points = random.Random(seed), ledger()
    records, refused, now = [], set(), UTC_MIDNIGHT - 60
    for n in range(400):
        now += dice.choice((0, 60, 300))
        said = {"source": dice.choice("aaaabc") if dice.random() < 0.95 else dice.choice("defg"), "delivered": now}
        said |= {"phase": dice.choice(("A", "B", "C", "N"))} if dice.random() < 0.3 else {}
        kind = dice.random()
        if kind < 0.6:
            record = reading(now, 220.0, interval_seconds=60, **said)
        elif kind < 0.75:
            record = reading(now - dice.choice((600, 60, 90_000)), 230.0, revision=dice.randrange(3), **said)
        elif kind < 0.95:
            record = frame(now - dice.choice((600, 86_400, 260_000)), [220.0] * dice.choice((1, 3, 9)), **said)
        else:
            record = statistics(dice, said["source"])
        _, verdicts = points.apply("voltage", [record], now)
        refused |= {n for _, verdict in verdicts if verdict.reason == "case_full"}
        records.append(Record("grid.voltage-readings.v1", 0, n, record.timestamp, record.key, record.value))
        if dice.random() < 0.3:
            list(points.evaluate(now))
    with Oracle(Settings(voltage_interval_seconds=900), records) as oracle:
        taken = {n for (n,) in oracle.rows("SELECT n FROM voltage_event")}
        rejected = {n for (n,) in oracle.rows("SELECT n FROM record")} - taken
    late = {
        n for n in rejected if points.apply("voltage", [as_incoming(records[n])], now)[1][0][1].reason != "case_full"
    }
    assert len(refused) > 20
    assert rejected - late == refused


def as_incoming(record):
    return SimpleNamespace(offset=0, key=record.key, value=record.value, timestamp=record.timestamp, headers=())
