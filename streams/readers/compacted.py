"""One compacted topic into memory: everything up to now, then every change, without a consumer group."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaClient, AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.errors import BrokerUnavailable, TopicsWrong
from streams.readers.header_names import tolerate

OnBatch = Callable[[int, Sequence[Any]], None]
OnFailure = Callable[[Exception], None]

FETCH_MAX_WAIT_MS = 100  # a broker answers one fetch at a time: a long wait on quiet partitions holds up busy ones
POLL_MS = 100  # how late reaching the end is noticed when only control records are left


class CompactedReader:
    """Reads all partitions of `topic` committed, in offset order within a partition, and hands batches on.

    `on_batch(partition, records)` is called synchronously on the event loop. What fails after `start`, in `on_batch`
    too, ends the reading, goes to `on_failure` once and is raised by `caught_up()` and `wait_closed()`.
    """

    def __init__(
        self,
        broker: str,
        topic: str,
        on_batch: OnBatch,
        *,
        on_failure: OnFailure | None = None,
        deadline_seconds: float = 20,
    ) -> None:
        self.topic = topic
        self.partitions = 0
        self._broker = broker
        self._on_batch = on_batch
        self._on_failure = on_failure
        self._deadline_seconds = deadline_seconds
        self._consumer: Any = None
        self._task: asyncio.Task[None] | None = None
        self._begin: dict[Any, int] = {}
        self._end: dict[Any, int] = {}
        self._position: dict[Any, int] = {}
        self._caught_up = asyncio.Event()

    @property
    def is_caught_up(self) -> bool:
        return self._caught_up.is_set()

    async def start(self) -> None:
        """Find the partitions, capture their last stable offsets and begin to read."""
        tolerate()
        partitions = await self._within_deadline(self._discover(), "list the topics")
        self.partitions = len(partitions)
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._broker,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",  # retention may pass a slow reader: the oldest record left is the right one
            isolation_level="read_committed",
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
        )
        try:
            await self._within_deadline(self._consumer.start(), "connect")
            self._consumer.assign(partitions)
            # Asked read_committed, the end is the last stable offset: an open transaction is not waited for.
            self._end = await self._within_deadline(self._consumer.end_offsets(partitions), "ask for the ends")
            self._begin = await self._within_deadline(
                self._consumer.beginning_offsets(partitions), "ask for the starts"
            )
            self._position = dict(self._begin)
            for partition, offset in self._begin.items():
                self._consumer.seek(partition, offset)
        except BaseException:
            await self._consumer.stop()
            raise
        self._notice_the_end()
        self._task = asyncio.create_task(self._read(), name=f"read {self.topic}")

    async def caught_up(self) -> None:
        """Return when everything committed before `start` has been handed on; raise what ended the reading."""
        task = self._running()
        waiter = asyncio.create_task(self._caught_up.wait())
        try:
            await asyncio.wait((waiter, task), return_when=asyncio.FIRST_COMPLETED)
            if not self._caught_up.is_set():
                await task
        finally:
            waiter.cancel()

    async def wait_closed(self) -> None:
        """Return after `stop`; raise what ended the reading before."""
        await asyncio.wait((self._running(),))
        if not self._running().cancelled():
            self._running().result()

    def progress(self) -> tuple[int, int]:
        """(read, total) in offsets up to the ends captured at `start`."""
        total = sum(max(self._end[partition] - self._begin[partition], 0) for partition in self._end)
        left = sum(max(self._end[partition] - self._position[partition], 0) for partition in self._end)
        return total - left, total

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
        if self._consumer is not None:
            await self._consumer.stop()

    async def _discover(self) -> list[Any]:
        # The metadata of all topics: asking for one by its name makes a broker create it.
        client = AIOKafkaClient(bootstrap_servers=self._broker)
        try:
            await client.bootstrap()
            numbers = (await client.fetch_all_metadata()).partitions_for_topic(self.topic)
        finally:
            await client.close()
        if not numbers:
            raise TopicsWrong(f"Topic {self.topic} does not exist; `gridpulse topics create` makes it.")
        return [TopicPartition(self.topic, number) for number in sorted(numbers)]

    async def _within_deadline(self, awaitable: Any, what: str) -> Any:
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await awaitable
        except (TimeoutError, KafkaError) as error:
            raise BrokerUnavailable(
                f"The broker {self._broker} did not let me {what} for {self.topic}: {error!r}."
            ) from error

    async def _read(self) -> None:
        try:
            await self._catch_up()
            while True:
                await self._poll()
        except Exception as error:
            if self._on_failure is not None:
                self._on_failure(error)
            raise

    async def _catch_up(self) -> None:
        loop = asyncio.get_running_loop()
        progressed_at = loop.time()
        while not self._caught_up.is_set():
            await self._poll()
            if await self._advance():
                progressed_at = loop.time()
            elif loop.time() - progressed_at > self._deadline_seconds:
                raise BrokerUnavailable(f"{self.topic}: no progress for {self._deadline_seconds:g} s before the end.")

    async def _poll(self) -> None:
        for partition, records in (await self._consumer.getmany(timeout_ms=POLL_MS)).items():
            self._on_batch(partition.partition, records)
        await asyncio.sleep(0)  # a long history must not starve the loop

    async def _advance(self) -> bool:
        # The position passes control records and compacted gaps, which no record handed on would show.
        before = dict(self._position)
        for partition in self._position:
            self._position[partition] = await self._consumer.position(partition)
        self._notice_the_end()
        return before != self._position

    def _notice_the_end(self) -> None:
        if all(self._position[partition] >= end for partition, end in self._end.items()):
            self._caught_up.set()

    def _running(self) -> asyncio.Task[None]:
        assert self._task is not None, "start() comes first"
        return self._task
