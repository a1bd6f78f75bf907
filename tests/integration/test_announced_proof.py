"""Recovery on a real broker: what the log says was announced is in the topic afterwards, and nothing is there twice."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from schemas.event import format_instant
from streams import clock, topics
from streams.settings import Settings
from tests.support.workers import CASES, Worker, committed, eventually, new_producer, table

pytestmark = pytest.mark.proof

HOUR = 3600


class Service:
    """One partition, one worker, orders that nobody went to: their clocks are breached at once."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.producer = settings, new_producer(settings.broker)
        area = {"record_type": "area", "area": "A", "region": "north", "area_type": "urban", "served": []}
        self.write(topics.NETWORK, b"area/A", orjson.dumps(area))
        self.worker = Worker(settings, folder / "w.log", CASES, instance="w", data_dir=str(folder / "w"))

    def order(self, name: str) -> None:
        at = format_instant(clock.now() - 12 * HOUR)
        said = {"event_id": f"{name} created", "revision": 1, "occurred_at": at, "recorded_at": at, "source": "oms"}
        about = {"report_received_at": at, "work_type": "repair", "origin": "call", "area": "A"}
        value = {"event_type": "created", "work_order_id": name, **about, **said}
        self.write(topics.REPAIRS, name.encode(), orjson.dumps(value))
        eventually(f"{name} is announced", lambda: self.key(name) in self.table(topics.SLA_BREACHES))

    def write(self, topic: str, key: bytes, value: bytes | None) -> None:
        self.producer.send(self.settings.topic_prefix + topic, key=key, value=value, partition=0)
        self.producer.flush()

    def key(self, name: str) -> bytes:
        return b"L3a|order/%s|1" % name.encode()

    def table(self, topic: str) -> dict[bytes, Any]:
        return table(self.settings.broker, self.settings.topic_prefix + topic)

    def announced(self, name: str) -> list[bytes | None]:
        """Every record of the arrival clock of an order, in order."""
        topic = self.settings.topic_prefix + topics.SLA_BREACHES
        return [record.value for record in committed(self.settings.broker, topic) if record.key == self.key(name)]

    def restarted(self, change: Callable[[], None] = lambda: None) -> None:
        """Stop, change something in the topics, start, and wait for a commit after the recovery."""
        assert self.worker.leave() == 0
        change()
        self.worker.restart()


@pytest.fixture
def service(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Service]:
    service = Service(make_settings(partitions=1, announce_past=True, session_timeout_seconds=2), tmp_path)
    yield service
    service.worker.close()
    service.producer.close()


def test_a_row_that_says_announced_without_its_record_is_announced_once(service: Service) -> None:
    service.order("W1")
    service.order("W2")
    first = service.announced("W1")
    service.restarted(lambda: service.write(topics.SLA_BREACHES, service.key("W1"), None))
    service.order("W3")  # committed after the recovery's first unit
    eventually("W1 stands again", lambda: service.key("W1") in service.table(topics.SLA_BREACHES))
    assert service.announced("W1") == [*first, None, first[-1]]
    assert len(service.announced("W2")) == len(first)
    service.restarted()
    service.order("W4")
    assert service.announced("W1") == [*first, None, first[-1]]
    assert len(service.announced("W2")) == len(first)


def test_the_begin_of_what_retention_keeps(make_settings: Callable[..., Settings]) -> None:
    settings, now = make_settings(), 2_000_000_000
    kept = 400 * 86_400 - topics.KEPT_MARGIN_SECONDS
    assert topics.kept_since(settings, topics.SLA_BREACHES, now) == now - kept
    assert topics.kept_since(make_settings(clock="marks"), topics.SLA_BREACHES, now) == 0
    assert topics.kept_since(settings, topics.SLA_BREACHES, 1) == 0
