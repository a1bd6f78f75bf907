"""The one producer of the local tools: keyed like Java's (murmur2), every record confirmed by all replicas."""

from types import TracebackType
from typing import Any, Self

import orjson
from kafka import KafkaProducer
from kafka.errors import KafkaError
from kafka.serializer import Serializer

from streams.errors import BrokerUnavailable
from streams.lane.batch import MARK_HEADER
from streams.settings import Settings
from streams.topics import COMPLAINTS, INPUTS, NETWORK, OUTAGES, REPAIRS, VOLTAGE

TOPICS = {
    "outages": OUTAGES,
    "repairs": REPAIRS,
    "complaints": COMPLAINTS,
    "voltage": VOLTAGE,
    "network": NETWORK,
}
NO_KEY = b""


class _Keys(Serializer):  # type: ignore[misc]  # kafka-python is Any to mypy
    """Kafka allows a record without key and value, such as a mark; kafka-python checks before it serialises."""

    def serialize(self, topic: str, headers: list[tuple[str, bytes]], data: bytes) -> bytes | None:
        return None if data == NO_KEY else data


class Sender:
    """Writes records of a topic family; `flush` and leaving the block return when the broker has all of them."""

    def __init__(self, settings: Settings, *, linger_ms: int = 20) -> None:
        self._settings = settings
        self._failed: BaseException | None = None
        deadline_ms = settings.broker_deadline_seconds * 1000
        try:
            self._producer = KafkaProducer(
                bootstrap_servers=settings.broker.split(","),
                bootstrap_timeout_ms=deadline_ms,
                max_block_ms=deadline_ms,
                request_timeout_ms=deadline_ms,
                delivery_timeout_ms=2 * deadline_ms,
                acks="all",  # with idempotence, the default: no loss, no repetition and no reordering by a retry
                key_serializer=_Keys(),
                linger_ms=linger_ms,
                batch_size=64 * 1024,
                allow_auto_create_topics=False,  # a topic made by accident would have the wrong time stamps
                metrics_enabled=False,
            )
        except (KafkaError, OSError, ValueError) as error:
            raise BrokerUnavailable(
                f"No Kafka broker answers at {settings.broker} ({type(error).__name__})."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self._producer.close(timeout=self._settings.broker_deadline_seconds)

    def send(self, family: str, key: str, value: dict[str, Any] | bytes | None, timestamp: int | None = None) -> None:
        """Write one record; `timestamp` in seconds, kept where the topic keeps the creator's. None as value removes."""
        raw = value if value is None or isinstance(value, bytes) else orjson.dumps(value)
        self._write(TOPICS[family], value=raw, key=key.encode(), timestamp=timestamp)

    def mark(self, at: int) -> None:
        """Write a mark to every partition of every input: all records up to this instant (seconds) are written."""
        headers = [(MARK_HEADER, str(at).encode())]
        for topic in INPUTS:
            for partition in range(self._settings.partitions):
                self._write(topic, key=NO_KEY, timestamp=at, headers=headers, partition=partition)

    def flush(self) -> None:
        """Wait until every record is confirmed; the first one that was refused is the error."""
        try:
            self._producer.flush(timeout=2 * self._settings.broker_deadline_seconds)
        except KafkaError as error:
            raise BrokerUnavailable(f"The broker at {self._settings.broker} did not confirm in time.") from error
        self._check()

    def _write(self, topic: str, *, timestamp: int | None, **record: Any) -> None:
        self._check()
        milliseconds = None if timestamp is None else timestamp * 1000
        try:
            future = self._producer.send(self._settings.topic_prefix + topic, timestamp_ms=milliseconds, **record)
        except KafkaError as error:
            raise BrokerUnavailable(f"The broker at {self._settings.broker} failed: {error}.") from error
        future.add_errback(self._refused)

    def _refused(self, error: BaseException) -> None:
        self._failed = self._failed or error

    def _check(self) -> None:
        if self._failed is not None:
            raise BrokerUnavailable(f"The broker refused a record: {self._failed}.") from self._failed
