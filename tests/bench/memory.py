"""What a point takes in memory, in a process of its own: `python -m tests.bench.memory POINTS DAYS`.

By `tracemalloc`, so what Python has allocated and still holds, without the allocator's holes and without what the
process has anyway. The ledger is that of a worker, fed and settled day by day; nothing is written to Kafka.
"""

import gc
import sys
import tracemalloc
from typing import NamedTuple

import orjson

from schemas.codec import decode
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.bench import points
from tests.bench.points import FRAME_VALUES, INTERVAL

FIRST_DAY = 1_767_225_600  # 2026-01-01T00:00:00Z
DAY = FRAME_VALUES * INTERVAL
OPEN_DAYS = 3  # a day is sealed when three more are over


class Fed(NamedTuple):
    """A record as far as a ledger looks at it."""

    timestamp: int
    key: bytes
    value: bytes
    offset: int = 0
    headers: tuple[()] = ()


def measure(number: int, days: int) -> dict[str, float]:
    """Bytes per point, of one area, with that many sealed days, three whole open ones, and nothing of today yet."""
    numbers = range(0, number * points.AREAS, points.AREAS)
    records = [decode("network", orjson.dumps(record)).event for record in points.network(numbers)]
    reference = Reference(Network.from_records(records), Rules())
    del records
    tracemalloc.start()
    ledger = PointLedger(Partials(), reference, lambda _: True)
    for day in range(days + OPEN_DAYS):
        start, now = FIRST_DAY + day * DAY, FIRST_DAY + (day + 1) * DAY + points.LAG
        values = points.voltages(day)
        fed = [Fed(now * 1000, *points.frame(point, start, values)) for point in numbers]
        counts, _ = ledger.apply("voltage", fed, now)
        assert counts == {"applied": number}, counts
        ledger.due(now)
        for _ in ledger.evaluate(now):
            pass
        for _ in ledger.unsaved():
            pass
        ledger.partials.take_dirty(now)
    del fed
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    return {"points": number, "sealed_days": days, "bytes_per_point": held // number}


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
