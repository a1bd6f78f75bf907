"""A small random world: records of many lives in a few areas, read times, and what service and oracle make of it."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

import orjson
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from schemas.codec import encode
from schemas.event import format_instant
from streams.kpis.kpi import Kpi, Role
from streams.oracle.compare import Difference, compare
from streams.oracle.engine import Cell, Oracle
from streams.oracle.records import Record
from streams.oracle.table import Table
from streams.publish.board import Board
from streams.settings import Settings
from streams.wiring.rules import rules_of
from tests.oracle.service import Service
from tests.support.lives import complaint, order, outage
from tests.support.strategies import COMPLAINT_EVENTS, NOON, ORDER_EVENTS, OUTAGE_EVENTS, SUPPLY_EVENTS

LIVES_EACH = 30
DRAWN, STARTS_MAX = 100, 20
DAY = 86_400
GROWTH_SECONDS = 60
MARKS = (NOON + 400, NOON + 1500, NOON + 14 * DAY)
COMPARED = (MARKS[0], MARKS[-1])
SETTINGS = Settings(clock="marks", voltage_min_coverage_percent=1, voltage_week_min_share_percent=1)
CASES = {
    "outages": ("grid.outages.v1", "outage_id", SUPPLY_EVENTS | OUTAGE_EVENTS),
    "repairs": ("grid.repairs.v1", "work_order_id", ORDER_EVENTS),
    "complaints": ("grid.complaints.v1", "complaint_id", COMPLAINT_EVENTS),
}
# What most lives of a family begin with, so that they come to an end, too.
STORIES: dict[str, tuple[tuple[Any, ...], ...]] = {
    "outages": (
        (outage("started", NOON - 900, areas={"A": 7, "B": 5}),),
        (outage("started", NOON - 900, areas={"A": 7, "C": 5}), outage("restored", NOON + 100)),
        (outage("started", NOON - 900, areas={"B": 3}), outage("etr", NOON - 600, etr=NOON + 60)),
        (
            outage("scheduled", NOON - 3600, plan={"start": NOON - 60, "end": NOON + 60}, kind="planned"),
            outage("started", NOON - 900, kind="planned", areas={"A": 4}),
        ),
    ),
    "repairs": (
        (order("created", NOON - 900), order("dispatched", NOON - 800, crew="k1")),
        (order("created", NOON - 900, work_type="reconnection"),),
        (order("created", NOON - 900), order("arrived", NOON + 60), order("closed", NOON + 600)),
    ),
    "complaints": (
        (complaint("accepted", NOON, level="major"),),
        (complaint("accepted", NOON), complaint("replied", NOON + 200), complaint("closed", NOON + 300)),
        (complaint("accepted", NOON), complaint("closed", NOON + 300), complaint("reopened", NOON + 400)),
    ),
}
VOLTAGE_TOPIC = "grid.voltage-readings.v1"
PLACES = (("A", "north", "urban", 10_000), ("B", "north", "rural", 6), ("C", "south", "remote", 20))
POINTS = tuple((name, group) for name in "PQR" for group in "ABCD")  # name, monitoring class
SILENT = ("S", "D")  # is in the network, and never measures anything
NETWORK: list[dict[str, Any]] = [
    {
        "record_type": "area",
        "area": area,
        "region": region,
        "area_type": kind,
        "served": [{"from": "2026-01-01", "customers": customers}],
    }
    for area, region, kind, customers in PLACES
] + [
    {
        "record_type": "point",
        "point": f"{name}{group}",
        "area": "A",
        "monitoring_class": group,
        "nominal_centivolts": 22_000,
        "phases": ["A"],
    }
    for name, group in (*POINTS, SILENT)
]
# What a point may measure, in 0.01 V, for some intervals on end.
VOLTS = st.sampled_from((22_000, 22_000, 23_600, 19_700, 26_000, 2200, 2200, None))
INTERVALS = st.sampled_from((60, 600, 900))


@st.composite
def frames(draw: st.DrawFn) -> dict[str, Any]:
    """Values of one point, delivered when they were measured."""
    name, group = draw(st.sampled_from(POINTS))
    interval = draw(INTERVALS)
    times = st.integers(2, 12) if interval == 600 else st.integers(1, 6)
    values = [value for value in draw(st.lists(VOLTS, min_size=1, max_size=4)) for _ in range(draw(times))]
    start = NOON - interval * (len(values) - 1) - draw(st.sampled_from((0, 0, 600, 3000, 18_000)))
    mean = {"value_kind": "mean"} if interval == 600 else {}
    recorded = format_instant(start + interval * (len(values) - 1))
    said = {"event_type": "frame", "area": "A", "point": f"{name}{group}", "start": format_instant(start)}
    said |= {"recorded_at": recorded, "source": "ami", "phase": "A", "interval_seconds": interval}
    return {**said, "values_centivolts": values, **mean}


def drawn(strategy: st.SearchStrategy[Any], number: int, start: int = 0) -> list[Any]:
    """So many examples, for each `start` always the same ones."""
    found: list[Any] = []

    @seed(start)
    @settings(
        max_examples=number,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


def of_type(family: str, tag: str) -> list[Any]:
    """Some events of one type; a few draws may be without any, so that another start is tried."""
    for start in range(STARTS_MAX):
        found = [event for event in drawn(CASES[family][2], DRAWN, start) if event.event_type == tag]
        if found:
            return found
    return []


def histories(role: Role) -> st.SearchStrategy[list[Record]]:
    """A few lives of one family, all of them known before the first read time."""
    if role == "voltage":
        return st.lists(frames(), min_size=1, max_size=6).map(lambda said: records(enumerate(said)))
    return st.sampled_from(sorted(CASES)).flatmap(
        lambda family: st.lists(CASES[family][2], min_size=1, max_size=8).map(
            lambda events: of_life(family, 0, [(event, 0) for event in events])
        )
    )


def records(frames: Iterable[tuple[int, dict[str, Any]]]) -> list[Record]:
    """Frames as records that arrive at noon."""
    return [Record(VOLTAGE_TOPIC, 0, n, NOON * 1000, b"A", orjson.dumps(said)) for n, said in frames]


def of_life(family: str, number: int, life: Iterable[tuple[Any, int]]) -> list[Record]:
    """The records of one case: its events, each with how many seconds after noon it arrives."""
    topic, field, _ = CASES[family]
    key = f"case-{number}"
    return [
        Record(
            topic, 0, 0, (NOON + delay) * 1000, key.encode(), orjson.dumps(orjson.loads(encode(said)) | {field: key})
        )
        for said, delay in life
    ]


def world(role: Role, lives: int = LIVES_EACH) -> list[Record]:
    """Many lives of every family of a role, in the order in which they arrive."""
    if role == "voltage":
        return records(enumerate(drawn(frames(), 2 * lives)))
    numbers, found = count(), list[Record]()
    for family, (_, _, events) in CASES.items():
        begins = st.just(()) | st.sampled_from(STORIES[family])
        life = st.tuples(begins, st.lists(st.tuples(events, st.integers(1, 1300)), max_size=6))
        for begin, rest in drawn(life, lives):
            found += of_life(family, next(numbers), [*((event, 1) for event in begin), *rest])
    return numbered(sorted(found, key=lambda record: record.timestamp))


def numbered(found: Iterable[Record]) -> list[Record]:
    """The same records with offsets in their order."""
    return [record._replace(offset=n) for n, record in enumerate(found)]


def published(kpis: Sequence[Kpi], found: Sequence[Record]) -> list[Record]:
    """The records of these KPIs, of one role, that the service writes."""
    role = kpis[0].role
    service = Service(role, NETWORK, SETTINGS, NOON)
    rules = rules_of(SETTINGS)
    service.board = Board(0, 1, kpis, rules, publish_interval=1, growth_interval=GROWTH_SECONDS, role=role)
    return service.play(found, MARKS)


def both(kpis: Sequence[Kpi], found: Sequence[Record]) -> tuple[list[Difference], list[Cell]]:
    """Where service and oracle differ on these KPIs, and every cell of the oracle that has something in it."""
    table, names = Table(published(kpis, found)), [kpi.name for kpi in kpis]
    topics = sorted({record.topic for record in found})
    network = [
        Record("grid.network.v1", 0, n, NOON * 1000, _key(said).encode(), orjson.dumps(said))
        for n, said in enumerate(NETWORK)
    ]
    marks = [Record(topic, 0, 0, mark * 1000, None, None, mark) for mark in MARKS for topic in topics]
    inputs = sorted([*found, *marks], key=lambda record: record.timestamp)
    differences, cells = list[Difference](), list[Cell]()
    with Oracle(SETTINGS, [*network, *numbered(inputs)]) as oracle:
        for mark in COMPARED:
            told = table.at(mark)
            places = {(key.split("|")[1], key.split("|")[3]) for key in told}
            here = oracle.cells(mark, names, places)
            differences += compare(here, told, mark, GROWTH_SECONDS, complete=True).differences
            cells += [cell for cell in here.values() if cell.present]
    return differences, cells


def _key(said: dict[str, Any]) -> str:
    return f"area/{said['area']}" if said["record_type"] == "area" else f"point/{said['area']}/{said['point']}"
