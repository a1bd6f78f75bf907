"""How fast a worker is back: read what is stored, fold it anew, own the partitions."""

import re
import time
from pathlib import Path
from typing import Any

from streams.local.progress import step
from streams.settings import Settings
from tests.bench import ledger, load
from tests.bench.throughput import WORKER, follow, start
from tests.workers import Worker

READY = re.compile(r"own partitions \[\d")
RECOVERED = re.compile(r"recovery of .*: read (\d+) records in ([\d.]+) s, folded them in ([\d.]+) s")
WAIT_SECONDS = 120
LOOK_SECONDS = 0.02


def recoveries(settings: Settings, cases: int, times: int, folder: Path) -> dict[str, Any]:
    """Make a ledger of that many cases, then start its worker that many times."""
    events = load.short_lives(cases)
    load.preload(settings, events)
    worker = start(WORKER, settings, folder)
    try:
        follow(worker, WORKER, settings, len(events))
        found = []
        for number in range(times):
            worker.leave()
            log_start = worker.log.stat().st_size
            with step(f"  recovery {number + 1} of {times}"):
                began = time.monotonic()
                worker.restart()
                found.append(_recovered(worker, log_start, began))
        worker.leave()
    finally:
        worker.close()
    return {"cases": ledger.history(settings)[1], "runs": found}


def _recovered(worker: Worker, log_start: int, began: float) -> dict[str, float]:
    """By the worker's own log: records read, seconds for reading and folding, seconds from exec to ownership."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with worker.log.open() as log:
            log.seek(log_start)
            text = log.read()
        if READY.search(text):
            break
        worker.check_alive()
        assert time.monotonic() < deadline, f"no recovery within {WAIT_SECONDS} s"
        time.sleep(LOOK_SECONDS)
    recovered = RECOVERED.search(text)
    assert recovered is not None, text
    records, read, fold = (float(number) for number in recovered.groups())
    return {"records": records, "read": read, "fold": fold, "ready": time.monotonic() - began}
