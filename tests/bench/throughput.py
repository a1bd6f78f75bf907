"""Events per second through a worker: preloaded, applied, and timed by what it committed."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from streams.load.producer import TOPICS
from streams.progress import step
from streams.settings import Settings
from streams.topics import LEDGER, VOLTAGE_LEDGER
from tests.bench import ledger
from tests.support.workers import CASES, COUNTING, VOLTAGE, Worker

WAIT_SECONDS = 240


class Kind(NamedTuple):
    """A worker to measure: its command, its consumer group, what it reads and where it keeps it."""

    name: str
    command: Sequence[str]
    group: str
    family: str = "outages"
    ledger: str = LEDGER

    @property
    def topic(self) -> str:
        return TOPICS[self.family]


WORKER = Kind("worker", CASES, "gridpulse-cases")
COUNT = Kind("counting fold", COUNTING, "counting")
POINTS = Kind("worker of points", VOLTAGE, "gridpulse-voltage", "voltage", VOLTAGE_LEDGER)


def start(kind: Kind, settings: Settings, folder: Path) -> Worker:
    """A worker process of that kind, with a log of its own."""
    name = f"{settings.topic_prefix}{kind.group}"
    changes: dict[str, Any] = {"instance": "bench", "data_dir": str(folder / name)}
    return Worker(settings, folder / f"{name}.log", kind.command, **changes)


def follow(worker: Worker, kind: Kind, settings: Settings, events: int) -> None:
    """Return when the worker has committed that many events."""
    reached = 0
    deadline = time.monotonic() + WAIT_SECONDS
    with step(f"  {kind.name}", lambda: f"{reached:,} of {events:,}"):
        while reached < events:
            worker.check_alive()
            assert time.monotonic() < deadline, f"{kind.name}: {reached} of {events} after {WAIT_SECONDS} s"
            time.sleep(0.5)
            reached = ledger.applied(settings, kind.group, kind.topic)


def through(kind: Kind, settings: Settings, events: int, folder: Path) -> dict[str, float]:
    """One round over events that are already there: start the worker, let it finish, read its pace in the ledger."""
    worker = start(kind, settings, folder)
    try:
        follow(worker, kind, settings, events)
        worker.leave()
    finally:
        worker.close()
    found = ledger.pace(ledger.history(settings, kind.topic, kind.ledger)[0])
    return {"events": found.events, "seconds": found.seconds, "units": found.units}


def bare(settings: Settings, family: str, events: int) -> dict[str, float]:
    """The loop without lane and state over the same events, in a process of its own."""
    with step("  bare loop"):
        return alone("tests.bench.bare", family, events, environment=settings.environment())


def alone(module: str, *arguments: object, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """What a module prints, in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, timeout=WAIT_SECONDS)
    result: dict[str, float] = orjson.loads(done.stdout)
    return result
