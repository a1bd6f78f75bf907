"""A long recovery of the voltage workers on a real broker: outages are published all the while."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from schemas.codec import decode
from schemas.event import format_instant
from streams import topics
from streams.agents.placement import place_of
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.demo.kafka import free_port
from streams.lane.position import KEY, Position, TopicPosition
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.settings import Settings
from tests.integration.grid import Grid, Said, key_of, network
from tests.support.workers import eventually

QUARTER = 900
BILLION = 10**9
POINTS = 200_000
PUBLISHED_SECONDS = 300  # each of the points is published anew, as the stored position does not say by which program
AREAS = tuple(f"A{number}" for number in range(100))
CUSTOMERS_OUT = "customers_out|all|kind=all|now"
COMPLIANCE = "voltage_compliance|all|monitoring_class=all|last30d"


@pytest.fixture
def grid(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Grid]:
    made = Grid(make_settings(partitions=2, session_timeout_seconds=6, audit_interval_seconds=1), tmp_path)
    yield made
    made.close()


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
    partition_of = {area: place_of(area.encode(), len(partitions)) for area in AREAS}
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
    published = (everything, everything)
    eventually("the points are published", lambda: grid.kpis().get(COMPLIANCE) == published, PUBLISHED_SECONDS)
