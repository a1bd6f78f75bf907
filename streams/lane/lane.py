"""Who owns which source partition, from assignment through recovery to revoke."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Generic

from streams import clock
from streams.lane.batch import Batch
from streams.lane.config import LaneConfig
from streams.lane.fatal import die
from streams.lane.faults import Faults
from streams.lane.fold import AnyFold_co
from streams.lane.long_turns import LongTurns
from streams.lane.position import KEY, WITHOUT_ROWS
from streams.lane.producer import PartitionProducer
from streams.lane.recovery import Table, first_offsets, read_tables
from streams.lane.taking_over import take_over
from streams.lane.writer import Writer

logger = logging.getLogger(__name__)

TopicPartition = tuple[str, int]
Tenure = tuple[int, int]  # the consumer group's generation, and how many revokes came before


class Lane(Generic[AnyFold_co]):
    """One per worker process.

    `generation` returns the consumer group's current generation; `ready` is awaited once, before the first fold.
    """

    def __init__(
        self,
        config: LaneConfig,
        new_fold: Callable[[int], AnyFold_co],
        *,
        generation: Callable[[], int],
        ready: Callable[[], Awaitable[None]],
        now_ms: Callable[[], int] = clock.now_ms,
    ) -> None:
        self.config = config
        self.writers: dict[int, Writer[AnyFold_co]] = {}
        self.recovery_done, self.recovery_total = 0, 0
        self.recovering = False
        self.assigned: frozenset[int] | None = None
        self.on_change: Callable[[], None] = lambda: None
        self._new_fold, self._generation = new_fold, generation
        self.now_ms = now_ms  # by the broker's clock; known from `ready` on
        self.skew_ms: Callable[[], int] = lambda: 0  # how far this host's clock is ahead of it
        self._prepare: Callable[[], Awaitable[None]] | None = ready
        self._suspended: dict[int, tuple[Writer[AnyFold_co], int]] = {}  # with the generation that last owned it here
        self._revokes = 0
        self._recovery = asyncio.Lock()
        self._faults = Faults(config.faults)
        self._long_turns = LongTurns()

    # -- the data path -------------------------------------------------------------------------------------------------

    def offer(self, batch: Batch) -> None:
        """Hand a batch to its partition's writer; without one it is fetched again after the recovery under way."""
        writer = self.writers.get(batch.partition)
        if writer is not None:
            writer.offer(batch)

    def full(self) -> set[TopicPartition]:
        """The topic partitions that must not be fetched now."""
        return {
            (topic, partition)
            for partition, writer in self.writers.items()
            for topic in self.config.inputs
            if writer.full(topic)
        }

    def observe(self, topic: str, partition: int, delivered: int, sent_at: int) -> None:
        """Nothing lay beyond `delivered` when a fetch was sent at `sent_at` (seconds)."""
        writer = self.writers.get(partition)
        if writer is not None:
            writer.read_time.observe(topic, delivered, sent_at)

    def durable(self, topic: str, partition: int) -> int | None:
        """The offset to commit to the group: for lag tools only, the truth is the position in the ledger."""
        writer = self.writers.get(partition)
        return writer.durable.get(topic) if writer is not None else None

    def rows(self, table: str) -> dict[bytes, object]:
        """The owned rows of a table, as Faust shows them."""
        return {key: row for writer in self.writers.values() for key, row in writer.fold.rows(table).items()}

    @property
    def is_ready(self) -> bool:
        """Whether it works on everything it was assigned, be that nothing."""
        return not self.recovering and self.assigned is not None and self.assigned == self.writers.keys()

    # -- ownership -----------------------------------------------------------------------------------------------------

    def tenure(self) -> Tenure:
        """What an assignment is valid for: a revoke ends it at once, the generation follows when the group agrees."""
        return self._generation(), self._revokes

    async def recover(self, partitions: Iterable[int]) -> None:
        """Become the owner: fence, read back, fold. Ends the process on any failure, since Faust would swallow it."""
        tenure = self.tenure()
        wanted = set(partitions)
        try:
            async with self._recovery:
                if tenure == self.tenure():
                    self.assigned = frozenset(wanted)
                    await self._recover(wanted, tenure)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  # see above
            die("recovery", error)

    async def _recover(self, wanted: set[int], tenure: Tenure) -> None:
        self.recovering = True
        kept = self._take_suspended(wanted, tenure[0])
        await self._drop_suspended()
        missing = sorted(wanted - kept.keys())
        if self._prepare is not None:
            await self._prepare()
            self._prepare = None
        if tenure == self.tenure():  # directly before fencing: the last to initialise wins, not the rightful one
            producers = {partition: self._new_producer(partition) for partition in missing}
            # Fencing first: what an earlier owner still had on the way is aborted before the end is read.
            await asyncio.gather(*(producer.start() for producer in producers.values()))
            kept |= await self._read_back(producers)
        if tenure != self.tenure():
            # Another rebalance began; its own recovery decides anew, and these were never started.
            await asyncio.gather(*(writer.producer.stop() for writer in kept.values()))
            return
        self.writers.update(kept)
        self.recovering = False
        logger.info("own partitions %s (recovered %s)", sorted(kept), missing)
        self.on_change()

    async def _read_back(self, producers: Mapping[int, PartitionProducer]) -> dict[int, Writer[AnyFold_co]]:
        """What the tables hold, as writers that have yet to start."""
        config, loop = self.config, asyncio.get_running_loop()
        began = loop.time()
        tables = await read_tables(
            config.broker, config.tables, producers, config.deadline_seconds, self._progress, checks=config.checks
        )
        read = loop.time()
        older = [n for n in producers if tables[n][config.ledger].get(KEY, b"").startswith(WITHOUT_ROWS)]
        begins = await first_offsets(config.broker, config.inputs, older, config.deadline_seconds)
        writers = {
            number: self._new_writer(number, each, tables[number], begins.get(number, {}))
            for number, each in producers.items()
        }
        if writers:
            took = read - began, loop.time() - read
            what = "recovery of %s: read %d records in %.3f s, folded them in %.3f s"
            logger.info(what, sorted(writers), self.recovery_total, *took)
        return writers

    def _take_suspended(self, wanted: set[int], generation: int) -> dict[int, Writer[AnyFold_co]]:
        """The state is still good if no other owner can have existed in between: this is the very next generation."""
        good = {number for number, (_, last) in self._suspended.items() if generation == last + 1}
        return {number: self._suspended.pop(number)[0] for number in wanted & good}

    def _new_producer(self, partition: int) -> PartitionProducer:
        return PartitionProducer(
            self.config.broker, f"{self.config.app_id}-{partition}", partition, self.config.deadline_seconds
        )

    def _new_writer(
        self, partition: int, producer: PartitionProducer, tables: Mapping[str, Table], begins: Mapping[str, int]
    ) -> Writer[AnyFold_co]:
        """`begins`: the first offset of each input, where an older version wrote the position."""
        config, fold = self.config, self._new_fold(partition)
        position, rows = take_over(config, partition, fold, tables, begins, now=self.now_ms() // 1000)
        return Writer(
            partition,
            fold,
            position,
            producer,
            rows,
            ledger_topic=config.ledger,
            interval_seconds=config.interval_seconds,
            contiguous=config.contiguous,
            faults=self._faults,
            long_turns=self._long_turns,
            now_ms=self.now_ms,
            ahead_max_seconds=config.ahead_max_seconds,
        )

    def positions(self) -> dict[TopicPartition, int | None]:
        """Where each owned input partition must be read from; None: from its beginning."""
        return {
            (topic, partition): position.next_offset
            for partition, writer in self.writers.items()
            for topic, position in writer.position.topics.items()
        }

    def read_before(self) -> dict[TopicPartition, int]:
        """Up to where an older version had read what is read again now."""
        return {
            (topic, partition): offset
            for partition, writer in self.writers.items()
            for topic, offset in writer.position.read_before.items()
        }

    def begin(self, tenure: Tenure, beginnings: Mapping[TopicPartition, int]) -> None:
        """The consumer stands at `positions` in this tenure, or at these beginnings where they are later."""
        if tenure != self.tenure():
            return
        for (topic, partition), offset in beginnings.items():
            position = self.writers[partition].position.topics[topic]
            if position.next_offset is None:
                position.next_offset = position.start = offset
            elif offset > position.next_offset:
                logger.error("%s partition %d: %s", topic, partition, position.lose(offset))
        for writer in self.writers.values():
            writer.start()

    async def revoke(self) -> None:
        """Commit what was applied, keep the state only in case the next generation gives the partition back."""
        self._revokes += 1
        writers, self.assigned = dict(self.writers), None
        self.writers.clear()
        try:
            await asyncio.gather(*(writer.stop() for writer in writers.values()))
        except BaseException as error:  # noqa: BLE001  # memory is ahead of the log: nothing may be kept
            die("revoke", error)
        self._suspended |= {number: (writer, self._generation()) for number, writer in writers.items()}
        self.on_change()

    async def close(self) -> None:
        """The orderly end: commit and let go."""
        await self.revoke()
        await self._drop_suspended()

    async def _drop_suspended(self) -> None:
        dropped, self._suspended = self._suspended, {}
        await asyncio.gather(*(writer.producer.stop() for writer, _ in dropped.values()))

    def _progress(self, done: int, total: int) -> None:
        self.recovery_done, self.recovery_total = done, total
