"""The app of voltage on the wall clock and a real broker: profiles in, compliance out, no burden to the other app."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from schemas.codec import decode
from schemas.event import format_instant
from streams import clock, topics
from streams.agents.names import PARTIALS, owns
from streams.cases.points import PointLedger
from streams.cases.reference import Network, Reference, Rules
from streams.cells.partials import Partials
from streams.cells.periods import day_start, local_day
from streams.kpis.kpi import Role
from streams.lane.position import KEY, OUTCOMES, Position, TopicPosition
from streams.local.kafka import free_port
from streams.settings import Settings
from tests.workers import Worker, committed, eventually, new_producer, table

QUARTER = 900
BILLION = 10**9
POINTS = 200_000
AREAS = tuple(f"A{number}" for number in range(100))
CUSTOMERS_OUT = "customers_out|all|kind=all|now"
COMPLIANCE = "voltage_compliance|all|monitoring_class=all|last30d"
Said = dict[str, Any]


def network(**areas: str) -> list[Said]:
    """Areas in the region of their name, each with the points that are given after a blank: `A="P Q"`."""
    records: list[Said] = []
    for area, points in areas.items():
        records.append({"record_type": "area", "area": area, "region": f"r{area}", "area_type": "urban", "served": []})
        records += (
            {
                "record_type": "point",
                "point": point,
                "area": area,
                "monitoring_class": "C",
                "nominal_centivolts": 22_000,
                "phases": ["A"],
            }
            for point in points.split()
        )
    return records


def key_of(record: Said) -> bytes:
    kind = record["record_type"]
    return f"{kind}/{record[kind]}".encode()


class Grid:
    """Workers of one installation, and what they say; `yesterday` is the local day before the test."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder, self.began = settings, folder, clock.now()
        self.midnight = day_start(local_day(self.began, settings.zone), settings.zone) - 86_400
        self.yesterday = local_day(self.midnight, settings.zone)
        self.producer = new_producer(settings.broker)
        self.sent = 0
        self.workers: list[Worker] = []

    def name(self, topic: str) -> str:
        return self.settings.topic_prefix + topic

    def start(self, role: Role, **changes: Any) -> Worker:
        folder = self.folder / role
        command = ("streams.cli", "worker", "--role", role)
        worker = Worker(
            self.settings, self.folder / f"{role}.log", command, instance=role, data_dir=str(folder), **changes
        )
        self.workers.append(worker)
        return worker

    def describe(self, records: list[Said]) -> None:
        for record in records:
            self.producer.send(self.name(topics.NETWORK), key=key_of(record), value=orjson.dumps(record))
        self.producer.flush()

    def say(self, event_type: str, point: str, recorded_at: int, area: str = "A", key: str = "", **said: Any) -> None:
        event = {"event_type": event_type, "area": area, "point": point, "source": "ami", **said}
        event["recorded_at"] = format_instant(recorded_at)
        value = orjson.dumps(event)
        self.producer.send(self.name(topics.VOLTAGE), key=(key or area).encode(), value=value)
        self.sent += 1

    def begin_outage(self, case: str, customers: int) -> None:
        at = format_instant(self.began)
        envelope = {"event_id": case, "source": "oms", "revision": 1, "occurred_at": at, "recorded_at": at}
        event = {"event_type": "started", "outage_id": case, "kind": "fault", **envelope}
        value = orjson.dumps(event | {"areas": [{"area": "A0", "customers": customers}]})
        self.producer.send(self.name(topics.OUTAGES), key=case.encode(), value=value)
        self.producer.flush()

    def statuses(self, role: Role) -> list[Said]:
        records = committed(self.settings.broker, self.name(PARTIALS[role]))
        last = {record.partition: record.value for record in records if record.key == b"status"}
        return [orjson.loads(value) for value in last.values()]

    def read_time(self, role: Role) -> int:
        statuses = self.statuses(role)
        return min(status["as_of"] for status in statuses) if len(statuses) == self.settings.partitions else 0

    def settle(self) -> None:
        """Everything sent is applied and a later second is published; twice: topics show a transaction one by one."""
        for _ in range(2):
            self.producer.flush()
            at = clock.now() + 1
            eventually("all is applied and published", lambda at=at: self._is_settled(at))

    def _is_settled(self, at: int) -> bool:
        for worker in self.workers:
            worker.check_alive()
        statuses = self.statuses("voltage")
        published = [status["published"] or 0 for status in statuses]
        return self.processed(statuses)["passed"] == self.sent and min(published, default=0) > at

    def processed(self, statuses: list[Said]) -> dict[str, int]:
        """What became of all readings, and that every partition's account is even."""
        total = dict.fromkeys((*OUTCOMES, "passed"), 0)
        for status in statuses:
            row = status["processed"][self.name(topics.VOLTAGE)]
            passed = 0 if row["next_offset"] is None else row["next_offset"] - row["start"]
            assert passed == sum(row[outcome] for outcome in OUTCOMES)
            for name in OUTCOMES:
                total[name] += row[name]
            total["passed"] += passed
        return total

    def rows(self, topic: str) -> dict[str, Said]:
        rows = table(self.settings.broker, self.name(topic))
        return {key.decode(): orjson.loads(value) for key, value in rows.items()}

    def kpis(self) -> dict[str, tuple[int, int]]:
        return {key: (row["numerator"], row["denominator"]) for key, row in self.rows(topics.KPIS).items()}

    def close(self) -> None:
        for worker in self.workers:
            worker.close()
        self.producer.close()


@pytest.fixture
def grid(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Grid]:
    made = Grid(make_settings(partitions=2, session_timeout_seconds=6, audit_interval_seconds=1), tmp_path)
    yield made
    made.close()


def tell(grid: Grid) -> None:
    """Of yesterday: P's profile of quarters, 90 within limits, 4 over, 2 gaps; Q's four values. P is over just now."""
    profile = [22_000] * 90 + [24_000] * 4 + [None] * 2
    end = grid.midnight + 86_400
    grid.say(
        "frame", "P", end, start=format_instant(grid.midnight), interval_seconds=QUARTER, values_centivolts=profile
    )
    noon = grid.midnight + 43_200
    for number, value in enumerate((22_000, 19_000, 22_000, 100)):
        at = noon + number * QUARTER
        grid.say("reading", "Q", at, "B", occurred_at=format_instant(at), value_centivolts=value)
    at = grid.began
    grid.say("reading", "P", at, occurred_at=format_instant(at), value_centivolts=24_500, interval_seconds=1800)


def correct(grid: Grid, number: int, value: int, revision: int = 1) -> None:
    """Another value for one of P's quarters of yesterday."""
    at = grid.midnight + number * QUARTER
    about = {"value_kind": "mean", "stamp": "start", "interval_seconds": QUARTER, "revision": revision}
    grid.say("reading", "P", at + QUARTER, occurred_at=format_instant(at), value_centivolts=value, **about)


def expected(grid: Grid, compliant: int) -> dict[str, tuple[int, int]]:
    """With so many of P's 94 quarters within limits. Of Q two quarters are, one is under, and the last is suspect."""
    of_p, of_q = Fraction(compliant, 94), Fraction(2, 3)
    mean = round(of_p * BILLION) + round(of_q * BILLION)
    day, dims = grid.yesterday, "monitoring_class=all"
    return {
        f"voltage_compliance|all|{dims}|{day}": (mean, 2 * BILLION),
        f"voltage_compliance|area=A|{dims}|{day}": (round(of_p * BILLION), BILLION),
        f"voltage_compliance|region=rB|{dims}|{day}": (round(of_q * BILLION), BILLION),
        f"voltage_compliance_time|all|{dims}|{day}": ((compliant + 2) * QUARTER, 97 * QUARTER),
        f"voltage_coverage|all|{dims}|{day}": (97 * QUARTER, 2 * 86_400),
        "voltage_points_out|all|direction=over,monitoring_class=C|now": (1, 1),
        "voltage_points_out|all|direction=all,monitoring_class=all|now": (1, 1),
        "voltage_points_silent|all|monitoring_class=all|now": (1, 1),
        "voltage_areas_out|all|direction=over|now": (1, 1),
    }


def check(grid: Grid, compliant: int) -> None:
    found, wanted = grid.kpis(), expected(grid, compliant)
    assert {key: found.get(key) for key in wanted} == wanted


def test_compliance_is_that_of_the_profiles_also_corrected_repeated_and_after_a_kill(grid: Grid) -> None:
    grid.describe(network(A="P", B="Q"))
    worker = grid.start("voltage")
    tell(grid)
    correct(grid, 90, 23_000)
    tell(grid)
    grid.settle()

    check(grid, 91)
    assert grid.processed(grid.statuses("voltage")) == dict.fromkeys(OUTCOMES, 0) | {
        "applied": 7,
        "duplicate": 5,
        "stale": 1,  # the repeated profile: one of its values was corrected meanwhile
        "passed": 13,
    }
    cases = grid.rows(topics.CASES)
    assert {key: (case["state"], case["open"], case["value_centivolts"]) for key, case in cases.items()} == {
        "point/P": ("over", True, 24_500),
        "point/Q": ("silent", False, None),
    }
    assert cases["point/Q"]["findings"] == ["voltage_suspect"]
    assert (cases["point/P"]["low_centivolts"], cases["point/P"]["high_centivolts"]) == (19_800, 23_540)

    worker.kill()
    tell(grid)
    correct(grid, 91, 23_000)
    correct(grid, 92, 23_000, revision=2)
    correct(grid, 92, 24_000)
    grid.say("reading", "P", grid.began, key="B", occurred_at=format_instant(grid.began), value_centivolts=1)
    worker.restart()
    grid.settle()

    check(grid, 93)
    statuses = grid.statuses("voltage")
    assert grid.processed(statuses)["rejected"] == 1
    assert all((status["drift"], status["defects"]) == (0, 0) for status in statuses)


def stored(grid: Grid, records: list[Said]) -> Iterator[tuple[int, bytes, bytes]]:
    """Partition, key and value of the ledger of a worker to whom every point of the network told an hour's profile."""
    reference = Reference(
        Network.from_records([decode("network", orjson.dumps(record)).event for record in records]), Rules()
    )
    ledger = PointLedger(Partials(), reference, lambda _: False)
    end = grid.began // QUARTER * QUARTER
    event = {"event_type": "frame", "area": "A0", "point": "A0-0", "source": "ami", "recorded_at": format_instant(end)}
    event |= {
        "start": format_instant(end - 4 * QUARTER),
        "interval_seconds": QUARTER,
        "values_centivolts": [22_000] * 4,
    }
    record = SimpleNamespace(offset=0, key=b"A0", value=orjson.dumps(event), timestamp=end * 1000, headers=())
    counts, _ = ledger.apply("voltage", [record], grid.began)
    assert counts == {"applied": 1}
    written = list(ledger.unsaved())
    partitions = range(grid.settings.partitions)
    for partition in partitions:
        topic = {grid.name(topics.VOLTAGE): TopicPosition()}
        yield partition, KEY, Position(len(partitions), "wall", topic, as_of=grid.began).encode()
        for key, value in written:
            if key.startswith(b"book/"):
                yield partition, key, value
    partition_of = {area: next(n for n in partitions if owns(n, len(partitions))(area)) for area in AREAS}
    for key, value in written:
        if key.startswith(b"point/"):
            for point in (record for record in records if record["record_type"] == "point"):
                place = f"point/{point['area']}/{point['point']}/".encode()
                yield partition_of[point["area"]], key.replace(b"point/A0/A0-0/", place), value


async def write(settings: Settings, topic: str, rows: Iterable[tuple[int, bytes, bytes]]) -> None:
    """In whole batches: a send for each of so many rows would be most of the test."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.broker, max_batch_size=512 * 1024)
    await producer.start()
    try:
        batches = {partition: producer.create_batch() for partition in range(settings.partitions)}
        for partition, key, value in rows:
            while batches[partition].append(key=key, value=value, timestamp=None) is None:
                await producer.send_batch(batches[partition], topic, partition=partition)
                batches[partition] = producer.create_batch()
        for partition, batch in batches.items():
            if batch.record_count():
                await producer.send_batch(batch, topic, partition=partition)
        await producer.flush()
    finally:
        await producer.stop()


def ready(port: int) -> tuple[int, int]:
    """What /readyz of a worker says, and how many rows its recovery reads; 0 while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as response:
            return int(response.status), orjson.loads(response.read())["recovery"]["total"]
    except urllib.error.HTTPError as error:
        return error.code, orjson.loads(error.read())["recovery"]["total"]
    except OSError:
        return 0, 0


def test_the_recovery_of_many_points_holds_back_no_outage(grid: Grid) -> None:
    """Outages are published and their worker is ready, all the while."""
    each = POINTS // len(AREAS)
    records = network(**{area: " ".join(f"{area}-{number}" for number in range(each)) for area in AREAS})
    described = ((0, key_of(record), orjson.dumps(record)) for record in records)
    asyncio.run(write(grid.settings, grid.name(topics.NETWORK), described))
    asyncio.run(write(grid.settings, grid.name(topics.VOLTAGE_LEDGER), stored(grid, records)))
    cases_port, voltage_port = free_port(), free_port()
    cases = grid.start("cases", worker_port=cases_port)
    eventually("the cases are published", lambda: grid.read_time("cases") > 0)

    voltage = grid.start("voltage", worker_port=voltage_port)
    eventually("the points are being recovered", lambda: ready(voltage_port)[1] > POINTS)
    told = 0
    while ready(voltage_port)[0] != 200:
        told += 1
        before = grid.read_time("cases")
        grid.begin_outage(f"O-{told}", 10)
        eventually("the outage is published", lambda wanted=(10 * told, 1): grid.kpis().get(CUSTOMERS_OUT) == wanted)
        eventually("read time goes on", lambda before=before: grid.read_time("cases") > before)
        assert ready(cases_port)[0] == 200
        voltage.check_alive()

    assert told, "the recovery was over before an outage was told"
    cases.check_alive()
    assert voltage.assignments == 1
    everything = POINTS * BILLION
    eventually("the points are published", lambda: grid.kpis().get(COMPLIANCE) == (everything, everything))
