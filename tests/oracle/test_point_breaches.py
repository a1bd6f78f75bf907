"""Some days of the simulator's voltages, with their disorder: what is announced of points is what the oracle lists."""

from dataclasses import replace
from types import SimpleNamespace

import orjson

from schemas.codec import decode
from schemas.event import parse_instant
from streams.agents.partition import SourcePartition
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.load.network import key_of
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.publish.board import Board
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.settings import Settings
from streams.simulator.grid import build
from streams.simulator.rates import USUAL
from streams.simulator.recorded import START, messages
from streams.topics import NETWORK, VOLTAGE
from streams.wiring.names import Names
from streams.wiring.rules import rules_of

DAYS, SEED, HOUR, DAY = 6, 3, 3600, 86_400
SETTINGS = Settings(clock="marks")
NAMES = Names.under("", "voltage")
RATES = replace(USUAL.only("voltage"), points=0.25)
BROKEN = ("breached", "met_late")
MARKS = range(START, START + DAYS * DAY + 1, HOUR)
LOOKED = MARKS[11::17]  # at other hours each time


def told():
    """The network, and the voltages in the order in which they arrive."""
    network = [
        Record(NETWORK, 0, n, START * 1000, key_of(said).encode(), orjson.dumps(said))
        for n, said in enumerate(build(SEED).records)
    ]
    found = []
    for number, message in enumerate(messages(SEED, DAYS, RATES)):
        value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
        found.append(Record(VOLTAGE, 0, number, message.at * 1000, message.key.encode(), value))
    return network, found


def standing_at(network, voltages):
    """The breaches that stand at each instant looked at, by key; and the keys of what was taken back."""
    reference = Reference(
        Network.from_records(decode("network", record.value).event for record in network), rules_of(SETTINGS)
    )
    board = Board(0, 1, KPIS, reference.rules, publish_interval=1, growth_interval=60, role="voltage")
    partition = SourcePartition(0, NAMES, board, PointLedger(Partials(), reference, lambda _: True))
    position = Position(1, "marks", {VOLTAGE: TopicPosition()})
    partition.load({NAMES.ledger: {}, NAMES.partials: {}, NAMES.kpis: {}, NAMES.breaches: {}}, position)
    waiting, standing, found, retracted = list(reversed(voltages)), {}, {}, set()
    for mark in MARKS:
        while waiting and waiting[-1].timestamp <= mark * 1000:
            record = waiting.pop()
            partition.apply(record.topic, [SimpleNamespace(**record._asdict(), headers=())])
        position.as_of = mark
        partition.advance(mark, complete=True)
        for out in partition.outputs(position):
            if out.topic != NAMES.breaches:
                continue
            key, record = out.key.decode(), orjson.loads(out.value)
            assert parse_instant(record["detected_at"]) == mark
            if record["status"] in BROKEN:
                standing[key] = parse_instant(record["deadline_at"])
            elif standing.pop(key, None) is not None:
                assert record["status"] == "retracted"
                retracted.add(key)
        assert not partition.ledger.defects, partition.ledger.defects
        if mark in LOOKED:
            found[mark] = dict(standing)
    return found, retracted


def test_on_a_fast_clock_some_days_raise_exactly_what_the_oracle_lists():
    network, voltages = told()
    found, retracted = standing_at(network, voltages)

    barriers = [Record(VOLTAGE, 0, 0, mark * 1000, None, None, mark) for mark in MARKS]
    order = sorted([*voltages, *barriers], key=lambda record: (record.timestamp, record.mark is not None))
    with Oracle(SETTINGS, [*network, *order]) as oracle:
        for mark, standing in found.items():
            assert standing == {key: at for key, at in oracle.breaches(mark).items() if at >= START}
    assert {key.split("|")[0] for key in standing} == {"L15a", "L17"}  # nothing is far out there
    assert len(standing) > 50
    assert retracted
