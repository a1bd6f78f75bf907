"""What a worker has done and when, by the ledger's own records."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from kafka import TopicPartition
from kafka.errors import KafkaError

from streams.lane.position import KEY
from streams.readers.compacted import CompactedReader
from streams.settings import Settings
from streams.topics import LEDGER, OUTAGES, admin


class Moment(NamedTuple):
    """A committed position: when it was written (seconds), where, how many events lay behind it."""

    at: float
    partition: int
    events: int


class Pace(NamedTuple):
    """Events applied after the first unit, the seconds from the first unit to the last, and how many units."""

    events: int
    seconds: float
    units: int


def history(settings: Settings, topic: str = OUTAGES, table: str = LEDGER) -> tuple[list[Moment], int]:
    """All positions in a ledger by time, and how many rows it holds beside them: of outages and orders one a case."""
    moments: list[Moment] = []
    rows: set[bytes] = set()
    source = settings.topic_prefix + topic

    def take(partition: int, records: Sequence[Any]) -> None:
        for record in records:
            if record.key == KEY:
                next_offset = orjson.loads(record.value[1:])["topics"][source]["next_offset"]
                moments.append(Moment(record.timestamp / 1000, partition, next_offset or 0))
            else:
                rows.add(record.key)

    async def read() -> None:
        reader = CompactedReader(settings.broker, settings.topic_prefix + table, take)
        await reader.start()
        await reader.caught_up()
        await reader.stop()

    asyncio.run(read())
    return sorted(moments), len(rows)


def pace(moments: Sequence[Moment]) -> Pace:
    """From the first unit that holds events to the last that brought some."""
    behind: dict[int, int] = {}
    progress = []
    for moment in moments:
        if moment.events > behind.get(moment.partition, 0):
            behind[moment.partition] = moment.events
            progress.append((moment.at, sum(behind.values())))
    (began, first), (ended, last) = progress[0], progress[-1]
    return Pace(last - first, ended - began, len(progress))


def applied(settings: Settings, group: str, topic: str) -> int:
    """How far a group has come, as Faust commits it once a second after the lane has: cheap to ask."""
    partitions = [TopicPartition(settings.topic_prefix + topic, number) for number in range(settings.partitions)]
    with admin(settings) as client:
        try:
            offsets = client.list_group_offsets({settings.topic_prefix + group: partitions})
        except KafkaError as error:
            if not error.retriable:
                raise
            return 0  # on a new broker nobody keeps the offsets of groups yet
    found = offsets[settings.topic_prefix + group]
    return sum(max(entry.offset, 0) for entry in found.values())
