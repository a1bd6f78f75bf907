"""Before a source knows how far its inputs are read it tells of no instant: there are no cells of 1970."""

from types import SimpleNamespace

import orjson
import pytest

from streams import topics
from streams.agents.partition import SourcePartition
from streams.app import new_ledger
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.publish.board import Board
from streams.reference.reference import Reference
from streams.wiring.names import Names

NOW = 1_780_459_200  # 2026-06-03T12:00:00+08:00
REFERENCE = Reference()
READING = {
    "event_type": "reading", "occurred_at": "2026-06-03T03:55:00Z", "recorded_at": "2026-06-03T03:55:01Z",
    "source": "test", "revision": 1, "area": "D", "point": "P", "nominal_centivolts": 22_000, "phase": "A",
    "value_centivolts": 24_000,
    "interval_seconds": 900, "qualities": [0],
}  # fmt: skip
OUTAGE = {
    "event_type": "started", "event_id": "o",
    "occurred_at": "2026-06-03T03:00:00Z", "recorded_at": "2026-06-03T03:00:01Z",
    "source": "test", "revision": 1, "outage_id": "O", "kind": "fault", "areas": [{"area": "D", "customers": 5}],
}  # fmt: skip
FIRST = {"voltage": (topics.VOLTAGE, b"D", READING), "cases": (topics.OUTAGES, b"O", OUTAGE)}


@pytest.fixture(params=["voltage", "cases"])
def role(request):
    return request.param


def partition(role, number, partitions=2):
    names = Names.under("", role)
    board = Board(number, partitions, KPIS, REFERENCE.rules, publish_interval=1, growth_interval=60, role=role)
    fold = SourcePartition(number, names, board, new_ledger(role, REFERENCE, lambda _area: True))
    position = Position(partitions, "wall", {name: TopicPosition() for name in names.families})
    fold.load({name: {} for name in (names.partials, names.ledger, names.kpis, names.breaches)}, position)
    return names, fold, position


def status(as_of):
    value = {"v": 1, "as_of": as_of, "published": None, "clock": "wall", "processed": {}, "cases": 0, "drift": 0}
    return orjson.dumps(value)


def apply(role, fold):
    topic, key, event = FIRST[role]
    record = SimpleNamespace(key=key, value=orjson.dumps(event), timestamp=NOW * 1000, offset=0, headers=())
    return fold.apply(topic, [record])


@pytest.mark.parametrize("number", [0, 1])
def test_another_source_that_reads_does_not_make_this_one_tell_of_1970(role, number):
    names, fold, position = partition(role, number)
    totals = Totals(2, REFERENCE.rules.zone, marks=False)
    totals.apply(1 - number, "status", status(NOW))

    fold.publish(NOW, totals, (), complete=False)
    told = fold.outputs(position)
    for output in told:
        if output.topic == names.partials:
            totals.apply(number, output.key.decode(), output.value)
    fold.publish(totals.as_of, totals, (), complete=totals.complete)
    told += fold.outputs(position)

    assert totals.as_of == NOW
    assert [output for output in told if output.topic != names.kpis] == []
    assert not [output.key for output in told if b"1970" in output.key]


def test_records_that_wait_while_the_time_is_unknown_are_in_no_cell_until_it_is(role):
    names, fold, position = partition(role, 0)
    apply(role, fold)

    before = fold.outputs(position)
    position.as_of = NOW
    fold.advance(NOW, complete=False)
    after = fold.outputs(position)

    assert {output.topic for output in before} <= {names.ledger}
    cells = [output.key.decode() for output in after if output.topic == names.partials]
    assert "all|now" in cells
    assert not [cell for cell in cells if "1970" in cell]


def test_a_status_of_an_older_version_without_read_time_is_passed_over():
    totals = Totals(2, "Asia/Shanghai", marks=False)
    totals.apply(0, "status", status(NOW))
    totals.apply(1, "status", status(0))

    assert totals.as_of == NOW
    assert not totals.complete


def test_cells_of_1970_that_an_older_version_published_are_retired():
    _, fold, position = partition("cases", 0, 1)
    key = "saidi|all|kind=all|1970-01-01"
    fold.board.load(key, orjson.dumps({
        "kpi": "saidi", "scope": {}, "dims": {"kind": "all"}, "period": "1970-01-01", "numerator": None,
        "denominator": None, "value": None, "unit": "minutes", "basis": None, "as_of": "1970-01-01T00:00:00Z",
        "complete": True,
        "status": "final", "definition_version": 1, "revision": 1, "reason": "customers served unknown",
    }))  # fmt: skip
    totals = Totals(1, REFERENCE.rules.zone, marks=False)
    totals.apply(0, "status", status(NOW))

    fold.publish(NOW, totals, (), complete=True)
    position.as_of = NOW

    assert (key.encode(), None) in [(output.key, output.value) for output in fold.outputs(position)]
