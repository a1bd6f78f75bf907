"""A point of which too much is said: values of a day and sources are bounded, service and oracle refuse the same."""

import random
from types import SimpleNamespace

import orjson
import pytest

from streams.cases import point_bounds
from streams.cases.point_bounds import VALUES_MAX
from streams.cells.partials import RECORD_BYTES_MAX
from streams.facts.profile import WIDTH
from streams.oracle import bounds
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.settings import Settings
from tests.unit.test_points import MIDNIGHT, frame, ledger, reading

UTC_MIDNIGHT = MIDNIGHT + 8 * 3600  # the begin of a UTC day
LATER = UTC_MIDNIGHT + 86_400


def of_seconds(block, number=1000, **said):
    """A value each second, in the order of their blocks."""
    return frame(UTC_MIDNIGHT + block * number, [220.0] * number, interval=1, delivered=LATER, **said)


def test_a_day_takes_so_many_values_and_its_row_can_be_written(monkeypatch):
    monkeypatch.setattr(point_bounds, "VALUES_MAX", 3_000)
    points = ledger()
    records = [of_seconds(block, 100, source=source) for block in range(8) for source in ("a", "b", "c", "d")]
    counts, refused = points.apply("voltage", records, LATER)
    assert counts == {"applied": 30, "rejected": 2}
    assert {verdict.reason for _, verdict in refused} == {"case_full"}
    assert "3000 values of the UTC day, 100 more than 3000" in refused[0][1].detail
    rows = dict(points.unsaved())
    assert max(map(len, rows.values())) == 3_000 * WIDTH + 2
    assert points.apply("voltage", [of_seconds(3, 100, source="a", revision=1)], LATER)[0] == {"applied": 1}
    list(points.settle(LATER))
    assert points.cases["point/A/P"].findings == ("case_full",)
    again = ledger()
    again.load(rows.items(), LATER)
    assert again.apply("voltage", [of_seconds(90, 100, source="e")], LATER)[0] == {"rejected": 1}


def test_the_finding_is_still_there_after_a_restart(monkeypatch):
    monkeypatch.setattr(point_bounds, "VALUES_MAX", 5)
    points = ledger()
    points.apply("voltage", [of_seconds(0, 5), of_seconds(4, 2)], LATER)
    list(points.settle(LATER))
    again = ledger()
    again.load(points.unsaved(), LATER)
    assert again.cases["point/A/P"].findings == ("case_full",)


def test_what_cannot_be_written_ends_nobody(monkeypatch):
    points = ledger()
    points.apply("voltage", [of_seconds(0)], LATER)
    monkeypatch.setattr("streams.cells.partials.RECORD_BYTES_MAX", 100 * WIDTH)
    assert [key for key, _ in points.unsaved() if b"/P/" in key] == []
    assert points.unstored[0][0] == "point/A/P"


def test_the_thirty_third_source_tells_nothing():
    points = ledger()
    records = [reading(UTC_MIDNIGHT + 900 * n, 220.0, source=f"s{n}", delivered=LATER) for n in range(34)]
    assert points.apply("voltage", records, LATER)[0] == {"applied": 32, "rejected": 2}
    assert points.apply("voltage", [reading(UTC_MIDNIGHT, 221.0, source="s3", delivered=LATER)], LATER)[0] == {
        "applied": 1
    }


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
            list(points.settle(now))
    with Oracle(Settings(voltage_interval_seconds=900), records) as oracle:
        taken = {n for (n,) in oracle._rows("SELECT n FROM voltage_event")}
        rejected = {n for (n,) in oracle._rows("SELECT n FROM record")} - taken
    late = {
        n for n in rejected if points.apply("voltage", [as_incoming(records[n])], now)[1][0][1].reason != "case_full"
    }
    assert len(refused) > 20
    assert rejected - late == refused


def as_incoming(record):
    return SimpleNamespace(offset=0, key=record.key, value=record.value, timestamp=record.timestamp, headers=())


def test_both_have_the_same_bounds():
    assert (point_bounds.VALUES_MAX, point_bounds.SOURCES_MAX) == (bounds.POINT_VALUES, bounds.POINT_SOURCES)
    assert VALUES_MAX * WIDTH < RECORD_BYTES_MAX
