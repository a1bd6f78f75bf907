"""The yardstick: an aiokafka consumer that validates all and keeps nothing. `python -m tests.bench.bare FAMILY N`."""

import sys
import time

import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.codec import InvalidEvent, decode
from streams.load.producer import TOPICS
from streams.settings import Settings


async def read(settings: Settings, family: str, events: int) -> dict[str, float]:
    """Read that many events from the beginning; the clock runs from the end of the first fetch, as for a worker."""
    topic = settings.topic_prefix + TOPICS[family]
    partitions = [TopicPartition(topic, number) for number in range(settings.partitions)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.broker,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        read = first = invalid = 0
        began = 0.0
        while read < events:
            for records in (await consumer.getmany(timeout_ms=250)).values():
                for record in records:
                    try:
                        decode(family, record.value)
                    except InvalidEvent:
                        invalid += 1
                read += len(records)
                if not first:
                    first, began = read, time.perf_counter()
        seconds = time.perf_counter() - began
    finally:
        await consumer.stop()
    return {"events": read - first, "seconds": seconds, "invalid": invalid}


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(read(Settings.load(), sys.argv[1], int(sys.argv[2])))))
