"""Who wrote a topic: producer ids and epochs as they stand in the record batches, which no consumer shows."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.memory_records import MemoryRecords


@dataclass
class Writers:
    """Per partition, the (producer id, epoch) of every data batch in offset order, repetitions left out."""

    batches: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def check_single_and_fenced(self) -> None:
        """One producer id a partition, and never an epoch below one seen before: no zombie wrote."""
        for partition, seen in self.batches.items():
            assert len({producer for producer, _ in seen}) <= 1, f"partition {partition} has several producers: {seen}"
            epochs = [epoch for _, epoch in seen]
            assert epochs == sorted(epochs), f"partition {partition}: epochs went back: {epochs}"


def writers_of(broker: str, topic: str) -> Writers:
    return asyncio.run(_read(broker, topic))


async def _read(broker: str, topic: str) -> Writers:
    writers = Writers()
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    original = fetcher.PartitionRecords
    try:
        numbers = sorted(await _partitions(consumer, topic))
        partitions = [TopicPartition(topic, number) for number in numbers]
        writers.batches = {number: [] for number in numbers}
        fetcher.PartitionRecords = _noting(original, writers)
        consumer.assign(partitions)
        for partition, offset in (await consumer.beginning_offsets(partitions)).items():
            consumer.seek(partition, offset)
        end = await consumer.end_offsets(partitions)
        while behind := [tp for tp in partitions if await consumer.position(tp) < end[tp]]:
            await consumer.getmany(*behind, timeout_ms=200)
        return writers
    finally:
        fetcher.PartitionRecords = original
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    metadata = await consumer._client.fetch_all_metadata()
    return set(metadata.partitions_for_topic(topic) or ())


def _noting(original: Any, writers: Writers) -> Any:
    class Noting(original):
        def __init__(self, tp: TopicPartition, records: Any, *rest: Any) -> None:
            super().__init__(tp, _Tapped(records, writers.batches.get(tp.partition, [])), *rest)

    return Noting


class _Tapped:
    """Passes batches on as they are, and notes whose they are."""

    def __init__(self, records: MemoryRecords, seen: list[tuple[int, int]]) -> None:
        self._records, self._seen = records, seen

    def next_batch(self) -> Any:
        batch = self._records.next_batch()
        if batch is not None and not batch.is_control_batch:
            writer = (batch.producer_id, batch.producer_epoch)
            if not self._seen or self._seen[-1] != writer:
                self._seen.append(writer)
        return batch

    def has_next(self) -> bool:
        return self._records.has_next()
