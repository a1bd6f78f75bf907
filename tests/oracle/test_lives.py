"""Random lives, many at a time: the cases of the service and the SQL of the oracle say the same of each."""

import orjson
import pytest

from schemas.codec import encode
from schemas.network import Area
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.oracle.compare import compare
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.oracle.table import Table
from streams.publish.board import Board
from streams.reference import calendars
from streams.reference.network import Network
from streams.reference.reference import NOTHING_LOADED, Commitments, Reference
from streams.reference.rules import Rules
from streams.settings import Settings
from tests.oracle.random_lives import FAMILIES, lives
from tests.support.lives import STRICT
from tests.support.strategies import NOON

MARKS = (*range(NOON + 200, NOON + 1400, 200), NOON + 1500, NOON + 5000, NOON + 50_000, NOON + 200_000)
PLACES = (("A", "north", "urban"), ("B", "north", "rural"), ("C", "south", "remote"), ("U", "south", None))
# Fewer than are told out, in one outage and in all; from midnight on others.
SERVED = {
    "B": [{"from": "2026-01-01", "customers": 6}, {"from": "2026-06-04", "customers": 3}],
    "C": [{"from": "2026-01-01", "customers": 20}],
}
NETWORK = [
    {
        "record_type": "area",
        "area": area,
        "region": region,
        "area_type": kind,
        "served": SERVED.get(area, [{"from": "2026-01-01", "customers": 10_000}]),
    }
    for area, region, kind in PLACES
]


class Service:
    """What a worker does between the records and grid.kpis.v1, with one partition and marks."""

    def __init__(self, promised: Commitments = NOTHING_LOADED) -> None:
        rules = Rules(calendar=calendars.load())
        self.network = Network.from_records(map(Area.model_validate, NETWORK))
        self.partials, self.totals = Partials(), Totals(1, rules.zone, marks=True)
        self.ledger = Ledger(self.partials, Reference(self.network, rules, promised))
        kpis = [kpi for kpi in KPIS if kpi.role == "cases"]
        self.board = Board(0, 1, kpis, rules, publish_interval=1, growth_interval=60)
        self.published: list[Record] = []

    def mark(self, at: int) -> None:
        self.ledger.due(at)
        for _ in self.ledger.evaluate(at):
            pass
        for key, value in [*self.partials.take_dirty(at), ("status", orjson.dumps({"v": 1, "as_of": at}))]:
            self.totals.apply(0, key, value)
        for reached, changed in self.totals.advance():
            for key, record in self.board.evaluate(reached, self.totals, self.network, changed, complete=True):
                value = None if record is None else orjson.dumps(record)
                self.published.append(Record("grid.kpis.v1", 0, len(self.published), 0, key.encode(), value))


@pytest.mark.parametrize("promised", [NOTHING_LOADED, STRICT.commitments], ids=["shipped", "strict"])
@pytest.mark.parametrize("name", FAMILIES)
def test_the_oracle_and_the_service_say_the_same(name, promised):
    family, topic, field, strategy = FAMILIES[name]
    arriving = []
    for number, life in enumerate(lives(strategy)):
        for event, delay in life:
            value = orjson.loads(encode(event)) | {field: f"case-{number}"}
            arriving.append((NOON + delay, f"case-{number}".encode(), orjson.dumps(value)))
    arriving.sort(key=lambda arrival: arrival[0])

    service, inputs = Service(promised), []
    for policy in promised.policies:
        inputs.append(Record("grid.network.v1", 0, 0, NOON * 1000, policy.record_key.encode(), encode(policy)))
    for record in NETWORK:
        inputs.append(
            Record(
                "grid.network.v1", 0, len(inputs), NOON * 1000, f"area/{record['area']}".encode(), orjson.dumps(record)
            )
        )
    before = 0
    for mark in MARKS:
        for at, key, value in (arrival for arrival in arriving if before < arrival[0] <= mark):
            service.ledger.take(family, key, value, at, before)
            inputs.append(Record(topic, 0, len(inputs), at * 1000, key, value))
        inputs.append(Record(topic, 0, len(inputs), mark * 1000, None, None, mark))
        service.mark(mark)
        before = mark

    table = Table(service.published)
    names = [kpi.name for kpi in KPIS if kpi.role == "cases"]
    with Oracle(Settings(clock="marks"), inputs) as oracle:
        for mark in (MARKS[1], MARKS[4], *MARKS[6:]):
            told = table.at(mark)
            places = {(key.split("|")[1], key.split("|")[3]) for key in told}
            found = compare(oracle.cells(mark, names, places), told, mark, 60, complete=True)
            assert found.compared > 500
            assert not found.differences, found.differences[0]
