"""One source partition's transactional producer: a commit unit is written whole or not at all, by one owner."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import groupby

from streams.errors import LaneBroken
from streams.lane.batch import Output
from streams.lane.fatal import within
from streams.lane.faults import Faults
from streams.lane.one_try import OneTryProducer

VALUE_BYTES_MAX = 8 * 2**20 - 64 * 1024  # the topics take 8 MiB with key and headers
MAX_BATCH_BYTES = 512 * 1024
HELD_UP = (
    3  # times the deadline, which does not count the time in which a fold holds the loop; a successor fences at once
)


class PartitionProducer:
    """`start` fences every earlier owner of the partition; after that any error means: not ours any more."""

    def __init__(self, broker: str, transactional_id: str, partition: int, deadline_seconds: float) -> None:
        self.transactional_id = transactional_id
        self._partition = partition
        self._deadline = deadline_seconds
        self._producer = OneTryProducer(
            bootstrap_servers=broker,
            transactional_id=transactional_id,
            transaction_timeout_ms=int(HELD_UP * deadline_seconds * 1000),
            request_timeout_ms=int(HELD_UP * deadline_seconds * 1000),
            max_batch_size=MAX_BATCH_BYTES,
            acks="all",
        )

    async def start(self) -> None:
        await within(self._deadline, f"fencing earlier owners of {self.transactional_id}", self._producer.start())

    async def stop(self) -> None:
        await within(self._deadline, f"closing {self.transactional_id}", self._producer.stop())

    async def commit(self, outputs: Sequence[Output], faults: Faults) -> None:
        """Write all outputs in one transaction; returns when readers can see them."""
        try:
            await within(self._deadline, f"a commit of {self.transactional_id}", self._commit(outputs, faults))
        except Exception as error:
            if self._producer.lost is not None:
                raise self._producer.lost from error
            raise

    async def _commit(self, outputs: Sequence[Output], faults: Faults) -> None:
        producer = self._producer
        await producer.begin_transaction()
        faults.hit("before_outputs")
        sent: list[asyncio.Future[object]] = []
        for topic, group in groupby(sorted(outputs, key=_topic_of), key=_topic_of):
            sent += await self._send(topic, group)
        # commit_transaction() returns normally although a batch failed: only the futures show it.
        await asyncio.gather(*sent)
        faults.hit("after_outputs")
        faults.hit("before_commit")
        await producer.commit_transaction()
        faults.hit("after_commit")

    async def _send(self, topic: str, outputs: Iterable[Output]) -> list[asyncio.Future[object]]:
        futures = []
        batch = self._producer.create_batch()
        for _, key, value, headers in outputs:
            if value is not None and len(value) > VALUE_BYTES_MAX:
                raise LaneBroken(
                    f"{topic} partition {self._partition}: the record {key[:100]!r} has {len(value)} bytes, "
                    f"and a broker takes {VALUE_BYTES_MAX}; this is a bug of gridpulse: report the key"
                )
            if batch.append(key=key, value=value, timestamp=None, headers=list(headers)) is None:
                batch.close()
                futures.append(await self._producer.send_batch(batch, topic, partition=self._partition))
                batch = self._producer.create_batch()
                batch.append(key=key, value=value, timestamp=None, headers=list(headers))
        batch.close()
        futures.append(await self._producer.send_batch(batch, topic, partition=self._partition))
        return futures


def _topic_of(output: Output) -> str:
    return output.topic
