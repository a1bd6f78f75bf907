"""Turns that hold the event loop for seconds leave commits the loop, and cost them next to none of their deadline."""

import asyncio

import pytest

from streams.errors import LaneBroken
from streams.lane import writer as writers
from streams.lane.fatal import within
from streams.lane.faults import Faults
from streams.lane.long_turns import LongTurns
from streams.lane.position import Position
from streams.lane.row_sum import RowSum
from streams.lane.writer import Writer

COMMIT_TURNS = 12
UNITS = 4


class Happened:
    """What partitions did, in its order; `over` once every partition has committed its units."""

    def __init__(self):
        self.events, self.over = [], asyncio.Event()

    def note(self, what, partition):
        self.events.append((what, partition))
        commits = [number for event, number in self.events if event == "committed"]
        if all(commits.count(number) >= UNITS for number in (0, 1, 2)):
            self.over.set()


class Heavy:
    """A fold that has something to write at every turn."""

    def __init__(self, partition, happened):
        self.partition, self.happened = partition, happened

    def advance(self, _now, *, complete):
        pass

    def outputs(self, _position):
        self.happened.note("turn", self.partition)
        return [("kpis", b"k", b"v", ())]


class Slow:
    """A producer whose commit needs several turns of the loop."""

    def __init__(self, partition, happened):
        self.partition, self.happened = partition, happened

    async def commit(self, _outputs, _faults):
        self.happened.note("commit", self.partition)
        for _ in range(COMMIT_TURNS):
            await asyncio.sleep(0)
        self.happened.note("committed", self.partition)


async def test_no_partition_takes_a_long_turn_beside_a_commit(monkeypatch):
    monkeypatch.setattr(writers, "LONG_TURN_SECONDS", -1)  # every turn is one
    happened, turns = Happened(), LongTurns()
    each = [
        Writer(
            number,
            Heavy(number, happened),
            Position(1, "wall", {}),
            Slow(number, happened),
            RowSum(),
            ledger_topic="ledger",
            interval_seconds=0,
            contiguous=True,
            faults=Faults(),
            long_turns=turns,
        )
        for number in (0, 1, 2)
    ]
    for writer in each:
        writer.start()

    await happened.over.wait()
    events = list(happened.events)
    for writer in each:
        await writer.stop()

    # The first turn of each partition could not be known to be long.
    events = events[max(events.index(("committed", number)) for number in (0, 1, 2)) + 1 :]
    under_way = 0
    for what, _ in events:
        under_way += {"commit": 1, "committed": -1}.get(what, 0)
        assert not (under_way and what == "turn"), events
    assert sum(what == "committed" for what, _ in events) >= UNITS


@pytest.mark.parametrize(("turns", "in_time"), [(5, True), (1000, False)])
async def test_a_deadline_counts_the_time_in_which_the_loop_runs(monkeypatch, turns, in_time):
    loop = asyncio.get_running_loop()
    ran, held = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: ran() + held)

    async def answered():
        nonlocal held
        for _ in range(turns):
            held += 30  # a turn of a fold
            await asyncio.sleep(0)
        return "answer"

    if in_time:
        assert await within(20, "a commit", answered()) == "answer"
    else:
        with pytest.raises(LaneBroken, match="a commit took longer than 20 s"):
            await within(20, "a commit", answered())
