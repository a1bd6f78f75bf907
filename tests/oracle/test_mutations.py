"""The comparison is worth something only if it fails: every mutation is found, and nothing where nothing is wrong."""

import orjson
import pytest

from streams.kpis import KPIS
from streams.oracle.compare import compare
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.oracle.table import Table
from streams.settings import Settings
from tests.oracle import days
from tests.oracle.lines import at
from tests.oracle.mutations import CASES, VOLTAGE, mutated
from tests.oracle.service import Service

# However little there is of a day or a week: minimums are looked at in `test_voltage_coverage`.
SETTINGS = Settings(clock="marks", voltage_min_coverage_percent=0, voltage_week_min_share_percent=0)


class Trial:
    """One role's records, and what the oracle says of them at every mark."""

    def __init__(self, role, marks):
        self.role, self.marks = role, [at(mark) for mark in marks]
        topic = "grid.voltage-readings.v1"
        self.records = [record for record in days.events() if (record.topic == topic) == (role == "voltage")]
        told = self.told()
        names = [kpi.name for kpi in KPIS if kpi.role == role]
        with Oracle(SETTINGS, self._inputs()) as oracle:
            self.cells = {}
            for mark in self.marks:
                places = {(key.split("|")[1], key.split("|")[3]) for key in told.at(mark)}
                self.cells[mark] = oracle.cells(mark, names, places)

    def _inputs(self):
        inputs = [
            Record(
                "grid.network.v1",
                0,
                n,
                self.records[0].timestamp,
                f"{said['record_type']}/{n}".encode(),
                orjson.dumps(said),
            )
            for n, said in enumerate(days.NETWORK)
        ]
        marks = [
            Record(t, 0, 0, m * 1000, None, None, m)
            for m in self.marks
            for t in sorted({r.topic for r in self.records})
        ]
        return inputs + sorted([*self.records, *marks], key=lambda record: (record.timestamp, record.mark is not None))

    def told(self):
        service = Service(self.role, days.NETWORK, SETTINGS, self.records[0].timestamp // 1000)
        return Table(service.play(self.records, self.marks))

    def differences(self):
        table = self.told()
        return [
            difference
            for mark in self.marks
            for difference in compare(self.cells[mark], table.at(mark), mark, 60, complete=True).differences
        ]


@pytest.fixture(scope="module")
def cases():
    return Trial("cases", days.CASE_MARKS)


@pytest.fixture(scope="module")
def voltage():
    return Trial("voltage", days.VOLTAGE_MARKS)


def test_nothing_differs(cases, voltage):
    assert cases.differences() == []
    assert voltage.differences() == []


@pytest.mark.parametrize("mutation", CASES, ids=str)
def test_a_mutation_of_cases_is_found(cases, mutation):
    with mutated(mutation):
        assert cases.differences()


@pytest.mark.parametrize("mutation", VOLTAGE, ids=str)
def test_a_mutation_of_voltage_is_found(voltage, mutation):
    with mutated(mutation):
        assert voltage.differences()
