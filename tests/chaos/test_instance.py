"""Two workers under one GRIDPULSE_INSTANCE: the second refuses, the first goes on, a dead one blocks nobody."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams import topics
from streams.lane.presence import host
from streams.settings import Settings
from tests.support.workers import CASES, VOLTAGE, Worker, eventually, new_producer

NAME = "w"
ELSEWHERE = {"process": "p", "host": "elsewhere/pid:[1]", "name": "host-b", "pid": 1, "began": "1", "works": True}

Start = Callable[..., Worker]


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings(partitions=2, session_timeout_seconds=6)


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Iterator[Start]:
    workers: list[Worker] = []

    def new(command: Any = CASES) -> Worker:
        folder = tmp_path / f"{len(workers)}"
        workers.append(Worker(settings, folder.with_suffix(".log"), command, instance=NAME, data_dir=str(folder)))
        return workers[-1]

    yield new
    for worker in workers:
        worker.close()


def works(worker: Worker) -> None:
    eventually("it owns the partitions", lambda: worker.check_alive() or worker.assignments > 0)


def test_the_second_refuses_and_the_first_goes_on_until_it_dies(start: Start) -> None:
    first = start()
    works(first)
    for _ in range(2):  # a supervisor starts it again
        second = start()
        assert second.wait() == 1
        (line,) = [line for line in second.text.splitlines() if line]
        assert line.startswith(f"Error: GRIDPULSE_INSTANCE={NAME} is in use: process {first.process.pid} on ")
        first.check_alive()
    assert first.assignments == 1, "nobody has taken its partitions"
    works(start(VOLTAGE))  # a name is one of a role

    first.kill()
    successor = start()
    works(successor)
    assert "waiting" not in successor.text, "on this host it is known that the first is dead"
    assert successor.leave() == 0
    works(start())


def test_of_two_that_start_at_once_one_works(start: Start) -> None:
    workers = [start(), start()]
    eventually("one has refused", lambda: any(worker.process.poll() is not None for worker in workers))
    (refused,) = [worker for worker in workers if worker.process.poll() is not None]
    assert refused.wait() == 1
    assert "is in use" in refused.text
    works(next(worker for worker in workers if worker is not refused))


@pytest.fixture
def say(settings: Settings) -> Iterator[Callable[..., None]]:
    """What a worker of another host says."""
    producer = new_producer(settings.broker)

    def say(**changes: Any) -> None:
        value = orjson.dumps(ELSEWHERE | changes)
        producer.send(settings.topic_prefix + topics.CLOCK, key=f"worker/cases/{NAME}".encode(), value=value)
        producer.flush()

    yield say
    producer.close()


def test_a_living_one_of_another_host_is_found_by_what_it_says(start: Start, say: Callable[..., None]) -> None:
    say()
    worker, over = start(), threading.Event()

    def go_on() -> None:
        while not over.wait(1):
            say()

    speaking = threading.Thread(target=go_on)
    speaking.start()
    try:
        assert worker.wait() == 1
    finally:
        over.set()
        speaking.join()
    assert f"GRIDPULSE_INSTANCE={NAME} is in use: process 1 on host-b" in worker.text


@pytest.mark.parametrize("said", [{}, {"works": False}, {"process": 7, "host": host(), "pid": 2**22 + 1}])
def test_a_dead_one_blocks_its_successor_for_less_than_a_session(
    start: Start, say: Callable[..., None], said: dict[str, Any]
) -> None:
    say()
    if said:
        say(**{"process": "p"} | said) if "host" not in said else say(works=False)
        say(**said)
    worker = start()
    works(worker)
    assert ("waiting" in worker.text) is (not said)


def test_what_else_is_written_under_the_name_is_passed_over(
    settings: Settings, start: Start, say: Callable[..., None]
) -> None:
    producer = new_producer(settings.broker)
    for value in (b"hello", b"{}", b"[]", b"\xff", b'{"process": []}', None):
        producer.send(settings.topic_prefix + topics.CLOCK, key=f"worker/cases/{NAME}".encode(), value=value)
    producer.close()
    works(start())
