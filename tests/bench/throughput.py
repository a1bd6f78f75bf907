"""Events per second through a worker: preloaded, applied, and timed by what it committed."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from streams.local.progress import step
from streams.settings import Settings
from tests.bench import ledger, load
from tests.workers import CASES, COUNTING, Worker

WAIT_SECONDS = 240


class Kind(NamedTuple):
    """A worker to measure: its command and its consumer group."""

    name: str
    command: Sequence[str]
    group: str


WORKER = Kind("worker", CASES, "gridpulse-cases")
COUNT = Kind("counting fold", COUNTING, "counting")


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
            reached = ledger.applied(settings, kind.group)


def through(kind: Kind, settings: Settings, events: load.Events, folder: Path) -> dict[str, float]:
    """One round: write the events, start the worker, let it finish, read its pace in the ledger."""
    load.preload(settings, events)
    worker = start(kind, settings, folder)
    try:
        follow(worker, kind, settings, len(events))
        worker.leave()
    finally:
        worker.close()
    found = ledger.pace(ledger.history(settings)[0])
    return {"events": found.events, "seconds": found.seconds, "units": found.units}


def bare(settings: Settings, events: load.Events) -> dict[str, float]:
    """The loop without lane and state over events that are already there, in a process of its own."""
    with step("  bare loop"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.bare", str(len(events))],
            env=settings.environment(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=WAIT_SECONDS,
        )
    result: dict[str, float] = orjson.loads(done.stdout)
    return result
