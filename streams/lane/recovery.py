"""Reads partitions of compacted topics back by position, up to all that was written before.

Not up to the last stable offset: in a topic that another app writes to as well, its open transaction, be it a dead
process's, would hide what our own predecessor committed after it.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.errors import LaneBroken
from streams.lane.batch import Record
from streams.lane.fatal import within

logger = logging.getLogger(__name__)

Check = Callable[[bytes | None, bytes | None], str | None]  # key and value of a row: why it is none of ours, or None


class Table(dict[bytes, bytes]):
    """The last row of each key that is ours; `set_aside` are the keys whose last row is not, with the reason.

    Such a key has the last row before it that was ours, if the topic still has that one.
    """

    def __init__(self, check: Check | None = None) -> None:
        super().__init__()
        self.set_aside: dict[bytes, str] = {}
        self._check = check

    def take(self, key: bytes, value: bytes | None) -> None:
        """The next row of the topic."""
        why = self._check and self._check(key, value)
        if why is not None and value is not None:
            self.set_aside[key] = why
            return
        self.set_aside.pop(key, None)
        if value is None:
            self.pop(key, None)
        else:
            self[key] = value


Tables = dict[int, dict[str, Table]]
SHOWN_MAX = 20  # rows by name in the log, of a partition that is full of foreign ones
FETCH_BYTES = 4 * 1024 * 1024
ABORT_SECONDS = 15  # a broker checks every ten seconds for transactions that are older than their deadline


async def read_tables(
    broker: str,
    topics: Iterable[str],
    partitions: Iterable[int],
    deadline_seconds: float,
    on_progress: Callable[[int, int], None],
    *,
    checks: Mapping[str, Check],
) -> Tables:
    """The last committed value of every key: partition, then topic, then key.

    The end is a position, not a record: the last record of a transactional topic is a control record, which no
    consumer is ever given. The deadline is for progress, not for the whole; a dead process's transaction, which has the
    same deadline, may last as long.
    """
    wanted = [TopicPartition(topic, partition) for topic in topics for partition in partitions]
    tables: Tables = {tp.partition: {} for tp in wanted}
    for tp in wanted:
        tables[tp.partition][tp.topic] = Table(checks.get(tp.topic))
    if not wanted:
        return tables
    loop = asyncio.get_running_loop()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        isolation_level="read_committed",
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=FETCH_BYTES,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await within(deadline_seconds, "connecting for recovery", consumer.start())
    try:
        consumer.assign(wanted)
        # An offset that is known, never seek_to_beginning: the reset that assign() has begun may still answer, with the
        # latest offset, and would be taken for the one asked for.
        begin = await within(deadline_seconds, "asking for first offsets", consumer.beginning_offsets(wanted))
        for tp in wanted:
            consumer.seek(tp, begin[tp])
        end = await within(deadline_seconds, "asking for end offsets", _written(broker, wanted))
        total, done, moved_at = sum(end[tp] - begin[tp] for tp in wanted), -1, loop.time()
        while True:
            position = {tp: await within(deadline_seconds, "recovery", consumer.position(tp)) for tp in wanted}
            before, done = done, sum(position[tp] - begin[tp] for tp in wanted)
            on_progress(done, total)
            behind = [tp for tp in wanted if position[tp] < end[tp]]
            if not behind:
                _report(tables)
                return tables
            if done > before:
                moved_at = loop.time()
            elif loop.time() - moved_at > deadline_seconds + ABORT_SECONDS:
                raise LaneBroken(f"recovery stands still at {done} of {total} records")
            for tp, records in (await consumer.getmany(*behind, timeout_ms=200)).items():
                _keep_last(tables[tp.partition][tp.topic], records)
    finally:
        await within(deadline_seconds, "closing after recovery", consumer.stop())


async def first_offsets(
    broker: str, topics: Collection[str], partitions: Collection[int], deadline_seconds: float
) -> dict[int, dict[str, int]]:
    """Where these partitions begin, by partition and topic; retention has deleted what was before."""
    wanted = [TopicPartition(topic, partition) for topic in topics for partition in partitions]
    if not wanted:
        return {}
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False)
    await within(deadline_seconds, "connecting for first offsets", consumer.start())
    try:
        asked = consumer.beginning_offsets(wanted)
        found: dict[int, dict[str, int]] = {partition: {} for partition in partitions}
        for tp, offset in (await within(deadline_seconds, "asking for first offsets", asked)).items():
            found[tp.partition][tp.topic] = offset
        return found
    finally:
        await within(deadline_seconds, "closing after first offsets", consumer.stop())


async def _written(broker: str, wanted: list[TopicPartition]) -> dict[TopicPartition, int]:
    """The ends with open transactions; with read_committed a broker returns the last stable offsets."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False)
    await consumer.start()
    try:
        ends: dict[TopicPartition, int] = await consumer.end_offsets(wanted)
        return ends
    finally:
        await consumer.stop()


def _keep_last(table: Table, records: Iterable[Record]) -> None:
    for record in records:
        if record.key is not None:
            table.take(record.key, record.value)


def _report(tables: Tables) -> None:
    for partition, by_topic in tables.items():
        for topic, table in by_topic.items():
            for key, why in list(table.set_aside.items())[:SHOWN_MAX]:
                logger.warning(
                    "%s partition %d: the row %r is none of gridpulse's: %s", topic, partition, key[:100], why
                )
