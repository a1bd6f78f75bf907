"""The lane on a real broker: whatever happens to workers, every record is applied exactly once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.lane.faults import POINTS
from streams.lane.position import KEY
from streams.lane.writer import MAX_WAITING_RECORDS
from streams.settings import Settings
from streams.topics import LEDGER, OUTAGES, REPAIRS
from tests.support.counting_workers import SESSION_SECONDS, World
from tests.support.workers import eventually

pytestmark = pytest.mark.proof


@pytest.fixture
def new_world(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def new(**overrides: Any) -> World:
        worlds.append(World(make_settings(session_timeout_seconds=SESSION_SECONDS, **overrides), tmp_path))
        return worlds[-1]

    yield new
    for world in worlds:
        world.close()


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


def test_a_topic_held_at_a_mark_beyond_all_buffers_holds_up_nobody(new_world: Callable[..., World]) -> None:
    world = new_world(clock="marks")
    world.worker()
    world.mark(100, OUTAGES)
    world.send(MAX_WAITING_RECORDS + 5000, OUTAGES, keys=1)
    world.send(1000, REPAIRS)
    repairs = {key: count for key, count in world.sent.items() if key.startswith(REPAIRS.encode())}
    eventually("the other topic goes on", lambda: world.counted() == repairs)
    world.mark(100, REPAIRS)
    world.check()


def test_another_partition_count_than_the_ledgers_is_refused(new_world: Callable[..., World]) -> None:
    world = new_world()
    worker = world.worker()
    world.send(100)
    world.check()
    worker.leave()
    worker.restart(clock="marks")
    assert worker.wait() == 70
    assert "clock = wall" in worker.log.read_text()
