"""What the bench sends: outages as the simulator tells them, made once and written as often as they are needed."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType

from schemas.event import DAY_SECONDS, format_instant
from streams import clock, topics
from streams.agents.placement import place_of
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.settings import Settings
from streams.simulator.generate import generate
from streams.simulator.grid import build
from streams.simulator.rates import USUAL, Rates
from streams.topics import OUTAGES

SEED = 1
MESSAGES_PER_DAY = 3800  # about outages, at the usual rates
MARGIN = 1.3  # more than enough, then cut: the number of events is exact
MOMENTARY_ONLY = Rates(
    **dict.fromkeys(("faults", "planned", "temporary", "load_shedding", "false_alarms", "long_faults"), 0.0)
)
BATCH_BYTES = 512 * 1024

Events = Sequence[tuple[bytes, bytes]]  # key, value
NetworkRecords = Sequence[dict[str, Any]]
NETWORK: NetworkRecords = build(SEED).records


def storm(events: int) -> Events:
    """That many outage messages of one day, in the order sent: all kinds, duplicates, disorder and garbage too."""
    rates = replace(USUAL.times(MARGIN * events / MESSAGES_PER_DAY), orders_alone=0)
    return tuple(islice(_messages(rates), events))


def short_lives(cases: int) -> Events:
    """That many outages, each with its start and its end: a ledger of many cases for few events."""
    rates = replace(MOMENTARY_ONLY, momentary=MARGIN * cases / 24, orders_alone=0, duplicates=0, garbage=0)
    told: dict[bytes, list[bytes]] = {}
    for key, value in _messages(rates):
        told.setdefault(key, []).append(value)
    chosen = islice(((key, values) for key, values in told.items() if len(values) > 1), cases)
    return tuple((key, value) for key, values in chosen for value in values[:2])


def _messages(rates: Rates) -> Iterator[tuple[bytes, bytes]]:
    now = clock.now()
    for message in generate(SEED, now - DAY_SECONDS, rates=rates.only("outages")):
        if message.at > now:
            return
        if message.family == "outages":
            value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
            yield message.key.encode(), value


def fresh_case(number: int) -> tuple[bytes, bytes]:
    """The start of an outage of this moment that nobody has heard of."""
    key, now = f"latency-{number}", format_instant(clock.now())
    area = random.Random(number).choice(build(SEED).areas).id
    event = {
        "event_type": "started",
        "event_id": f"{key}-1",
        "revision": 1,
        "occurred_at": now,
        "recorded_at": now,
        "source": "bench",
        "outage_id": key,
        "kind": "fault",
        "areas": [{"area": area, "customers": 20}],
    }
    return key.encode(), orjson.dumps(event)


def preload(settings: Settings, events: Events, topic: str = OUTAGES, network: NetworkRecords = NETWORK) -> None:
    """Write the network and the events under the settings' prefix; return when the broker has all of them."""
    send_network(settings, network)
    asyncio.run(_write(settings, events, topic, lambda _: None))


def preload_backlog(
    settings: Settings, events: Events, topic: str, network: NetworkRecords, sent_at: Callable[[bytes], int]
) -> None:
    """The same as it lies there after hours without a worker: `sent_at` is the milliseconds at which a value came.

    As long as it is written the topic takes the sender's word for it.
    """
    send_network(settings, network)
    name = settings.topic_prefix + topic
    with topics.admin(settings) as client:
        for kind in ("CreateTime", "LogAppendTime"):
            client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, {"message.timestamp.type": kind})])
            if kind == "CreateTime":
                asyncio.run(_write(settings, events, topic, sent_at))


def send_network(settings: Settings, network: NetworkRecords) -> None:
    """Write the records of a network."""
    with Sender(settings) as sender:
        for record in network:
            sender.send("network", key_of(record), record)


async def _write(settings: Settings, events: Events, name: str, sent_at: Callable[[bytes], int | None]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=settings.broker, acks="all", max_batch_size=BATCH_BYTES)
    topic = settings.topic_prefix + name
    await producer.start()
    try:
        batches = {partition: producer.create_batch() for partition in range(settings.partitions)}

        async def send(partition: int) -> None:
            batches[partition].close()
            sent.append(await producer.send_batch(batches[partition], topic, partition=partition))
            batches[partition] = producer.create_batch()

        sent: list[asyncio.Future[object]] = []
        for key, value in events:
            partition = place_of(key, settings.partitions)
            while batches[partition].append(key=key, value=value, timestamp=sent_at(value)) is None:
                await send(partition)
        for partition in range(settings.partitions):
            if batches[partition].record_count():
                await send(partition)
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
