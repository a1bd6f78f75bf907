"""Faust's Kafka transport, one message per fetched (partition, batch) instead of one per record.

Faust keeps membership, assignment, agents and life cycle; positions, recovery and commits are the lane's. What is
overridden here, and why, is in docs/decisions.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from streams.errors import LaneBroken
from streams.lane.batch import Batch, Record
from streams.lane.fatal import die
from streams.lane.fold import Fold
from streams.lane.lane import Lane

FETCH_MAX_WAIT_MS = 100  # Faust's 1500 lets a quiet topic hold up a busy one on the same broker
EMPTY_PAUSE_SECONDS = 0.05
POLL_SECONDS = 0.25  # a seek waits for the fetch under way, so none may last long


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Notes when a fetch found a partition read to its end, and has what it brought handed on as it was read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.caught_up: dict[TP, int] = {}
        self._seeks = 0
        super().__init__(*args, **kwargs)

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_MAX_WAIT_MS  # noqa: SLF001  # read in consumer.start()
        consumer._isolation_level = "read_committed"  # noqa: SLF001  # as above
        return consumer

    async def on_start(self) -> None:
        await super().on_start()
        fetcher = self._consumer._fetcher  # noqa: SLF001  # there is no public way to learn when a fetch was sent
        fetch = fetcher._proc_fetch_request  # noqa: SLF001  # as above

        async def timed(assignment: Any, node_id: int, request: Any) -> Any:
            sent_at_ms, seeks, before = self.app.lane.now_ms(), self._seeks, _answered_at(assignment, request)
            result = await fetch(assignment, node_id, request)
            if assignment.active and seeks == self._seeks:
                self._note(assignment, request, before, sent_at_ms)
            for brought in fetcher._records.values():  # noqa: SLF001  # as above
                _unwrap(brought)
            return result

        fetcher._proc_fetch_request = timed  # noqa: SLF001  # as above
        fetcher.error_future.add_done_callback(_fetching_ended)

    def _note(self, assignment: Any, request: Any, before: Mapping[TP, Any], sent_at_ms: int) -> None:
        for topic, partitions in request.topics:
            for partition, offset, _ in partitions:
                tp = TP(topic, partition)
                state = assignment.state_value(tp)
                answered = state.timestamp is not None and state.timestamp != before[tp]
                # Not the last stable offset: an open transaction before the end holds records that are older.
                if answered and state.highwater is not None and offset >= state.highwater:
                    self.caught_up[tp] = sent_at_ms // 1000

    def forget(self) -> None:
        """After a seek the result of an earlier fetch is void."""
        self._seeks += 1
        self.caught_up.clear()

    async def pause(self, tps: set[TP]) -> None:
        """Stop fetching partitions nobody will read."""

        async def pause() -> None:
            self._ensure_consumer().pause(*map(driver.ensure_aiokafka_TP, tps))

        await self.call_thread(pause)


def _answered_at(assignment: Any, request: Any) -> dict[TP, Any]:
    """When each partition of a fetch was answered last: another answer changes it, whatever this host's clock does."""
    tps = [TP(topic, partition) for topic, partitions in request.topics for partition, *_ in partitions]
    return {tp: state.timestamp if (state := assignment.state_value(tp)) else None for tp in tps}


def _unwrap(brought: Any) -> None:
    """No object of aiokafka's around each record that was parsed: it is half of the work of reading one."""
    records = getattr(brought, "_partition_records", None)  # what a failed fetch left has none
    if records is not None:
        records._consumer_record = _as_read  # noqa: SLF001  # called for each record


def _as_read(_tp: Any, record: Record) -> Record:
    return record


def _fetching_ended(task: Any) -> None:
    """Nothing else watches aiokafka's fetching: without it a worker would keep its partitions and read nothing."""
    if not task.cancelled() and task.exception() is not None:
        die("fetching", task.exception())


class Consumer(driver.Consumer):
    """Yields batches; seeks by the lane's positions; commits what the lane has made durable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._delivered: dict[TP, int] = {}
        # A fetch that outlasts a rebalance would take records from behind the seek, only to drop them.
        self._standing = asyncio.Lock()

    @property
    def _lane(self) -> Lane[Fold]:
        lane: Lane[Fold] = self.app.lane
        return lane

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 # Faust's
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
            return
        # A copy, never the live set: a pause empties that while the fetch is on its way, and to aiokafka an empty set
        # means every partition, whose records would then be dropped here.
        wanted = {tp for tp in self._get_active_partitions() if not self._is_changelog_tp(tp)} - self._lane.full()
        if not wanted:
            await self.sleep(EMPTY_PAUSE_SECONDS)
            return
        caught_up = dict(self._thread.caught_up)
        generation = self.app.consumer_generation_id
        async with self._standing:
            fetched = await self._getmany(active_partitions=wanted, timeout=min(timeout, POLL_SECONDS))
        for tp, records in fetched.items():
            if self.should_stop or not self.flow_active or self.app.consumer_generation_id != generation:
                return  # a rebalance began; recovery seeks, so nothing is lost
            if records:
                self._delivered[tp] = records[-1].offset + 1
                yield tp, self._message(tp, records, generation)
        if self.flow_active and self.app.consumer_generation_id == generation:
            for tp, sent_at in caught_up.items():
                if tp not in fetched:
                    self._lane.observe(tp.topic, tp.partition, self._delivered.get(tp, 0), sent_at)

    @staticmethod
    def _message(tp: TP, records: Any, generation: int) -> ConsumerMessage:
        last = records[-1]
        batch = Batch(tp.topic, tp.partition, records)
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000,
            last.timestamp_type,
            (),
            None,
            batch,
            None,
            0,
            0,
            tp,
            generation_id=generation,
        )

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every input to the offset of the ledger, or to its beginning, and start the writers."""
        tenure = self._lane.tenure()
        positions = {TP(*tp): offset for tp, offset in self._lane.positions().items()}
        beginnings = await self.earliest_offsets(*positions) if positions else {}
        target = {tp: max(offset or 0, beginnings[tp]) for tp, offset in positions.items()}
        before = self._lane.read_before()
        await self._check_ends(
            {tp: max(offset, before.get((tp.topic, tp.partition), 0)) for tp, offset in target.items()}
        )
        changelogs = {tp for tp in self.assignment() if self._is_changelog_tp(tp)}
        async with self._standing:
            self._delivered = dict(target)
            if target:
                await self.seek_wait(target)
            if changelogs:
                await self._thread.pause(changelogs)
            self._thread.forget()
        self._lane.begin(tenure, {(tp.topic, tp.partition): offset for tp, offset in beginnings.items()})
        return target

    async def _check_ends(self, target: Mapping[TP, int]) -> None:
        """An input that ends before its position was re-created or truncated: what is in it would be passed over."""
        ends = await super().highwaters(*target) if target else {}
        for tp, offset in target.items():
            if offset > ends[tp]:
                error = LaneBroken(f"{tp.topic} partition {tp.partition} ends at {ends[tp]}, the ledger is at {offset}")
                die("an input was re-created or lost records", error)

    def _new_offset(self, tp: TP) -> int | None:
        # Faust's own list of acked offsets only grows here, and knows nothing of what is durable.
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        return self._lane.durable(tp.topic, tp.partition)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Offsets jump by whole batches; there are no gaps to remember."""

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's warnings count single messages; readiness and lag are metrics of the lane."""

    async def highwaters(self, *tps: TP) -> Mapping[TP, int]:
        """Nothing to read in the changelogs, as far as Faust is concerned.

        Its own recovery would wait for ever on one that ends in a control record.
        """
        return dict.fromkeys(tps, 0)


class BatchTransport(driver.Transport):
    """`gridpulse://host:port` in Faust's broker setting."""

    Consumer = Consumer


class BatchSchema(faust.Schema):
    """The value of a message is its batch, untouched."""

    def loads_key(self, app: Any, message: Any, *, loads: Any = None, serializer: Any = None) -> None:
        return None

    def loads_value(self, app: Any, message: Any, *, loads: Any = None, serializer: Any = None) -> Any:
        return message.value
