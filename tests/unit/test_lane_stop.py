"""A revoke stops the writers, whatever wakes them at that very moment."""

import asyncio

import pytest

from streams.lane.faults import Faults
from streams.lane.long_turns import LongTurns
from streams.lane.position import Position
from streams.lane.row_sum import RowSum
from streams.lane.writer import Writer


@pytest.mark.parametrize("steps", range(5))
async def test_a_writer_that_is_woken_while_it_is_stopped_stops(steps):
    """asyncio.wait_for loses a cancellation that comes with its result: the writer went on, and the revoke hung."""
    writer = Writer(
        0,
        None,
        Position(1, "wall", {}),
        None,
        RowSum(),
        ledger_topic="ledger",
        interval_seconds=60,
        contiguous=True,
        faults=Faults(),
        long_turns=LongTurns(),
    )
    resting = asyncio.create_task(writer._rest(0))
    for _ in range(5):
        await asyncio.sleep(0)
    writer.wake()
    for _ in range(steps):
        await asyncio.sleep(0)

    rested = resting.done()
    resting.cancel()
    await asyncio.wait([resting])

    assert rested or resting.cancelled()
