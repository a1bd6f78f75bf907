"""How fast a worker is back: read what is stored, fold it anew, own the partitions."""

import re
import time
from pathlib import Path

from streams.progress import step
from streams.settings import Settings
from tests.bench.throughput import Kind, start
from tests.support.workers import Worker

READY = re.compile(r"own partitions \[\d")
RECOVERED = re.compile(r"recovery of .*: read (\d+) records in ([\d.]+) s, folded them in ([\d.]+) s")
WAIT_SECONDS = 120
LOOK_SECONDS = 0.02


def recoveries(kind: Kind, settings: Settings, times: int, folder: Path) -> list[dict[str, float]]:
    """Start a worker that many times over what one has left behind."""
    found = []
    for number in range(times):
        with step(f"  recovery {number + 1} of {times}"):
            began = time.monotonic()
            worker = start(kind, settings, folder)
            try:
                found.append(_recovered(worker, began))
                worker.leave()
            finally:
                worker.close()
    return found


def _recovered(worker: Worker, began: float) -> dict[str, float]:
    """By the worker's own log: records read, seconds for reading and folding, seconds from exec to ownership."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        text = worker.text
        if READY.search(text):
            break
        worker.check_alive()
        assert time.monotonic() < deadline, f"no recovery within {WAIT_SECONDS} s"
        time.sleep(LOOK_SECONDS)
    recovered = RECOVERED.search(text)
    assert recovered is not None, text
    records, read, fold = (float(number) for number in recovered.groups())
    return {"records": records, "read": read, "fold": fold, "ready": time.monotonic() - began}
