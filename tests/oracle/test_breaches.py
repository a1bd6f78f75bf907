"""A month of the simulator, with its disorder and corrections: what is announced is what the oracle lists."""

from types import SimpleNamespace

import orjson
import pytest

from schemas.codec import decode
from schemas.event import format_instant, parse_instant
from streams.agents.partition import SourcePartition
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.load.network import key_of
from streams.oracle.announced import BROKEN, STATUSES, Status
from streams.oracle.announced import announced as listed
from streams.oracle.engine import Oracle
from streams.oracle.records import FAMILIES, Record
from streams.publish.board import Board
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.settings import Settings
from streams.simulator.grid import build
from streams.simulator.rates import USUAL
from streams.simulator.recorded import START, messages
from streams.wiring.names import Names
from streams.wiring.rules import rules_of
from tests.support.announced import Compared, by_clock, change_of

DAYS, SEED, HOUR, DAY = 30, 3, 3600, 86_400
SETTINGS = Settings(clock="marks")
NAMES = Names.under("")
TOPICS = {family: topic for topic, family in FAMILIES.items()}
KINDS = {TOPICS["outages"]: "outage", TOPICS["repairs"]: "order", TOPICS["complaints"]: "complaint"}
RATES = USUAL.only("outages", "repairs", "complaints").times(0.04)


@pytest.fixture(scope="module")
def month():
    """Records of the network and of all cases, in the order in which they arrive."""
    network = [
        Record(TOPICS["network"], 0, n, START * 1000, key_of(said).encode(), orjson.dumps(said))
        for n, said in enumerate(build(SEED).records)
    ]
    told = []
    for number, message in enumerate(messages(SEED, DAYS, RATES)):
        if message.family != "voltage":
            value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
            told.append(Record(TOPICS[message.family], 0, number, message.at * 1000, message.key.encode(), value))
    return network, told


def announced(month, marks):
    """What a source partition with marks announces: per mark the records by key, in their order."""
    network, told = month
    reference = Reference(
        Network.from_records(decode("network", record.value).event for record in network), rules_of(SETTINGS)
    )
    board = Board(0, 1, KPIS, reference.rules, publish_interval=1, growth_interval=60)
    partition = SourcePartition(0, NAMES, board, Ledger(Partials(), reference))
    position = Position(1, "marks", {name: TopicPosition() for name in NAMES.families})
    partition.load({NAMES.ledger: {}, NAMES.partials: {}, NAMES.kpis: {}, NAMES.breaches: {}}, position)
    waiting, found = list(reversed(told)), []
    for mark in marks:
        while waiting and waiting[-1].timestamp <= mark * 1000:
            record = waiting.pop()
            partition.apply(record.topic, [SimpleNamespace(**record._asdict(), headers=())])
        position.as_of = mark
        partition.advance(mark, complete=True)
        outputs = partition.outputs(position)
        assert not partition.ledger.defects, partition.ledger.defects
        found.append([(out.key.decode(), orjson.loads(out.value)) for out in outputs if out.topic == NAMES.breaches])
    return found


def test_on_a_fast_clock_a_month_raises_exactly_what_the_oracle_lists(month):
    marks = range(START, START + DAYS * DAY + 1, 7 * HOUR)
    told = by_clock((key, change_of(record)) for records in announced(month, marks) for key, record in records)

    barriers = [Record(t, 0, 0, m * 1000, None, None, m) for m in marks for t in NAMES.families]
    order = sorted([*month[1], *barriers], key=lambda record: (record.timestamp, record.mark is not None))
    cases = {(KINDS[record.topic], record.key.decode()) for record in month[1]}
    with Oracle(SETTINGS, [*month[0], *order]) as oracle:
        found = Compared(told, by_clock(listed(oracle, marks)), marks[0])
        (stands,) = oracle.clocks(marks[-1], [STATUSES], cases)
    assert not found.wrong, (len(found.wrong), found.wrong[:3])
    assert sum(found.clocks.values()) > 200
    assert len(found.clocks) > 10
    assert found.statuses["retracted"]
    # Looking only at the cases that can have changed leaves nothing out.
    broken = {key: Status(*stand) for key, *stand in stands if stand[0] in BROKEN}
    last = {key: changes[-1].clock for key, changes in found.listed.items()}
    assert {key: stand for key, stand in last.items() if stand.status in BROKEN} == {
        key: stand for key, stand in broken.items() if stand.deadline_at >= marks[0]
    }


def test_what_is_said_ahead_of_its_mark_is_listed_when_it_comes():
    """An outage that begins hours after the mark before which its record came."""
    at = START + 3 * HOUR
    said = {"event_type": "started", "event_id": "e1", "outage_id": "AHEAD", "source": "oms", "revision": 1}
    said |= {"occurred_at": format_instant(at), "recorded_at": format_instant(at), "kind": "fault"}
    area = {"area": "A", "customers": 40}
    begins = Record(TOPICS["outages"], 0, 0, at * 1000, b"AHEAD", orjson.dumps(said | {"areas": [area]}))
    marks = range(START, START + 10 * HOUR, HOUR)
    barriers = [Record(t, 0, m, m * 1000, None, None, m) for m in marks for t in NAMES.families]
    with Oracle(SETTINGS, [*barriers[:4], begins, *barriers[4:]]) as oracle:
        found = by_clock(listed(oracle, marks))
        (stands,) = oracle.clocks(marks[-1], [STATUSES], [("outage", "AHEAD")])
    broken = {key: Status(*stand) for key, *stand in stands if stand[0] in BROKEN}
    assert len(broken) > 2
    assert {key: changes[-1].clock for key, changes in found.items()} == broken


def test_a_month_replayed_to_one_mark_raises_nothing_that_was_over_by_then(month):
    end = START + DAYS * DAY
    (records,) = announced(month, [end])

    assert all(record["status"] not in BROKEN for _, record in records)
    assert all(record["deadline_at"] is None or parse_instant(record["deadline_at"]) >= end for _, record in records)
