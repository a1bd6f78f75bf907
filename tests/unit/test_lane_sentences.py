"""What ends a process says where: topic, partition, offsets."""

import logging
from types import SimpleNamespace

import pytest

from streams.errors import LaneBroken
from streams.lane import fatal
from streams.lane.batch import Batch
from streams.lane.faults import Faults
from streams.lane.long_turns import LongTurns
from streams.lane.position import Position, TopicPosition
from streams.lane.row_sum import RowSum
from streams.lane.writer import Writer

TOPIC = "grid.outages.v1"


class Breaking:
    """A fold that breaks on what it is asked for."""

    def apply(self, topic, records):
        raise KeyError("step")

    def outputs(self, position):
        raise TypeError("Integer exceeds 64-bit range")


def new_writer():
    position = Position(1, "wall", {TOPIC: TopicPosition(next_offset=40)})
    return Writer(
        3,
        Breaking(),
        position,
        None,
        RowSum(),
        ledger_topic="l",
        interval_seconds=60,
        contiguous=True,
        faults=Faults(),
        long_turns=LongTurns(),
    )


async def test_records_that_cannot_be_applied_are_named_by_their_offsets(monkeypatch):
    writer = new_writer()
    monkeypatch.setattr("streams.lane.writer.spawn_guarded", lambda _what, coroutine: coroutine.close())
    writer.start()
    writer.offer(Batch(TOPIC, 3, [SimpleNamespace(offset=n, value=b"{}", timestamp=0) for n in (40, 41)]))

    with pytest.raises(LaneBroken, match=r"^grid.outages.v1 partition 3, offsets 40 to 41: KeyError: 'step'$"):
        writer._step()


def test_a_unit_that_cannot_be_written_is_named_by_what_was_read():
    expected = r"^partition 3, read up to grid.outages.v1 offset 40: TypeError: Integer exceeds 64-bit range$"
    with pytest.raises(LaneBroken, match=expected):
        new_writer()._close_unit()


def test_the_critical_line_has_the_sentence(monkeypatch, caplog):
    monkeypatch.setattr(fatal.os, "_exit", lambda code: (_ for _ in ()).throw(SystemExit(code)))
    with caplog.at_level(logging.CRITICAL), pytest.raises(SystemExit):
        fatal.die("writer of partition 3", LaneBroken("grid.outages.v1 partition 3, offsets 40 to 41: KeyError: 'x'"))

    assert caplog.messages == [
        "writer of partition 3: LaneBroken: grid.outages.v1 partition 3, offsets 40 to 41: KeyError: 'x'"
    ]
