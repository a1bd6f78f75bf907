"""The counting worker with one guarantee of the lane taken out. Run as `python -m tests.chaos.sabotaged NAME`."""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any

import faust
import uvloop
from aiokafka import AIOKafkaProducer

from streams.lane import lane, producer, transport
from streams.lane.batch import Batch, Output
from streams.lane.faults import Faults
from streams.lane.inbox import Inbox
from streams.lane.writer import Writer
from streams.settings import Settings
from streams.topics import LEDGER
from tests.integration.counting import create_counting_app

LOST = 30  # which batch never arrives: late enough for the workers to be at work by then


def in_flight_kept_on_revoke() -> None:
    """State and what was on its way survive a revoke, whoever owned the partition in the meantime."""

    def take(self: lane.Lane, wanted: set[int], generation: int) -> dict[int, Writer]:
        return {number: self._suspended.pop(number)[0] for number in wanted & self._suspended.keys()}

    async def keep(self: lane.Lane) -> None:
        pass

    lane.Lane._take_suspended, lane.Lane._drop_suspended = take, keep


def changelog_outside_the_transaction() -> None:
    """The ledger's rows go out by a producer without a transaction, before the position is committed in one."""
    commit = producer.PartitionProducer._commit

    async def split(self: producer.PartitionProducer, outputs: Sequence[Output], faults: Faults) -> None:
        plain = AIOKafkaProducer(bootstrap_servers=Settings.load().broker)
        await plain.start()
        rows = [output for output in outputs if output.topic.endswith(LEDGER) and output.key != b"position"]
        for topic, key, value, _ in rows:
            await plain.send_and_wait(topic, value, key, partition=self._partition)
        await plain.stop()
        await commit(self, [output for output in outputs if output not in rows], faults)

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
    offer, seen = lane.Lane.offer, 0

    def lose(self: lane.Lane, batch: Batch) -> None:
        nonlocal seen
        seen += 1
        if seen != LOST:
            offer(self, batch)

    lane.Lane.offer = lose


SABOTAGES: dict[str, Callable[[], None]] = {
    sabotage.__name__: sabotage
    for sabotage in (
        in_flight_kept_on_revoke,
        changelog_outside_the_transaction,
        duplicates_applied,
        one_batch_lost,
    )
}

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("streams.lane").setLevel(logging.INFO)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    SABOTAGES[sys.argv.pop()]()
    faust.Worker(
        create_counting_app(Settings.load()), override_logging=False, quiet=True, redirect_stdouts=False
    ).execute_from_commandline()
