"""How long commit units last: as short as set, longer under load, longest where all that comes has waited for long."""

import asyncio
from types import SimpleNamespace

import pytest

from streams import clock
from streams.lane.batch import Batch
from streams.lane.faults import Faults
from streams.lane.long_turns import LongTurns
from streams.lane.pace import LARGE_STEP, LATE_SECONDS, Pace
from streams.lane.position import Position, TopicPosition
from streams.lane.row_sum import RowSum
from streams.lane.writer import Writer

TOPIC = "grid.voltage-readings.v1"
NOW = 1_780_000_000_000
FRESH, LATE = NOW - LATE_SECONDS * 1000, NOW - LATE_SECONDS * 1000 - 1
STEP_SECONDS = 0.25  # no rounding


def least(units, interval=0.1):
    """How long the last of some units lasts at least; each is its largest step and the newest record's time."""
    pace = Pace(interval)
    for records, newest in units:
        pace.step(records)
        pace.step(1)
        seconds = pace.least_seconds(newest, NOW)
        pace.close(newest, NOW)
    return seconds


@pytest.mark.parametrize(
    ("units", "seconds"),
    [
        ([(LARGE_STEP - 1, LATE)], 0.1),
        ([(LARGE_STEP, FRESH)], 1),
        ([(LARGE_STEP, LATE)], 1),
        ([(LARGE_STEP, LATE)] * 2, 2),
        ([(LARGE_STEP, LATE)] * 3, 2),
        ([(LARGE_STEP, LATE), (LARGE_STEP, FRESH)], 1),
        ([(LARGE_STEP, FRESH), (LARGE_STEP, LATE)], 1),
        ([(LARGE_STEP, LATE), (1, LATE), (LARGE_STEP, LATE)], 1),
        ([(LARGE_STEP, LATE)] * 2 + [(1, LATE)], 0.1),
    ],
)
def test_a_unit_lasts_as_long_as_what_comes_allows(units, seconds):
    assert least(units) == seconds


def test_no_unit_is_shorter_than_the_interval_that_was_set():
    assert least([(LARGE_STEP, LATE)] * 2, interval=5) == 5


class Counting:
    """A fold that only counts what each unit holds, and lets the time of the loop go on by itself."""

    def __init__(self, records):
        self.units, self.left, self.seconds = [0], records, 0.0
        self.done = asyncio.Event()

    def apply(self, _topic, records):
        self.seconds += STEP_SECONDS
        self.units[-1] += len(records)
        self.left -= len(records)
        if not self.left:
            self.done.set()
        return {"applied": len(records)}

    def advance(self, _now, *, complete):
        pass

    def outputs(self, _position):
        self.units.append(0)
        return []


class Accepting:
    async def commit(self, _outputs, _faults):
        pass


@pytest.mark.parametrize(("age_seconds", "steps"), [(0, [4, 4, 4, 4, 4]), (3600, [4, 8, 8])])
async def test_a_backlog_is_settled_half_as_often_as_a_load_that_somebody_waits_for(monkeypatch, age_seconds, steps):
    fold = Counting(20 * LARGE_STEP)
    position = Position(1, "wall", {TOPIC: TopicPosition(next_offset=0)})
    writer = Writer(
        0,
        fold,
        position,
        Accepting(),
        RowSum(),
        ledger_topic="ledger",
        interval_seconds=0.1,
        contiguous=True,
        faults=Faults(),
        long_turns=LongTurns(),
    )
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: fold.seconds)
    writer.start()
    came = clock.now_ms() - age_seconds * 1000
    for first in range(0, 20 * LARGE_STEP, LARGE_STEP):
        records = [SimpleNamespace(offset=first + n, timestamp=came, value=b"{}") for n in range(LARGE_STEP)]
        writer.offer(Batch(TOPIC, 0, records))

    await fold.done.wait()
    await writer.stop()

    assert [unit // LARGE_STEP for unit in fold.units if unit] == steps
