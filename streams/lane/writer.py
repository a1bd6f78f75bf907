"""The one coroutine that may touch a source partition: it takes batches, marks and time, and closes commit units."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Generic

from streams import clock
from streams.errors import LaneBroken
from streams.lane.batch import Batch, Output
from streams.lane.fatal import describe, spawn_guarded
from streams.lane.faults import Faults
from streams.lane.fold import AnyFold_co
from streams.lane.inbox import Inbox
from streams.lane.inboxes import Inboxes
from streams.lane.long_turns import LongTurns
from streams.lane.pace import Pace
from streams.lane.position import KEY, Position
from streams.lane.producer import PartitionProducer
from streams.lane.read_time import ReadTime
from streams.lane.row_sum import RowSum

logger = logging.getLogger(__name__)

MAX_WAITING_RECORDS = 20_000
LONG_TURN_SECONDS = 0.25  # a mark at which many cases are evaluated


class Writer(Generic[AnyFold_co]):
    """Owns a fold, its position and its producer between one assignment and the next revoke."""

    def __init__(
        self,
        partition: int,
        fold: AnyFold_co,
        position: Position,
        producer: PartitionProducer,
        rows: RowSum,
        *,
        ledger_topic: str,
        interval_seconds: float,
        contiguous: bool,
        faults: Faults,
        long_turns: LongTurns,
        now_ms: Callable[[], int] = clock.now_ms,
        ahead_max_seconds: int = 30,
    ) -> None:
        """`now_ms` is the broker's clock; read time is never ahead of it."""
        self.partition, self.fold, self.position, self.producer = partition, fold, position, producer
        self._rows = rows
        self.read_time = ReadTime()
        self.durable: dict[str, int] = {}
        self.commits = 0
        self.commit_seconds = 0.0
        self._commit_began: float | None = None
        self._ledger_topic, self._interval, self._contiguous = ledger_topic, interval_seconds, contiguous
        self._faults, self._now_ms, self._ahead_max = faults, now_ms, ahead_max_seconds
        self._long_turns = long_turns
        self._closed_at = 0.0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._commit: asyncio.Task[None] | None = None
        self._moved = False
        self._inboxes = Inboxes()

    # -- what others do to it ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, or begin again after a revoke that gave the partition back: whatever waited is fetched anew."""
        self._inboxes.open(self.position, contiguous=self._contiguous)
        self.read_time = ReadTime()
        self._task = spawn_guarded(f"writer of partition {self.partition}", self._run())

    async def stop(self) -> None:
        """Commit what was applied; what only waited is left to the next owner."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self._inboxes.close()
        if self._commit is not None:
            await self._commit
        unit = self._close_unit()
        if unit:
            await self._commit_unit(unit, self._next_offsets())

    def offer(self, batch: Batch) -> None:
        """Never blocks: a topic held at a mark must not hold up the others. `full` is the back-pressure."""
        if self._inboxes.put(batch):
            self._wake.set()

    def full(self, topic: str) -> bool:
        return self.waiting(topic) >= MAX_WAITING_RECORDS

    def waiting(self, topic: str) -> int:
        """Records fetched and not applied yet."""
        return self._inboxes.waiting(topic)

    @property
    def commit_age(self) -> float:
        """For how many seconds the commit unit under way has been; 0 without one."""
        return 0.0 if self._commit_began is None else asyncio.get_running_loop().time() - self._commit_began

    def wake(self) -> None:
        """Something outside the inputs (a cell to publish, new reference data) left outputs in the fold."""
        self._wake.set()

    # -- its loop ------------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        pace, spent = Pace(self._interval), 0.0
        self._closed_at = loop.time()
        while True:
            if spent > LONG_TURN_SECONDS:
                async with self._long_turns.one():
                    applied, spent = self._turn(pace)
                await asyncio.sleep(0)
                continue
            applied, spent = self._turn(pace)
            if applied or spent > LONG_TURN_SECONDS:
                await asyncio.sleep(0)
            else:
                await self._rest(self._closed_at + self._interval - loop.time())

    def _turn(self, pace: Pace) -> tuple[int, float]:
        """Apply what waits, and close a unit when it is time: records applied, seconds for which it held the loop."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._faults.hit("before_state")
        applied = self._step()
        self._faults.hit("after_state")
        pace.step(applied)
        times = self._newest_ms(), self._now_ms()
        least = pace.least_seconds(*times)
        if loop.time() - self._closed_at >= least and (self._commit is None or self._commit.done()):
            unit = self._close_unit()
            self._closed_at = loop.time()
            pace.close(*times)
            if unit:
                self._commit = spawn_guarded(
                    f"commit of partition {self.partition}", self._commit_unit(unit, self._next_offsets())
                )
                self._long_turns.committing(self._commit)
        return applied, loop.time() - began

    def _newest_ms(self) -> int:
        return max((topic.last_timestamp for topic in self.position.topics.values()), default=0)

    async def _rest(self, seconds: float) -> None:
        self._wake.clear()
        if seconds > 0:
            # Batches that arrive within the interval wait for each other: fewer, larger units.
            await asyncio.sleep(seconds)
        else:
            # Never wait_for: until Python 3.12 it loses a cancellation that comes with its result.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await self._wake.wait()

    def _step(self) -> int:
        """Apply one batch per topic, then time; how many records were applied."""
        if self.position.clock == "marks":
            return self._step_by_marks()
        applied = sum(self._apply(name, inbox) for name, inbox in self._inboxes.ready())
        broker = self._now_ms() // 1000
        if self.position.as_of > broker + self._ahead_max:
            raise LaneBroken(
                f"read time is {self.position.as_of - broker} s ahead of the broker's clock, which was set back; "
                "the next start takes it back"
            )
        now = min(self.read_time.now(self.position.topics.items()), broker)
        if now > self.position.as_of:
            self.position.as_of = now
            self.fold.advance(now, complete=False)
            self._moved = True
        return applied

    def _step_by_marks(self) -> int:
        applied = sum(self._apply(name, inbox) for name, inbox in self._inboxes.before_marks())
        barrier = self._inboxes.barrier()
        if barrier is None:
            return applied
        reached, at_it = barrier
        applied += sum(self._apply(name, inbox) for name, inbox in at_it)
        if reached > self.position.as_of:
            self.position.as_of = reached
            self.fold.advance(reached, complete=True)
        return applied

    def _apply(self, name: str, inbox: Inbox) -> int:
        marked = inbox.mark() is not None
        records = inbox.take()
        topic = self.position.topics[name]
        try:
            topic.count({"marks": len(records)} if marked else self.fold.apply(name, records))
        except Exception as error:
            offsets = f"offsets {records[0].offset} to {records[-1].offset}"
            raise LaneBroken(f"{name} partition {self.partition}, {offsets}: {describe(error)}") from error
        topic.resume(records[0].timestamp)
        topic.next_offset = records[-1].offset + 1
        topic.last_timestamp = max(topic.last_timestamp, records[-1].timestamp)
        self._moved = True
        return len(records)

    def _close_unit(self) -> list[Output]:
        """Everything that changed since the last unit, with the position that goes with it."""
        try:
            outputs = self.fold.outputs(self.position)
        except Exception as error:
            upto = ", ".join(f"{name} offset {topic.next_offset}" for name, topic in self.position.topics.items())
            raise LaneBroken(f"partition {self.partition}, read up to {upto}: {describe(error)}") from error
        if outputs or self._moved:
            for topic, key, value, _ in outputs:
                if topic == self._ledger_topic:
                    self._rows.put(key, value)
            self.position.rows = self._rows.count, self._rows.total
            outputs.append(Output(self._ledger_topic, KEY, self.position.encode()))
        self._moved = False
        return outputs

    def _next_offsets(self) -> dict[str, int]:
        return {name: topic.next_offset or 0 for name, topic in self.position.topics.items()}

    async def _commit_unit(self, outputs: list[Output], next_offsets: dict[str, int]) -> None:
        loop = asyncio.get_running_loop()
        began = self._commit_began = loop.time()
        await self.producer.commit(outputs, self._faults)
        self._commit_began = None
        self.commits += 1
        self.commit_seconds += loop.time() - began
        self._faults.hit("before_ack")
        self.durable = next_offsets
        self._faults.hit("after_ack")
