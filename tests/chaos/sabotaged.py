"""A worker with one guarantee of the lane taken out: `python -m tests.chaos.sabotaged NAME [ROLE]`.

Without a role it is the counting worker, otherwise the real one.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any

import faust
import uvloop
from aiokafka import AIOKafkaProducer

from streams.app import run_worker
from streams.lane import lane, producer, transport
from streams.lane.batch import Batch, Output
from streams.lane.faults import Faults
from streams.lane.inbox import Inbox
from streams.lane.position import KEY
from streams.lane.writer import Writer
from streams.settings import Settings
from streams.topics import LEDGER, VOLTAGE_LEDGER
from tests.integration.counting import create_counting_app


def in_flight_kept_on_revoke() -> None:
    """State and what was on its way survive a revoke, whoever owned the partition in the meantime."""

    def take(self: lane.Lane, wanted: set[int], generation: int) -> dict[int, Writer]:
        return {number: self._suspended.pop(number)[0] for number in wanted & self._suspended.keys()}

    async def keep(self: lane.Lane) -> None:
        pass

    lane.Lane._take_suspended, lane.Lane._drop_suspended = take, keep


def unfenced_on_revoke() -> None:
    """The same with a producer of its own: nobody is fenced, and state and position still belong together."""
    in_flight_kept_on_revoke()
    recover = lane.Lane._recover

    async def again(self: lane.Lane, wanted: set[int], tenure: lane.Tenure) -> None:
        for number in wanted & self._suspended.keys():
            writer, _ = self._suspended[number]
            writer.producer = self._new_producer(number)
            await writer.producer.start()
        await recover(self, wanted, tenure)

    lane.Lane._recover = again


def state_kept_on_revoke() -> None:
    """The position is read anew and the producer is, so nothing is fenced; the state is that of the last tenure."""
    revoke, new_writer, kept = lane.Lane.revoke, lane.Lane._new_writer, dict[int, Any]()

    async def keep(self: lane.Lane) -> None:
        kept.update({number: writer.fold for number, writer in self.writers.items()})
        await revoke(self)

    def again(self: lane.Lane, partition: int, *rest: Any) -> Writer:
        writer = new_writer(self, partition, *rest)
        if partition in kept:
            writer.fold, writer.fold.position = kept[partition], writer.position
        return writer

    lane.Lane.revoke, lane.Lane._new_writer = keep, again


def changelog_outside_the_transaction() -> None:
    """The ledger's rows go out by a producer without a transaction, before the position is committed in one.

    Units without rows are not sabotaged, and pass no fault point.
    """
    commit = producer.PartitionProducer._commit

    def is_row(output: Output) -> bool:
        return output.topic.endswith((LEDGER, VOLTAGE_LEDGER)) and output.key != KEY

    async def split(self: producer.PartitionProducer, outputs: Sequence[Output], faults: Faults) -> None:
        rows = [output for output in outputs if is_row(output)]
        if not rows:
            await commit(self, outputs, Faults())
            return
        plain = AIOKafkaProducer(bootstrap_servers=Settings.load().broker)
        await plain.start()
        for topic, key, value, _ in rows:
            await plain.send(topic, value, key, partition=self._partition)
        await plain.stop()  # which sends what it still has
        await commit(self, [output for output in outputs if not is_row(output)], faults)

    producer.PartitionProducer._commit = split


def duplicates_applied() -> None:
    """Reading begins again at the beginning, and what was applied before is not recognised."""
    seek = transport.Consumer.seek_to_committed

    async def seek_to_beginning(self: transport.Consumer) -> Any:
        for writer in self._lane.writers.values():
            for position in writer.position.topics.values():
                position.next_offset = None
        return await seek(self)

    def put(self: Inbox, batch: Batch) -> None:
        self._waiting.append(batch.records)
        self.records_waiting += len(batch.records)

    transport.Consumer.seek_to_committed, Inbox.put = seek_to_beginning, put


def one_batch_lost() -> None:
    """A fetched batch never reaches its writer, as Faust and aiokafka can do around a rebalance."""
    offer, lost = Writer.offer, False

    def lose(self: Writer, batch: Batch) -> None:
        nonlocal lost
        if self.commits and not lost:  # by then it is at work
            lost = True
        else:
            offer(self, batch)

    Writer.offer = lose


SABOTAGES: dict[str, Callable[[], None]] = {
    sabotage.__name__: sabotage
    for sabotage in (
        in_flight_kept_on_revoke,
        unfenced_on_revoke,
        state_kept_on_revoke,
        changelog_outside_the_transaction,
        duplicates_applied,
        one_batch_lost,
    )
}

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("streams.lane").setLevel(logging.INFO)
    name, *role = sys.argv[1:]
    del sys.argv[1:]
    SABOTAGES[name]()
    if role:
        run_worker(Settings.load(), *role)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    faust.Worker(
        create_counting_app(Settings.load()), override_logging=False, quiet=True, redirect_stdouts=False
    ).execute_from_commandline()
