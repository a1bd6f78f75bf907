"""One worker on a real broker and its topics: what was sent to it, and what it wrote."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from schemas.event import format_instant
from streams import clock, topics
from streams.lane.position import OUTCOMES
from streams.settings import Settings
from tests.support.workers import CASES, Worker, committed, eventually, new_producer, table

MINUTE, DAY = 60, 86_400
ERRORS = "__connect.errors."
HEADERS = [("traceparent", b"00-\xff"), ("empty", b"")]


class Service:
    """One worker and its topics; instants are minutes before the start of the test."""

    def __init__(self, settings: Settings, folder: Path, command: Sequence[str] = CASES) -> None:
        self.settings, self.began = settings, clock.now()
        self.producer = new_producer(settings.broker)
        self.sent = {topics.OUTAGES: 0, topics.REPAIRS: 0}
        self.worker = Worker(settings, folder / "w.log", command, instance="w", data_dir=str(folder / "w"))
        for area, region, customers in (("A", "north", 10_000), ("B", "south", 5_000)):
            served = [{"from": "2020-01-01", "customers": customers}]
            record = {"record_type": "area", "area": area, "region": region, "area_type": "urban", "served": served}
            self.producer.send(self.name(topics.NETWORK), key=f"area/{area}".encode(), value=orjson.dumps(record))
        self.producer.flush()

    def name(self, topic: str) -> str:
        return self.settings.topic_prefix + topic

    def send(self, topic: str, key: str, value: bytes) -> None:
        self.producer.send(self.name(topic), key=key.encode(), value=value, headers=HEADERS)
        self.sent[topic] += 1

    def say(self, event_type: str, case: str, minutes: float, key: str | None = None, **said: Any) -> bytes:
        """Send an event of an outage (O...) or an order (W...); what was sent."""
        topic, field = (topics.OUTAGES, "outage_id") if case[0] == "O" else (topics.REPAIRS, "work_order_id")
        instant = format_instant(self.began - int(minutes * MINUTE))
        envelope = {"event_id": f"{case} {event_type}", "revision": 5, "occurred_at": instant, "recorded_at": instant}
        value = orjson.dumps({"event_type": event_type, field: case, "source": "oms", **envelope, **said})
        self.send(topic, case if key is None else key, value)
        return value

    def rows(self, topic: str) -> dict[str, dict[str, Any]]:
        rows = table(self.settings.broker, self.name(topic))
        return {key.decode(): orjson.loads(value) for key, value in rows.items()}

    def kpis(self) -> dict[str, tuple[Any, ...]]:
        rows = self.rows(topics.KPIS)
        return {key: (row["numerator"], row["denominator"], row["complete"]) for key, row in rows.items()}

    def letters(self) -> dict[str, Any]:
        last = {}
        for record in committed_letters(self):
            last[record.key.decode()] = record
        return {key: record for key, record in last.items() if record.value is not None}

    def processed(self) -> dict[str, dict[str, int]]:
        """Per input: what became of its records, the offsets passed, and that every partition's account is even."""
        totals = {topic: dict.fromkeys((*OUTCOMES, "passed"), 0) for topic in self.sent}
        for record in statuses(self):
            for topic, total in totals.items():
                row = record["processed"][self.name(topic)]
                if row["next_offset"] is None:
                    continue
                passed = row["next_offset"] - row["start"]
                assert passed == sum(row[outcome] for outcome in OUTCOMES), row
                for outcome in OUTCOMES:
                    total[outcome] += row[outcome]
                total["passed"] += passed
        return totals

    def evaluation(self) -> bool:
        """Everything sent is applied, and a later second has been published."""
        self.worker.check_alive()
        self.producer.flush()
        seen = statuses(self)
        if len(seen) < self.settings.partitions:
            return False
        processed = self.processed()
        read = all(processed[topic]["passed"] >= count for topic, count in self.sent.items())
        return read and min(status["published"] or 0 for status in seen) > self.sent_at

    def evaluate(self) -> None:
        # Once for what was applied, once more since a transaction shows in one topic before it shows in another.
        for _ in range(2):
            self.sent_at = clock.now() + 1
            eventually("all is applied and published", self.evaluation)


def statuses(service: Service) -> list[dict[str, Any]]:
    last = {}
    for record in committed_of(service, topics.PARTIALS):
        if record.key == b"status" and record.value is not None:
            last[record.partition] = orjson.loads(record.value)
    return list(last.values())


def committed_letters(service: Service) -> Iterator[Any]:
    return committed_of(service, topics.DEAD_LETTERS)


def committed_of(service: Service, topic: str) -> Iterator[Any]:
    return committed(service.settings.broker, service.name(topic))
