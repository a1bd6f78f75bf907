"""How far the source partitions of a role have come, by what their status records say."""

from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition

from streams import topics
from streams.settings import Settings


class Statuses:
    """Follows the statuses of all source partitions."""

    def __init__(self, settings: Settings, topic: str = topics.PARTIALS) -> None:
        self.last: dict[int, dict[str, Any]] = {}
        name = settings.topic_prefix + topic
        self._consumer = KafkaConsumer(
            bootstrap_servers=settings.broker,
            isolation_level="read_committed",
            enable_auto_commit=False,
            max_poll_records=5000,
        )
        partitions = [TopicPartition(name, number) for number in range(settings.partitions)]
        self._consumer.assign(partitions)
        self._consumer.seek_to_beginning(*partitions)
        self._count = settings.partitions

    def reached(self) -> tuple[int, int]:
        """(read, published): up to when all partitions have read, and have published."""
        while True:
            fetched = self._consumer.poll(timeout_ms=200)
            for records in fetched.values():
                for record in records:
                    if record.key == b"status" and record.value is not None:
                        self.last[record.partition] = orjson.loads(record.value)
            if sum(map(len, fetched.values())) < 100:
                break
        if len(self.last) < self._count:
            return 0, 0
        return (
            min(status["as_of"] for status in self.last.values()),
            min(status["published"] or 0 for status in self.last.values()),
        )

    def close(self) -> None:
        self._consumer.close()
