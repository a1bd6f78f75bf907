"""Counting workers over topics of their own, and the truth about what was sent to them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from streams.lane.batch import MARK_HEADER
from streams.lane.position import KEY
from streams.settings import Settings
from streams.topics import KPIS, LEDGER, OUTAGES, REPAIRS
from tests.support.workers import COUNTING, Worker, committed, eventually, new_producer, table

SESSION_SECONDS = 6


class World:
    """What is counted must be what was sent, whatever happens to the workers in between."""

    def __init__(self, settings: Settings, folder: Path, command: Sequence[str] = COUNTING) -> None:
        self.settings, self.folder, self.command = settings, folder, command
        self.producer = new_producer(settings.broker)
        self.sent: dict[bytes, int] = {}
        self.workers: list[Worker] = []

    def worker(self, **changes: Any) -> Worker:
        number = len(self.workers) + 1
        changes = {"instance": f"w{number}", "data_dir": str(self.folder / f"w{number}")} | changes
        worker = Worker(self.settings, self.folder / f"w{number}.log", self.command, **changes)
        self.workers.append(worker)
        return worker

    def send(self, count: int, topic: str = OUTAGES, keys: int = 100) -> None:
        for number in range(count):
            key = b"%s %d" % (topic.encode(), number % keys)
            self.producer.send(self.settings.topic_prefix + topic, key=key, value=b"x")
            self.sent[key] = self.sent.get(key, 0) + 1
        self.producer.flush()

    def mark(self, at: int, *names: str) -> None:
        for topic in names or (OUTAGES, REPAIRS):
            for partition in range(self.settings.partitions):
                self.producer.send(
                    self.settings.topic_prefix + topic,
                    partition=partition,
                    key=b"mark",
                    headers=[(MARK_HEADER, b"%d" % at)],
                    timestamp_ms=at * 1000,
                )
        self.producer.flush()

    def counted(self) -> dict[bytes, int]:
        return {key: int(value) for key, value in self.rows(LEDGER).items() if key != KEY}

    def output(self) -> dict[bytes, int]:
        return {key: int(value) for key, value in self.rows(KPIS).items()}

    def positions(self) -> dict[int, int]:
        """Per source partition, the next offset of the outages as committed."""
        topic, last = self.settings.topic_prefix + LEDGER, {}
        for record in committed(self.settings.broker, topic):
            if record.key == KEY:
                position = orjson.loads(record.value[1:])
                last[record.partition] = position["topics"][self.settings.topic_prefix + OUTAGES]["next_offset"]
        return last

    def rows(self, topic: str) -> dict[bytes, bytes]:
        return table(self.settings.broker, self.settings.topic_prefix + topic)

    def evaluation(self) -> bool:
        return sum(self.counted().values()) >= sum(self.sent.values())

    def check(self) -> None:
        """All there, nothing twice, and the output says the same as the ledger."""
        eventually("everything sent is counted", self.evaluation)
        for worker in self.workers:
            worker.check_alive()
        assert self.counted() == self.sent
        eventually("the output says the same", lambda: self.output() == self.sent, seconds=20)

    def close(self) -> None:
        for worker in self.workers:
            worker.close()
        self.producer.close()
