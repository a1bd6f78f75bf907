"""Points that readings name and the network does not have: a bound, and those of the network are always taken."""

from dataclasses import replace
from types import SimpleNamespace

import orjson
import pytest

from schemas.network import Point
from streams.agents.dead_letters import of_record
from streams.cases import point_bounds, point_intake
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.oracle import bounds
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.reference.network import Network
from streams.settings import Settings
from tests.support.points import AREA, MIDNIGHT, ledger, point, reading

NOW = MIDNIGHT + 600
REASON = "points_full"


@pytest.fixture(autouse=True)
def three_strangers(monkeypatch):
    monkeypatch.setattr(point_bounds, "STRANGERS_MAX", 3)
    monkeypatch.setattr(bounds, "POINT_STRANGERS", 3)


def taken(points, *names, now=NOW):
    counts, refused = points.apply("voltage", [reading(now, 220.0, name=name) for name in names], now)
    assert {verdict.reason for _, verdict in refused} <= {REASON}
    list(points.evaluate(now))
    return [n for n, name in enumerate(names) if name in {orjson.loads(r.value)["point"] for r, _ in refused}], counts


def restarted(points, reference=None):
    again = PointLedger(Partials(), reference or points.reference, lambda _: True)
    again.load([*points.unsaved()], NOW)
    return again


def test_further_points_are_refused_and_nothing_of_them_stays():
    points = ledger(point())

    assert taken(points, "s1", "s2", "s1", "s3", "s4", "P", "s5")[0] == [4, 6]
    counts, refused = points.apply("voltage", [reading(NOW + 60, 220.0, name="s4")], NOW + 60)

    assert counts == {"rejected": 1}
    assert "does not have the point 's4' in the area 'A', and 3 others" in refused[0][1].detail
    assert {key for key in points.cases if key.startswith("point/")} == {
        f"point/A/{x}" for x in ("P", "s1", "s2", "s3")
    }
    assert points.partials.sums["all|now"]["findings|point_not_in_network"] == (3, 0)
    assert taken(points, "s1", "s2", "s3", "P", now=NOW + 120)[0] == []


def test_a_restart_refuses_the_same():
    points = ledger(point())
    taken(points, "s1", "s2", "s3")

    again = restarted(points)

    assert taken(again, "s1", "s4", "P", now=NOW + 60)[0] == [1]


def test_points_of_the_network_count_from_then_on_as_such():
    points = ledger(point())
    taken(points, "s1", "s2", "s3", "s4")
    network = Network.from_records([AREA, point(), point("s4"), point("s1")])
    points.refer(replace(points.reference, network=network))

    assert taken(points, "s4", "s5", "s6", now=NOW + 60)[0] == [2]
    assert taken(restarted(points), "s4", "s5", "s6", now=NOW + 120)[0] == [2]


def test_what_broke_our_code_counts_as_no_point(monkeypatch):
    points = ledger(point())

    with monkeypatch.context() as patch:
        patch.setattr(point_intake.Intake, "voice", None)
        counts, _ = points.apply("voltage", [reading(NOW, 220.0, name=f"s{n}") for n in range(9)], NOW)
    assert counts == {"defect": 9}

    assert taken(points, "s8", "s7", "s6", "s5", now=NOW + 60)[0] == [3]


def test_both_have_the_same_bound(monkeypatch):
    monkeypatch.undo()

    assert point_bounds.STRANGERS_MAX == bounds.POINT_STRANGERS


def test_the_oracle_refuses_the_same_records():
    """In each partition its own; what is refused for another reason names no point."""
    in_network = Point(
        point="P", area="A", monitoring_class="D", nominal_centivolts=22_000, phases=["A"], monitored_from="2026-06-03"
    )
    network = [
        Record("grid.network.v1", 0, n, 0, key, orjson.dumps(said.model_dump(mode="json") | {"record_type": kind}))
        for n, (key, kind, said) in enumerate(((b"area/A", "area", AREA), (b"point/A/P", "point", in_network)))
    ]
    names = ("s1", "s2", "late", "s1", "P", "s3", "s4", "s2", "s5", "P", "s4")
    service = [ledger(point()), ledger(point())]
    records, refused = [], set()
    for n, name in enumerate(names * 2):
        now = NOW + n
        partition, at = n % 2, now - 90 * 86_400 if name == "late" else now
        record = reading(at, 220.0, name=name, delivered=now)
        _, verdicts = service[partition].apply("voltage", [record], now)
        refused |= {(partition, n) for _, verdict in verdicts if verdict.reason == REASON}
        records.append(Record("grid.voltage-readings.v1", partition, n, now * 1000, record.key, record.value))
    with Oracle(Settings(), [*network, *records]) as oracle:
        admitted = {*oracle.rows("SELECT r.partition, r.position FROM voltage_event JOIN record AS r USING (n)")}

    late = {(record.partition, record.offset) for record in records if b'"late"' in record.value}
    assert refused
    assert {(n % 2, n) for n in range(len(records))} - admitted - late == refused


def test_the_letter_says_why():
    points = ledger(point())
    record = SimpleNamespace(**vars(reading(NOW, 220.0, name="s4")))
    points.apply("voltage", [reading(NOW, 220.0, name=f"s{n}") for n in range(3)], NOW)
    ((_, verdict),) = points.apply("voltage", [record], NOW)[1]

    letter = of_record("letters", "grid.voltage-readings.v1", 0, record, verdict)

    assert dict(letter.headers)["__connect.errors.exception.class.name"] == REASON.encode()
