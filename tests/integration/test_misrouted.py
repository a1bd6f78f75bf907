"""A producer with another partitioner, on a real broker: its records are letters, and the oracle decides alike."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from kafka.partitioner.default import murmur2

from schemas.event import format_instant
from streams import clock, topics
from streams.oracle import verify
from streams.settings import Settings
from tests.support.workers import CASES, Worker, committed, eventually, new_producer, table

PARTITIONS, ORDERS = 2, 20
REASON = "__connect.errors.exception.class.name"


def test_records_in_a_foreign_partition_are_letters_and_verify_says_so(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = make_settings(partitions=PARTITIONS, session_timeout_seconds=2)
    producer = new_producer(settings.broker)
    at = format_instant(clock.now() - 60)
    said = {"revision": 1, "occurred_at": at, "recorded_at": at, "source": "oms", "event_type": "created"}
    about = {"report_received_at": at, "work_type": "repair", "origin": "call", "area": "A"}
    foreign, ours = set(), set()
    for number in range(ORDERS):
        name = f"W{number}"
        partition = number % PARTITIONS  # round robin, as a producer without keys would do it
        value = orjson.dumps({"event_id": name, "work_order_id": name, **said, **about})
        producer.send(settings.topic_prefix + topics.REPAIRS, key=name.encode(), value=value, partition=partition)
        right = (murmur2(name.encode()) & 0x7FFFFFFF) % PARTITIONS == partition
        (ours if right else foreign).add(name)
    producer.flush()
    producer.close()
    assert ours
    assert foreign
    with closing(Worker(settings, tmp_path / "w.log", CASES, instance="w", data_dir=str(tmp_path))):
        cases = settings.topic_prefix + topics.CASES
        eventually("all orders are there", lambda: len(table(settings.broker, cases)) == len(ours))
        eventually("all letters are there", lambda: len(_letters(settings)) == len(foreign))
        assert table(settings.broker, cases).keys() == {f"order/{name}".encode() for name in ours}
        assert {dict(record.headers)[REASON] for record in _letters(settings)} == {b"misrouted"}
        report = verify.run(settings, verify.Question(kpis=("orders_open", "sla_breaches")))
    assert report.elsewhere == len(foreign)
    assert report.events == len(ours)
    assert not any(found.differences for found in report.comparisons)


def _letters(settings: Settings) -> list[Any]:
    """Of records; those of findings have another key."""
    inputs = f"{settings.topic_prefix}{topics.REPAIRS}/".encode()
    letters = committed(settings.broker, settings.topic_prefix + topics.DEAD_LETTERS)
    return [record for record in letters if record.key.startswith(inputs)]
