"""A grid of voltage points, workers of both roles on a real broker, and what they say, for tests."""

from pathlib import Path
from typing import Any

import orjson

from schemas.event import format_instant
from streams import clock, topics
from streams.dimensions.periods import day_start, local_day
from streams.kpis.kpi import Role
from streams.lane.position import OUTCOMES
from streams.load.network import key_of as network_key
from streams.settings import Settings
from streams.wiring.names import PARTIALS
from tests.support.workers import Worker, committed, eventually, new_producer, table

Said = dict[str, Any]


def network(**areas: str) -> list[Said]:
    """Areas in the region of their name, each with the points that are given after a blank: `A="P Q"`."""
    records: list[Said] = []
    for area, points in areas.items():
        records.append({"record_type": "area", "area": area, "region": f"r{area}", "area_type": "urban", "served": []})
        records += (
            {
                "record_type": "point",
                "point": point,
                "area": area,
                "monitoring_class": "C",
                "nominal_centivolts": 22_000,
                "phases": ["A"],
            }
            for point in points.split()
        )
    return records


def key_of(record: Said) -> bytes:
    return network_key(record).encode()


class Grid:
    """Workers of one installation, and what they say; `yesterday` is the local day before the test."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder, self.began = settings, folder, clock.now()
        self.midnight = day_start(local_day(self.began, settings.zone), settings.zone) - 86_400
        self.yesterday = local_day(self.midnight, settings.zone)
        self.producer = new_producer(settings.broker)
        self.sent = 0
        self.workers: list[Worker] = []

    def name(self, topic: str) -> str:
        return self.settings.topic_prefix + topic

    def start(self, role: Role, **changes: Any) -> Worker:
        folder = self.folder / role
        command = ("streams.cli", "worker", "--role", role)
        worker = Worker(
            self.settings, self.folder / f"{role}.log", command, instance=role, data_dir=str(folder), **changes
        )
        self.workers.append(worker)
        return worker

    def describe(self, records: list[Said]) -> None:
        for record in records:
            self.producer.send(self.name(topics.NETWORK), key=key_of(record), value=orjson.dumps(record))
        self.producer.flush()

    def say(self, event_type: str, point: str, recorded_at: int, area: str = "A", key: str = "", **said: Any) -> None:
        event = {"event_type": event_type, "area": area, "point": point, "source": "ami", **said}
        event["recorded_at"] = format_instant(recorded_at)
        value = orjson.dumps(event)
        self.producer.send(self.name(topics.VOLTAGE), key=(key or area).encode(), value=value)
        self.sent += 1

    def begin_outage(self, case: str, customers: int) -> None:
        at = format_instant(self.began)
        envelope = {"event_id": case, "source": "oms", "revision": 1, "occurred_at": at, "recorded_at": at}
        event = {"event_type": "started", "outage_id": case, "kind": "fault", **envelope}
        value = orjson.dumps(event | {"areas": [{"area": "A0", "customers": customers}]})
        self.producer.send(self.name(topics.OUTAGES), key=case.encode(), value=value)
        self.producer.flush()

    def statuses(self, role: Role) -> list[Said]:
        records = committed(self.settings.broker, self.name(PARTIALS[role]))
        last = {record.partition: record.value for record in records if record.key == b"status"}
        return [orjson.loads(value) for value in last.values() if value is not None]

    def read_time(self, role: Role) -> int:
        statuses = self.statuses(role)
        return min(status["as_of"] for status in statuses) if len(statuses) == self.settings.partitions else 0

    def evaluate(self) -> None:
        """Everything sent is applied and a later second is published; twice: topics show a transaction one by one."""
        for _ in range(2):
            self.producer.flush()
            at = clock.now() + 1
            eventually("all is applied and published", lambda at=at: self._is_settled(at))

    def _is_settled(self, at: int) -> bool:
        for worker in self.workers:
            worker.check_alive()
        statuses = self.statuses("voltage")
        published = [status["published"] or 0 for status in statuses]
        return self.processed(statuses)["passed"] == self.sent and min(published, default=0) > at

    def processed(self, statuses: list[Said]) -> dict[str, int]:
        """What became of all readings, and that every partition's account is even."""
        total = dict.fromkeys((*OUTCOMES, "passed"), 0)
        for status in statuses:
            row = status["processed"][self.name(topics.VOLTAGE)]
            passed = 0 if row["next_offset"] is None else row["next_offset"] - row["start"]
            assert passed == sum(row[outcome] for outcome in OUTCOMES)
            for name in OUTCOMES:
                total[name] += row[name]
            total["passed"] += passed
        return total

    def rows(self, topic: str) -> dict[str, Said]:
        rows = table(self.settings.broker, self.name(topic))
        return {key.decode(): orjson.loads(value) for key, value in rows.items()}

    def kpis(self) -> dict[str, tuple[int, int]]:
        return {key: (row["numerator"], row["denominator"]) for key, row in self.rows(topics.KPIS).items()}

    def close(self) -> None:
        for worker in self.workers:
            worker.close()
        self.producer.close()
