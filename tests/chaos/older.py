"""Makes `f6662ec.xz`: what the release of that commit left of some days of a small grid, told badly, with marks.

    python -m tests.chaos.older CHECKOUT

CHECKOUT has the program of that commit; its workers run on a broker of this machine. Of compacted topics the last row
of each key is kept, of inputs every record. `restore` writes all of it into the topics of another broker.
"""

import base64
import itertools
import lzma
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from kafka import KafkaProducer

from schemas.event import format_instant
from streams import topics
from streams.demo.kafka import LocalKafka
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.settings import Settings
from streams.simulator.grid import build
from streams.simulator.rates import USUAL
from streams.simulator.recorded import MARK_SECONDS, START, messages
from streams.wiring.names import PARTIALS
from tests.support.families import COMMAND
from tests.support.statuses import Statuses
from tests.support.workers import Worker, committed, eventually

FIXTURE = Path(__file__).with_name("f6662ec.xz")
SEED, HOURS, DAY = 3, 110, 86_400
END = START + HOURS * MARK_SECONDS
RATES = replace(
    USUAL.times(0.06),
    orders_alone=1.2,
    points=0.04,
    duplicates=0.1,
    disorder=0.2,
    lateness=0.03,
    corrections=0.2,
    bad_clocks=0.03,
    garbage=0.01,
)
AREAS = 6  # that the network knows, so that there are few scopes
PARTITIONS = 2
MARK = b"mark"  # kafka-python sends no record without key and value; readers look at neither
PREFIX = "old."  # which positions have in the names of topics


def main(checkout: Path) -> None:
    """Run the older program, write the fixture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kafka = LocalKafka(folder / "kafka")
        kafka.start()
        settings = Settings.load(
            broker=kafka.address, topic_prefix=PREFIX, clock="marks", partitions=PARTITIONS, broker_deadline_seconds=120
        )
        workers = []
        try:
            topics.create(settings)
            write(settings)
            workers = [older(settings, folder, checkout, role) for role in PARTIALS]
            for role in PARTIALS:
                told = Statuses(settings, PARTIALS[role])
                eventually("all is published", lambda told=told: told.reached() == (END, END), 500)
                told.close()
            for worker in workers:
                assert worker.leave() == 0, worker.text
            FIXTURE.write_bytes(lzma.compress(b"\n".join(lines(settings)), preset=9 | lzma.PRESET_EXTREME))
        finally:
            for worker in workers:
                worker.close()
            kafka.stop()


class Older(Worker):
    """A worker of another checkout, which refuses settings that it does not know."""

    checkout: Path

    def _start(self) -> subprocess.Popen[bytes]:
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        python = [sys.executable, "-c", "from streams.settings import Settings; print(*Settings.model_fields)"]
        known = subprocess.run(python, cwd=self.checkout, capture_output=True, text=True, check=True).stdout.split()
        names = {f"GRIDPULSE_{name.upper()}" for name in known}
        env = {k: v for k, v in self.settings.environment().items() if k in names or not k.startswith("GRIDPULSE_")}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *self.command], env=env, stdout=log, stderr=log, cwd=self.checkout
            )


def older(settings: Settings, folder: Path, checkout: Path, role: str, **changes: Any) -> Worker:
    """A worker of the older program."""
    kind = type("Older", (Older,), {"checkout": checkout})
    changes = {"instance": f"old-{role}", "data_dir": str(folder / f"old-{role}")} | changes
    worker: Worker = kind(settings, folder / f"old-{changes['instance']}.log", (*COMMAND, role), **changes)
    return worker


def write(settings: Settings) -> None:
    """The network, the days, and what that release took otherwise than it is taken today."""
    said = messages(SEED, HOURS / 24, RATES)
    with Sender(settings) as sender, KafkaProducer(bootstrap_servers=settings.broker) as producer:
        for record in network():
            sender.send("network", key_of(record), record, START)
        waiting = next(said, None)
        for mark in range(START + MARK_SECONDS, END + 1, MARK_SECONDS):
            while waiting is not None and waiting.at <= mark:
                sender.send(waiting.family, waiting.key, waiting.value, waiting.at)
                waiting = next(said, None)
            if mark == START + 10 * MARK_SECONDS:
                for key, value, partition in strange(mark):
                    topic = settings.topic_prefix + topics.OUTAGES
                    producer.send(topic, key=key, value=value, partition=partition, timestamp_ms=mark * 1000)
                producer.flush()
            sender.mark(mark)


def network() -> Iterator[dict[str, Any]]:
    """The records of some areas of the simulated grid."""
    records = build(SEED).records
    known = {record["area"] for record in itertools.islice((r for r in records if r["record_type"] == "area"), AREAS)}
    return (record for record in records if "area" not in record or record["area"] in known)


def strange(now: int) -> Iterator[tuple[bytes, bytes, int | None]]:
    """Too late for that release; of a key whose place is the other partition; with a field that no contract has."""
    area = build(SEED).records[-1].get("area") or "A"

    def event(name: str, outage: str, at: int, **said: Any) -> bytes:
        envelope = {
            "event_id": f"{outage}-{name}-{at}",
            "source": "oms",
            "revision": 1,
            "recorded_at": format_instant(now),
        }
        return orjson.dumps(
            {"event_type": name, "outage_id": outage, "occurred_at": format_instant(at), **envelope, **said}
        )

    begin = {"kind": "fault", "areas": [{"area": area, "customers": 40}]}
    long_ago = now - 60 * DAY
    yield b"LATE", event("started", "LATE", long_ago, **begin), None
    yield b"LATE", event("restored", "LATE", long_ago + 7200), None
    for partition in range(PARTITIONS):  # in one of them it is misplaced
        yield b"TWICE", event("started", "TWICE", now - 3600, **begin), partition
    yield b"FIELD", event("started", "FIELD", now - 7200, **begin), None
    extended = {"areas": [{"area": area, "remaining": 90}], "step": "s7"}
    yield b"FIELD", event("extended", "FIELD", now - 3600, **extended), None


def lines(settings: Settings) -> Iterator[bytes]:
    """The records to keep, topic by topic: partition, timestamp, key, value and headers."""
    for spec in topics.catalogue(settings):
        records = committed(settings.broker, spec.name, evaluation=True)
        if spec.role in {"internal", "output"} and spec.cleanup != "delete":
            last = {(record.partition, record.key): record for record in records}
            records = [record for record in last.values() if record.value is not None]
        name = spec.name.removeprefix(settings.topic_prefix)
        for record in records if name not in {topics.CLOCK, topics.DEAD_LETTERS} else ():
            headers = [(key, value.decode()) for key, value in record.headers]
            yield orjson.dumps(
                (name, record.partition, record.timestamp, packed(record.key), packed(record.value), headers)
            )


def packed(raw: bytes | None) -> Any:
    """Text as it is, other bytes as Base64 in a list."""
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return [base64.b64encode(raw).decode()]


def unpacked(said: Any) -> bytes | None:
    """What `packed` packed."""
    return said if said is None else base64.b64decode(said[0]) if isinstance(said, list) else said.encode()


def restore(settings: Settings) -> None:
    """Write the fixture into the topics of these settings, which exist."""
    with KafkaProducer(bootstrap_servers=settings.broker, linger_ms=20) as producer:
        for line in lzma.decompress(FIXTURE.read_bytes()).splitlines():
            name, partition, timestamp, key, value, headers = orjson.loads(line)
            producer.send(
                settings.topic_prefix + name,
                partition=partition,
                timestamp_ms=timestamp,
                key=unpacked(key) or MARK,
                value=unpacked(value),
                headers=[(each, text.encode()) for each, text in headers],
            )
        producer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
