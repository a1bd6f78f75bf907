"""One source partition over simulated outages and orders, its tables and its findings, without a broker."""

from itertools import takewhile
from types import SimpleNamespace

import orjson

from schemas import codec
from streams import topics
from streams.agents.partition import SourcePartition
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.publish.board import Board
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.simulator.generate import generate
from streams.simulator.grid import build
from streams.simulator.rates import USUAL
from streams.wiring.names import Names

MIDNIGHT = 1_780_416_000  # 2026-06-03T00:00:00+08:00
UNTIL = MIDNIGHT + 8 * 3600
RULES, NAMES = Rules(), Names.under("")
INPUTS = {"outages": topics.OUTAGES, "repairs": topics.REPAIRS}
RATES = USUAL.only(*INPUTS)
MAPPED = Network.from_records(codec.decode("network", orjson.dumps(record)).event for record in build(7).records)


class Installation:
    """One partition, its tables, and the findings as a reader of the dead letters knows them."""

    def __init__(self, network):
        self.tables = {name: {} for name in (NAMES.partials, NAMES.ledger, NAMES.kpis, NAMES.breaches)}
        self.letters = {}
        self.begin(network, Position(1, "wall", {name: TopicPosition() for name in INPUTS.values()}))

    def begin(self, network, position):
        board = Board(0, 1, KPIS, RULES, publish_interval=1, growth_interval=60)
        ledger = Ledger(Partials(), Reference(network, RULES))
        self.partition, self.position = SourcePartition(0, NAMES, board, ledger), position
        self.partition.load(self.tables, position)

    def live(self):
        for message in takewhile(lambda message: message.at < UNTIL, generate(7, MIDNIGHT, rates=RATES)):
            value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
            record = SimpleNamespace(
                key=message.key.encode(), value=value, timestamp=message.at * 1000, offset=0, headers=()
            )
            self.partition.apply(INPUTS[message.family], [record])
        self.position.as_of = UNTIL
        self.partition.advance(UNTIL, complete=False)
        self.commit()

    def commit(self):
        for topic, key, value, _ in self.partition.outputs(self.position):
            store = self.letters if topic == NAMES.dead_letters else self.tables.get(topic, {})
            store.pop(key, None) if value is None else store.__setitem__(key, value)

    def restart(self, network):
        position = Position(1, "wall", {name: TopicPosition() for name in INPUTS.values()})
        position.restore(self.position.encode())
        self.begin(network, position)
        self.commit()

    def refer(self, network):
        self.partition.refer(Reference(network, RULES))
        self.commit()

    def findings(self):
        return {key for key in self.letters if key.startswith(b"finding/")}
