"""Worker processes for tests: started for real, killed for real, and looked at only through Kafka."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from kafka import KafkaProducer

from streams.settings import Settings

COUNTING = ("tests.integration.counting",)
NO_PROGRESS_SECONDS = 30
CASES = ("streams.cli", "worker", "--role", "cases")
VOLTAGE = ("streams.cli", "worker", "--role", "voltage")


class Worker:
    """One worker; `restart` keeps its instance name, as a supervisor would."""

    def __init__(self, settings: Settings, log: Path, command: Sequence[str] = COUNTING, **changes: Any) -> None:
        self.settings, self.command, self.log = settings.model_copy(update=changes), command, log
        self.ended_as_expected = False
        self.process: subprocess.Popen[bytes] = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *self.command], env=self.settings.environment(), stdout=log, stderr=log
            )

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def restart(self, **changes: Any) -> None:
        if self.process.poll() is None:
            self.kill()
        self.settings = self.settings.model_copy(update=changes)
        self.ended_as_expected = False
        self.process = self._start()

    def leave(self, seconds: float = 30) -> int:
        self.process.terminate()
        return self.wait(seconds)

    def wait(self, seconds: float = 60) -> int:
        """The exit code, which the caller looks at."""
        code = self.process.wait(seconds)
        self.ended_as_expected = True
        return code

    def check_alive(self) -> None:
        """A worker that ended without anybody's doing is an error, however well the others took over."""
        code = self.process.poll()
        assert code is None or self.ended_as_expected, f"ended by itself with {code}:\n{self.log.read_text()[-2000:]}"

    @property
    def assignments(self) -> int:
        """How often the process has taken partitions over, by its own word, since its start."""
        return len(re.findall(r"own partitions \[\d", self.text))

    @property
    def text(self) -> str:
        """What the process has logged since its start."""
        with self.log.open() as log:
            log.seek(self._log_start)
            return log.read()

    @property
    def is_stopped(self) -> bool:
        if self.process.poll() is not None:
            return False
        return Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"

    def close(self) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)
            self.kill()


def eventually(what: str, condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition that something outside brings about; fail with its name."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds} s still not so: {what}"
        time.sleep(0.1)


def committed(broker: str, topic: str, *, evaluation: bool = False) -> list[Any]:
    """Every committed record of a topic; `evaluation`: waits for the transactions that are open now.

    A transaction shows in one of its topics before it shows in another: the broker marks them one after the other.
    """
    return asyncio.run(_committed(broker, topic, evaluation=evaluation))


async def _committed(broker: str, topic: str, *, evaluation: bool) -> list[Any]:
    # aiokafka, since it reads ten times as fast as kafka-python, and a month of KPIs is 600,000 records.
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    try:
        metadata = await consumer._client.fetch_all_metadata()
        partitions = [TopicPartition(topic, number) for number in sorted(metadata.partitions_for_topic(topic) or ())]
        if not partitions:
            return []
        consumer.assign(partitions)
        end = await (_written(broker, partitions) if evaluation else consumer.end_offsets(partitions))
        for partition, offset in (await consumer.beginning_offsets(partitions)).items():
            consumer.seek(partition, offset)
        records: list[Any] = []
        read, deadline = -1, time.monotonic() + NO_PROGRESS_SECONDS
        while behind := [partition for partition in partitions if await consumer.position(partition) < end[partition]]:
            if len(records) > read:
                read, deadline = len(records), time.monotonic() + NO_PROGRESS_SECONDS
            assert time.monotonic() < deadline, f"{topic} could not be read to its end"
            for fetched in (await consumer.getmany(*behind, timeout_ms=200)).values():
                records += fetched
        return records
    finally:
        await consumer.stop()


async def _written(broker: str, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False)
    await consumer.start()
    try:
        return await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()


def table(broker: str, topic: str) -> dict[bytes, bytes]:
    """The last committed value of every key."""
    rows: dict[bytes, bytes] = {}
    for record in committed(broker, topic):
        if record.value is None:
            rows.pop(record.key, None)
        else:
            rows[record.key] = record.value
    return rows


def new_producer(broker: str) -> KafkaProducer:
    return KafkaProducer(bootstrap_servers=broker, linger_ms=5)
