"""What a worker of one role does between its records and grid.kpis.v1: one partition, with marks, without Kafka."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import orjson

from schemas.network import Area, Point
from streams.cases.ledger import Ledger
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.kpis.kpi import Role
from streams.measures import MEASURES, name_of
from streams.oracle.records import FAMILIES, Record
from streams.publish.board import Board
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.settings import Settings
from streams.wiring.rules import rules_of

REGISTERED = {measure.name for measure in MEASURES}
MODELS: dict[str, Any] = {"area": Area, "point": Point}


class Service:
    """The partition; `published` is what it wrote to the KPI topic."""

    def __init__(
        self, role: Role, network: Sequence[dict[str, Any]], settings: Settings, loaded_at: int | None = None
    ) -> None:
        """`loaded_at`: the timestamp of the network's records (epoch seconds)."""
        rules = rules_of(settings)
        points = [(said["area"], said["point"]) for said in network if said["record_type"] == "point"]
        self.network = Network.from_records(
            [MODELS[said["record_type"]].model_validate(said) for said in network],
            {} if loaded_at is None else dict.fromkeys(points, loaded_at),
        )
        self.partials, self.totals = Partials(), Totals(1, rules.zone, marks=True)
        reference = Reference(self.network, rules)
        self.ledger: Any = (
            PointLedger(self.partials, reference, lambda _area: True)
            if role == "voltage"
            else Ledger(self.partials, reference)
        )
        self.board = Board(0, 1, KPIS, rules, publish_interval=1, growth_interval=60, role=role)
        self.published: list[Record] = []

    def play(self, records: Sequence[Record], marks: Sequence[int]) -> list[Record]:
        """Every record up to each mark, then the mark."""
        before = 0
        for mark in marks:
            for record in records:
                if before < record.timestamp // 1000 <= mark:
                    incoming = SimpleNamespace(
                        offset=record.offset, key=record.key, value=record.value, timestamp=record.timestamp, headers=()
                    )
                    self.ledger.apply(FAMILIES[record.topic], [incoming], before)
            self._mark(mark)
            before = mark
        return self.published

    def _mark(self, at: int) -> None:
        self.ledger.due(at)
        for _ in self.ledger.evaluate(at):
            pass
        assert not self.ledger.defects, self.ledger.defects
        dirty = self.partials.take_dirty(at)
        names = {name_of(measure) for cell, _ in dirty for measure in self.partials.sums.get(cell, ())}
        assert names <= REGISTERED, names - REGISTERED
        for key, value in [*dirty, ("status", orjson.dumps({"v": 1, "as_of": at}))]:
            self.totals.apply(0, key, value)
        for reached, changed in self.totals.advance():
            for key, record in self.board.evaluate(reached, self.totals, self.network, changed, complete=True):
                value = None if record is None else orjson.dumps(record)
                self.published.append(Record("grid.kpis.v1", 0, len(self.published), 0, key.encode(), value))
