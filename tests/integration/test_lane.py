"""The lane on a real broker: whatever happens to workers, every record is applied exactly once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.lane.batch import MARK_HEADER
from streams.lane.faults import POINTS
from streams.lane.position import KEY
from streams.settings import Settings
from streams.topics import KPIS, LEDGER, OUTAGES, REPAIRS
from tests.workers import Worker, eventually, new_producer, table

SESSION_SECONDS = 6


class World:
    """Workers over topics of their own, and the truth about what was sent to them."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self.producer = new_producer(settings.broker)
        self.sent: dict[bytes, int] = {}
        self.workers: list[Worker] = []

    def worker(self, **changes: Any) -> Worker:
        number = len(self.workers) + 1
        changes = {"instance": f"w{number}", "data_dir": str(self.folder / f"w{number}")} | changes
        worker = Worker(self.settings, self.folder / f"w{number}.log", **changes)
        self.workers.append(worker)
        return worker

    def send(self, count: int, topic: str = OUTAGES, keys: int = 100) -> None:
        for number in range(count):
            key = b"%s %d" % (topic.encode(), number % keys)
            self.producer.send(self.settings.topic_prefix + topic, key=key, value=b"x")
            self.sent[key] = self.sent.get(key, 0) + 1
        self.producer.flush()

    def mark(self, at: int, *names: str) -> None:
        for topic in names or (OUTAGES, REPAIRS):
            for partition in range(self.settings.partitions):
                self.producer.send(
                    self.settings.topic_prefix + topic,
                    partition=partition,
                    key=b"mark",
                    headers=[(MARK_HEADER, b"%d" % at)],
                    timestamp_ms=at * 1000,
                )
        self.producer.flush()

    def counted(self) -> dict[bytes, int]:
        return {key: int(value) for key, value in self.rows(LEDGER).items() if key != KEY}

    def rows(self, topic: str) -> dict[bytes, bytes]:
        return table(self.settings.broker, self.settings.topic_prefix + topic)

    def settled(self) -> bool:
        return sum(self.counted().values()) >= sum(self.sent.values())

    def check(self) -> None:
        """All there, nothing twice, and the output says the same as the ledger."""
        eventually("everything sent is counted", self.settled)
        assert self.counted() == self.sent
        assert {key: int(value) for key, value in self.rows(KPIS).items()} == self.sent


@pytest.fixture
def new_world(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def new(**overrides: Any) -> World:
        worlds.append(World(make_settings(session_timeout_seconds=SESSION_SECONDS, **overrides), tmp_path))
        return worlds[-1]

    yield new
    for world in worlds:
        for worker in world.workers:
            worker.close()


def test_everything_is_applied_once_across_an_orderly_restart(new_world: Callable[..., World]) -> None:
    world = new_world()
    world.send(5000)
    worker = world.worker()
    world.check()
    assert worker.leave() == 0
    world.send(5000, REPAIRS)
    worker.restart()
    world.check()


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_point_of_a_commit_unit_loses_and_repeats_nothing(
    new_world: Callable[..., World], point: str
) -> None:
    world = new_world()
    worker = world.worker(fault_points=f"{point}:2:kill")
    eventually("the worker killed itself", lambda: bool(world.send(200)) or worker.process.poll() is not None)
    assert worker.process.returncode == -9
    worker.restart(fault_points="")
    world.send(1000)
    world.check()


@pytest.mark.parametrize("point", ["before_outputs", "before_commit"])
def test_an_owner_stopped_beyond_its_session_is_fenced_when_it_goes_on(
    new_world: Callable[..., World], point: str
) -> None:
    world = new_world()
    first = world.worker(fault_points=f"{point}:3:stop")
    eventually("the first worker stands still", lambda: bool(world.send(200)) or first.is_stopped)
    world.worker()
    world.send(1000)
    world.check()
    first.go_on()
    assert first.wait() == 70, "the zombie must end itself"
    world.send(1000)
    world.check()


def test_joining_and_leaving_workers_lose_and_repeat_nothing(new_world: Callable[..., World]) -> None:
    world = new_world()
    first = world.worker()
    world.send(2000)
    eventually("the first worker is at work", lambda: bool(world.counted()))
    second = world.worker()
    third = world.worker()
    for _ in range(20):
        world.send(500)
    world.check()
    second.kill()
    third.leave()
    world.send(2000)
    world.check()
    first.leave()


def test_a_writer_passes_a_mark_only_when_all_its_topics_have_reached_it(new_world: Callable[..., World]) -> None:
    world = new_world(clock="marks")
    world.worker()
    world.send(1000, OUTAGES)
    world.mark(100, OUTAGES)
    world.send(1000, OUTAGES)
    world.send(1000, REPAIRS)
    before = {key: count if key.startswith(REPAIRS.encode()) else count // 2 for key, count in world.sent.items()}
    eventually("what lies before the mark is applied", lambda: sum(world.counted().values()) >= sum(before.values()))
    assert world.counted() == before
    world.mark(100, REPAIRS)
    world.check()
    assert orjson.loads(world.rows(LEDGER)[KEY][1:])["as_of"] == 100


def test_another_partition_count_than_the_ledgers_is_refused(new_world: Callable[..., World]) -> None:
    world = new_world()
    worker = world.worker()
    world.send(100)
    world.check()
    worker.leave()
    worker.restart(clock="marks")
    assert worker.wait() == 70
    assert "clock = wall" in worker.log.read_text()
