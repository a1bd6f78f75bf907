"""One source partition, its tables, and the dead letters as a reader knows them, without a broker."""

from types import SimpleNamespace

import orjson

from schemas import codec
from schemas.event import format_instant
from streams.agents.partition import SourcePartition
from streams.cases.ledger import Ledger
from streams.cases.points import PointLedger
from streams.cells.partials import Partials, fold
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.publish.board import Board
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.wiring.names import Names

NOON = 1_780_459_200  # 2026-06-03T12:00:00+08:00
RULES = Rules()
NETWORK = [{"record_type": "area", "area": "A", "region": "north", "area_type": "urban", "served": []}]
POINT = {"record_type": "point", "area": "A", "monitoring_class": "C", "nominal_centivolts": 22_000, "phases": ["A"]}
POINTS = [{**POINT, "point": name} for name in ("good", "bad")]


class Installation:
    """One partition on the wall clock, its tables, and the dead letters as a reader knows them."""

    def __init__(self, role="cases"):
        self.names = Names.under("", role)
        self.topic = next(iter(self.names.families))
        records = NETWORK + POINTS * (role == "voltage")
        network = Network.from_records(codec.decode("network", orjson.dumps(record)).event for record in records)
        self.reference = Reference(network, RULES)
        names = self.names
        self.tables = {name: {} for name in (names.partials, names.ledger, names.kpis, names.breaches)}
        self.rest = {name: {} for name in (names.dead_letters, names.cases)}
        self.written = []
        self.begin(self.new_position())

    def new_position(self):
        return Position(1, "wall", {name: TopicPosition() for name in self.names.families}, as_of=NOON)

    def begin(self, position):
        board = Board(0, 1, KPIS, RULES, publish_interval=1, growth_interval=60, role=self.names.role)
        voltage = self.names.role == "voltage"
        ledger = PointLedger(Partials(), self.reference, lambda _: True) if voltage else None
        ledger = ledger or Ledger(Partials(), self.reference)
        self.fold, self.position = SourcePartition(0, self.names, board, ledger), position
        self.fold.load(self.tables, position)

    def take(self, key, event):
        said = {"source": "s", "recorded_at": format_instant(self.position.as_of), **event}
        record = SimpleNamespace(
            key=key.encode(), value=orjson.dumps(said), timestamp=self.position.as_of * 1000, offset=7, headers=()
        )
        counts = self.fold.apply(self.topic, [record])
        self.commit()
        return counts

    def outage(self, name, event_type="started", at=NOON, **said):
        event = {"event_type": event_type, "outage_id": name, "event_id": f"{name}-{event_type}-{at}", "revision": 1}
        begun = {"kind": "fault", "areas": [{"area": "A", "customers": 10}]} if event_type == "started" else {}
        return self.take(name, event | {"occurred_at": format_instant(at)} | begun | said)

    def reading(self, name, centivolts=30_000):
        at = {"occurred_at": format_instant(self.position.as_of)}
        return self.take(
            "A", {"event_type": "reading", "area": "A", "point": name, "value_centivolts": centivolts} | at
        )

    def commit(self, seconds=1):
        self.position.as_of += seconds
        self.fold.advance(self.position.as_of, complete=False)
        self.written = self.fold.outputs(self.position)
        for topic, key, value, _ in self.written:
            store = self.tables.get(topic)
            if store is None:
                store = self.rest[topic]
            store.pop(key, None) if value is None else store.__setitem__(key, value)

    def restart(self):
        position = self.new_position()
        position.restore(self.position.encode())
        self.begin(position)
        self.commit()

    @property
    def letters(self):
        return {key for key in self.rest[self.names.dead_letters] if key.startswith(b"defect/")}

    @property
    def listed(self):
        return {key.decode().rpartition("/")[2] for key in self.rest[self.names.cases]}

    @property
    def defects(self):
        return orjson.loads(self.tables[self.names.partials][b"status"])["defects"]

    def check(self):
        """The sums are those of the cases that are not flagged, and so are those that a reader has."""
        ledger = self.fold.ledger
        folded = fold(ledger.present(case).measures for case in ledger.cases.values())
        assert ledger.partials.drift(folded) == 0
        told = Partials()
        for cell, value in self.tables[self.names.partials].items():
            if cell != b"status":
                told.load(cell.decode(), value)
        assert told.sums == ledger.partials.sums
