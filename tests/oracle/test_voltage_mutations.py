"""Each rule of connection, coverage, weeks, batches and points that never reported: its mutation is found."""

import orjson
import pytest

from streams.kpis import KPIS
from streams.oracle.compare import compare
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.oracle.table import Table
from streams.settings import Settings
from tests.oracle.days import Written
from tests.oracle.lines import at, rfc
from tests.oracle.mutations import Mutation, mutated
from tests.oracle.service import Service
from tests.support.voltage_tables import CONNECTIONS, LOW_COVERAGE, MEANS, OWN_CONNECTIONS, UNLISTED, WEEKS

SETTINGS = Settings(clock="marks")
LOADED = at("06-01 00:00")
MARKS = [at(mark) for mark in ("06-04 00:10", "06-04 01:20", "06-04 08:00", "06-06 01:20", "06-08 00:20")]
MUTATIONS = tuple(
    Mutation(module, right, wrong)
    for module, changes in {
        "cases.point_limits": (
            ("squared >= (99 * ", "squared >= (100 * "),
            ("squared = 3 * ", "squared = 1 * "),
            ("connection == SINGLE_PHASE or ", ""),
            ("connection is None and primary <= SINGLE", "primary <= SINGLE"),
            ("if connection == OTHER:", "if False:"),
            ("if qualities and UNLISTED in qualities:", "if False:"),
        ),
        "cases.point_rates": (
            ("covered * PERCENT >= ", "covered * PERCENT > "),
            ("counted.monitored + counted.excluded if", "counted.monitored if"),
            (
                'voltage_points_low_coverage|{view.group}"): (1, 0)',
                'voltage_points_low_coverage|{view.group}"): (2, 0)',
            ),
        ),
        "cases.point_weeks": (
            (">= share * slots", ">= 0"),
            ("max(least, len(phases))", "len(phases)"),
            ("max(least, len(phases))", "1"),
            ("if passed and ", "if "),
        ),
        "cases.point_contribution": (
            ("None if view.info is None else view.info.loaded_at", "None"),
            ("since <= local_day(now, view.zone)", "since < local_day(now, view.zone)"),
            ("reference.rules, point.own_connection)", "reference.rules)"),
        ),
        "cases.point_intake": (
            ("(read_stamp == stamp or read_kind", "(True or read_kind"),
            ("(read_stamp == stamp or read_kind", "(read_stamp == stamp and read_kind"),
            ("place == phase and ", ""),
            (" and read_kind == kind and", " and"),
            ("place or NO_PHASE, read_kind", "phase or NO_PHASE, read_kind"),
        ),
        "reference.network": (
            ("_known(record.monitoring_class, MONITORING_CLASSES) or UNKNOWN", "record.monitoring_class"),
            ("of_list(phase, PHASES) or OTHER", "phase"),
        ),
        "cases.point_segments": (("+ length_of(delivery_interval, mean=False)", "+ delivery_interval"),),
        "cases.point_state": (("if silent and delivery_interval:", "if False:"),),
        "cases.point_runs": (
            ("max(end, batch_due(row, delivery_interval))", "end"),
            ("max(_interval(length, mean=mean), delivery_interval)", "_interval(length, mean=mean)"),
        ),
    }.items()
    for right, wrong in changes
)


class World:
    """The points of the tables, and what they measure."""

    def __init__(self):
        self.written, self.points = Written(), []
        for number, (measured, excluded, _) in enumerate(LOW_COVERAGE):
            values = [22_000, 24_000] * (measured // 2) + [22_000] * excluded
            self.point(f"V{number}", 22_000, monitored_from="2026-06-03")
            self.frame(f"V{number}", "06-03 00:00", values, 60, qualities=[None] * measured + [8] * excluded)
        for number, (phases, _) in enumerate(WEEKS):
            self.point(f"W{number}", 23_000, phases=[*phases])
            for phase, means in phases.items():
                self.frame(f"W{number}", "06-01 00:00", [MEANS[mean] for mean in means], 600, phase=phase)
        for number, (nominal, ratio, connection, volts, _) in enumerate(CONNECTIONS):
            about = {"connection": connection} if connection else {}
            self.point(f"C{number}", round(nominal * 100), transformer_ratio=ratio, **about)
            self.frame(f"C{number}", "06-03 12:00", [round(volts * 100)] * 12, 3600)
        for number, delivery in enumerate((None, 6 * 3600, 86_400)):
            self.point(f"B{number}", 22_000, **({"delivery_interval_seconds": delivery} if delivery else {}))
            self.frame(f"B{number}", "06-03 00:00", [22_000] * 96, 900)
        self.unlisted()
        self.frame("B2", "06-05 00:00", [22_000] * 96, 900)  # a batch is missing, and the next one comes in time
        self.point("N0", 22_000)
        self.point("N1", 22_000, monitored_from="2026-06-04")
        area = {"record_type": "area", "area": "A", "region": "north", "area_type": "urban", "served": []}
        self.network = [area, *self.points]
        self.records = sorted(self.written.records, key=lambda record: record.timestamp)
        with Oracle(SETTINGS, self.inputs()) as oracle:
            names = [kpi.name for kpi in KPIS if kpi.role == "voltage"]
            table = self.told()
            self.cells = {}
            for mark in MARKS:
                places = {(key.split("|")[1], key.split("|")[3]) for key in table.at(mark)}
                self.cells[mark] = oracle.cells(mark, names, places)

    def unlisted(self):
        """What is on no list, and connections that readings state."""
        for number, (said, _) in enumerate(UNLISTED):
            self.point(f"U{number}", 22_000)
            about = {"value_kind": "instantaneous", "stamp": "start", "phase": "A"} | said
            qualities = {"qualities": about.pop("qualities", [None]) * 96}
            self.frame(f"U{number}", "06-03 00:00", [22_000] * 96, 900, **about | {"interval_seconds": 900} | qualities)
        for phase in ("L2", "L3"):  # beside L1: all of them are one place
            self.frame("U3", "06-03 00:00", [22_000] * 96, 900, phase=phase)
            self.frame("X0", "06-03 00:00", [22_000] * 96, 900, phase=phase, nominal_centivolts=22_000)
        for number, (nominal, connection, volts, _) in enumerate(OWN_CONNECTIONS):
            about = {"nominal_centivolts": nominal * 100} | ({"connection": connection} if connection else {})
            self.frame(f"O{number}", "06-03 00:00", [volts * 100] * 96, 900, **about)
        for number, about in enumerate(({"monitoring_class": "E"}, {"connection": "star"}, {"phases": ["L1", "L2"]})):
            self.point(f"L{number}", 22_000, **about)
            self.frame(f"L{number}", "06-03 00:00", [22_000] * 96, 900)

    def point(self, name, nominal, **said):
        about = {"record_type": "point", "point": name, "area": "A", "monitoring_class": "D", "phases": ["A"]}
        self.points.append(about | {"nominal_centivolts": nominal} | said)

    def frame(self, name, start, values, interval, **said):
        if values:
            end = at(start) + interval * len(values)
            body = {"start": rfc(start), "values_centivolts": values, "interval_seconds": interval}
            self.written.voltage(name, "frame", end, body | {"recorded_at": rfc("06-03 02:00")} | said)

    def inputs(self):
        network = [
            Record("grid.network.v1", 0, n, LOADED * 1000, f"{said['record_type']}/{n}".encode(), orjson.dumps(said))
            for n, said in enumerate(self.network)
        ]
        marks = [Record("grid.voltage-readings.v1", 0, 0, mark * 1000, None, None, mark) for mark in MARKS]
        return network + sorted([*self.records, *marks], key=lambda record: (record.timestamp, record.mark is not None))

    def told(self):
        return Table(Service("voltage", self.network, SETTINGS, LOADED).play(self.records, MARKS))

    def differences(self):
        table = self.told()
        return [
            difference
            for mark in MARKS
            for difference in compare(self.cells[mark], table.at(mark), mark, 60, complete=True).differences
        ]


@pytest.fixture(scope="module")
def world():
    return World()


def test_nothing_differs(world):
    assert world.differences() == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_mutation_is_found(world, mutation):
    with mutated(mutation):
        assert world.differences()
