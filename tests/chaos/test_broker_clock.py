"""A broker whose own clock is six minutes behind, by libfaketime under its JVM: nobody reads wrong numbers unmarked."""

import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import libfaketime
import orjson
import pytest

from schemas.event import format_instant
from streams import clock, topics
from streams.demo.kafka import LocalKafka, free_port
from streams.settings import Settings
from tests.support.workers import CASES, Worker, eventually, new_producer

BEHIND = 360
EVENTS = 12
LIBRARY = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    kafka = LocalKafka(tmp_path / "kafka")
    with monkeypatch.context() as begun:
        begun.setenv("LD_PRELOAD", str(LIBRARY))
        begun.setenv("FAKETIME", f"-{BEHIND}")
        begun.setenv("DONT_FAKE_MONOTONIC", "1")  # timeouts of the JVM are none of the clock's
        begun.setenv("FAKETIME_FORCE_MONOTONIC_FIX", "0")  # otherwise its conditions never wake
        kafka.start()
    try:
        made = Settings.load(broker=kafka.address, topic_prefix="behind.", partitions=1)
        topics.create(made)
        yield made
    finally:
        kafka.stop()


def say(settings: Settings) -> None:
    """What happens now."""
    producer = new_producer(settings.broker)
    for number in range(EVENTS):
        at = format_instant(clock.now())
        said = {"event_id": f"{number}", "revision": 1, "occurred_at": at, "recorded_at": at, "source": "oms"}
        about = {"kind": "fault", "areas": [{"area": "A", "customers": 10}]}
        value = orjson.dumps({"event_type": "started", "outage_id": f"O{number}", **said, **about})
        sent = producer.send(settings.topic_prefix + topics.OUTAGES, key=f"O{number}".encode(), value=value)
        assert BEHIND - 60 < clock.now() - sent.get(20).timestamp // 1000 < BEHIND + 60
    producer.close()


def metric(port: int, pattern: str) -> float:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            found = re.search(pattern + r"(?:\{[^}]*\})? ([-+.e0-9]+)", answer.read().decode())
    except OSError:
        return 0
    return float(found[1]) if found else 0


def test_a_worker_refuses_and_what_is_rejected_is_counted(settings: Settings, make: Callable[..., Worker]) -> None:
    say(settings)
    worker = make("right", CASES)
    assert worker.wait() == 1
    assert re.search(r"The clock of this host is (3[56]\d) s ahead of the broker's", worker.text)

    ports = free_port(), free_port()
    with (  # hosts that are as wrong as the broker: a worker, and a web server of which nobody looks at the clock
        closing(make("behind", CASES, fault_clock_seconds=-BEHIND, worker_port=ports[0])) as worker,
        closing(make("web", ("streams.cli", "web"), web_port=ports[1])),
    ):
        refused = 'gridpulse_events_refused_total{reason="from_the_future",topic="behind.grid.outages.v1"}'
        eventually(
            "the alert of rejected events has what it is made of",
            lambda: worker.check_alive() or metric(ports[1], re.escape(refused)) == EVENTS,
        )
        eventually(
            "so has that of clocks", lambda: abs(metric(ports[1], "gridpulse_web_clock_skew_seconds") - BEHIND) < 30
        )


@pytest.fixture
def make(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    workers: list[Worker] = []

    def make(name: str, command: tuple[str, ...], **changes: object) -> Worker:
        folder = tmp_path / name
        workers.append(Worker(settings, tmp_path / f"{name}.log", command, data_dir=str(folder), **changes))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()
