"""Transactions that are open on an input: no reader gets records after them, and the partition stops."""

import asyncio
import logging
from collections.abc import Iterator
from typing import NamedTuple

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from streams import topics
from streams.errors import GridpulseError
from streams.settings import Settings

logger = logging.getLogger(__name__)

ASK_SECONDS = 10
SHOWN_MAX = 20  # the oldest; each is a series
TEXT_MAX = 200  # characters of a name that somebody else chose
UNKNOWN = "unknown"  # no coordinator knows it: it hangs until somebody aborts it


class Held(NamedTuple):
    """An open transaction on a partition of an input; `since` in seconds since the epoch, by the broker's clock."""

    topic: str
    partition: int
    transactional_id: str
    producer_id: int
    since: int


class OpenTransactions:
    """Queries the brokers every few seconds; `found` are the open transactions of the last query, oldest first."""

    def __init__(self, settings: Settings) -> None:
        self.found: tuple[Held, ...] = ()
        self._settings = settings

    async def run(self) -> None:
        """Query until cancelled; without a response nothing is known, and the readers report the error themselves."""
        while True:
            try:
                self.found = await asyncio.to_thread(self.ask)
            except (GridpulseError, KafkaError, OSError) as error:
                logger.warning("open transactions of inputs are not known: %r", error)
                self.found = ()
            await asyncio.sleep(ASK_SECONDS)

    def ask(self) -> tuple[Held, ...]:
        """What is open now."""
        names = [self._settings.topic_prefix + topic for topic in topics.INPUTS]
        places = [TopicPartition(name, number) for name in names for number in range(self._settings.partitions)]
        with topics.admin(self._settings) as client:
            opened = [
                (place, producer)
                for place, state in client.describe_producers(places).items()
                for producer in state.active_producers
                if producer.current_transaction_start_offset >= 0
            ]
            known = dict(_known(client, sorted({producer.producer_id for _, producer in opened}))) if opened else {}
        held = []
        for place, producer in opened:
            name, began_ms = known.get(producer.producer_id, (UNKNOWN, producer.last_timestamp))
            held.append(Held(place.topic, place.partition, name[:TEXT_MAX], producer.producer_id, began_ms // 1000))
        return tuple(sorted(held, key=lambda each: each.since)[:SHOWN_MAX])


def _known(client: KafkaAdminClient, producers: list[int]) -> Iterator[tuple[int, tuple[str, int]]]:
    """By producer id: what its coordinator calls it, and when its transaction began (milliseconds)."""
    listed = client.list_transactions(producer_id_filters=producers)
    names = [each.transactional_id for found in listed.values() for each in found]
    for name, described in client.describe_transactions(names).items() if names else ():
        if described.transaction_start_time_ms > 0:
            yield described.producer_id, (name, described.transaction_start_time_ms)
