"""From the moment an event should be sent to the moment a reader of committed records sees its case in the ledger."""

import asyncio
from pathlib import Path

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.agents.placement import place_of
from streams.progress import step
from streams.settings import Settings
from streams.topics import LEDGER, OUTAGES
from tests.bench import load
from tests.bench.throughput import WORKER, follow, start

WAIT_SECONDS = 60


def commit_latency(settings: Settings, count: int, per_second: int, folder: Path) -> list[float]:
    """Seconds for each of `count` events, sent evenly to a worker that has nothing else to do."""
    load.preload(settings, [load.fresh_case(0)])
    worker = start(WORKER, settings, folder)
    try:
        follow(worker, WORKER, settings, 1)
        with step(f"  {count:,} events at {per_second}/s"):
            latencies = uvloop.run(_paced(settings, count, per_second))
        worker.leave()
    finally:
        worker.close()
    return sorted(latencies)


async def _paced(settings: Settings, count: int, per_second: int) -> list[float]:
    loop = asyncio.get_running_loop()
    due = dict[bytes, float]()
    seen = dict[bytes, float]()
    producer = AIOKafkaProducer(bootstrap_servers=settings.broker, acks="all")
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.broker, isolation_level="read_committed", fetch_max_wait_ms=100
    )
    partitions = [TopicPartition(settings.topic_prefix + LEDGER, number) for number in range(settings.partitions)]
    await producer.start()
    await consumer.start()
    try:
        consumer.assign(partitions)
        for partition in partitions:  # without a group it begins at the end, and has to be there first
            await consumer.position(partition)

        async def send() -> None:
            began = loop.time()
            for number in range(1, count + 1):
                key, value = load.fresh_case(number)
                at = began + number / per_second
                await asyncio.sleep(at - loop.time())
                due[b"outage/" + key] = at
                partition = place_of(key, settings.partitions)
                await producer.send(settings.topic_prefix + OUTAGES, value, key, partition=partition)

        async def watch() -> None:
            while len(seen) < count:
                batches = await consumer.getmany(timeout_ms=100)
                now = loop.time()
                for record in (record for records in batches.values() for record in records):
                    if record.key in due:
                        seen.setdefault(record.key, now)

        await asyncio.wait_for(asyncio.gather(send(), watch()), count / per_second + WAIT_SECONDS)
    finally:
        await consumer.stop()
        await producer.stop()
    return [seen[key] - at for key, at in due.items()]
