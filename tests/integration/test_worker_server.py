"""A worker's own server: up before its state is, and saying of its lane what is so."""

import json
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from streams.demo.kafka import free_port
from streams.settings import Settings
from streams.topics import OUTAGES
from tests.support.workers import CASES, Worker, eventually, new_producer


class Looked:
    """A worker and what its port says."""

    def __init__(self, settings: Settings, folder: Path, name: str) -> None:
        self.port = free_port()
        self.worker = Worker(
            settings, folder / f"{name}.log", CASES, instance=name, worker_port=self.port, data_dir=str(folder / name)
        )

    def get(self, path: str, accept: str = "") -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Accept": accept})
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def is_ready(self) -> bool:
        self.worker.check_alive()
        return self.get("/readyz")[0] == 200

    def value(self, name: str, **labels: str) -> float | None:
        families = text_string_to_metric_families(self.get("/metrics")[1])
        samples = (sample for family in families for sample in family.samples)
        named = (sample for sample in samples if sample.name == f"gridpulse_worker_{name}")
        return next((sample.value for sample in named if sample.labels == labels), None)


@pytest.fixture
def look(tmp_path: Path) -> Iterator[Callable[..., Looked]]:
    looked: list[Looked] = []

    def new(settings: Settings) -> Looked:
        looked.append(Looked(settings, tmp_path, f"w{len(looked) + 1}"))
        return looked[-1]

    yield new
    for each in looked:
        each.worker.close()


def test_it_tells_of_all_it_owns_and_how_far_recovery_has_come(
    make_settings: Callable[..., Settings], look: Callable[..., Looked], promtool: Path
) -> None:
    settings = make_settings(partitions=2, session_timeout_seconds=6)
    topic = settings.topic_prefix + OUTAGES
    producer = new_producer(settings.broker)
    for number in range(6):
        producer.send(topic, key=b"k", value=b"no event", partition=number % 2)
    producer.flush()
    first = look(settings)

    eventually("it listens", lambda: first.get("/livez")[0] == 200)
    eventually("it is ready", first.is_ready)
    eventually("all is counted", lambda: first.value("next_offset", topic=topic, partition="1") == 3)

    assert first.value("partitions_owned") == first.value("partitions_assigned") == 2
    assert first.value("records_processed_total", topic=topic, partition="0", outcome="rejected") == 3
    assert first.value("records_waiting", topic=topic, partition="0") == 0
    assert first.value("recovering") == first.value("drift", partition="0") == 0
    eventually("it has committed", lambda: (first.value("commits_total", partition="0") or 0) >= 1)
    assert (first.value("commit_seconds_total", partition="0") or 0) > 0
    eventually("it reads", lambda: (first.value("read_timestamp_seconds", partition="0") or 0) > 1.7e9)
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=first.get("/metrics")[1], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    assert first.get("/metrics", "application/openmetrics-text")[1].endswith("# EOF\n")
    assert first.get("/nothing")[0] == 404

    assert first.worker.leave() == 0
    first.worker.restart()
    eventually("it is back", first.is_ready)
    recovery: dict[str, Any] = json.loads(first.get("/readyz")[1])["recovery"]
    assert recovery["read"] == recovery["total"] > 0


def test_a_broker_that_never_answers_ends_the_worker_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as silent_broker:
        silent_broker.bind(("127.0.0.1", 0))
        silent_broker.listen()
        address = f"127.0.0.1:{silent_broker.getsockname()[1]}"
        settings = Settings.load(broker=address, topic_prefix="nobody.", broker_deadline_seconds=2)
        worker = Worker(settings, tmp_path / "log", CASES)
        try:
            assert worker.wait() == 1
        finally:
            worker.close()
    assert worker.log.read_text().strip().endswith(f"No Kafka broker answers at {address} (KafkaTimeoutError).")


def test_a_worker_without_partitions_is_ready_and_what_is_lost_has_no_series(
    make_settings: Callable[..., Settings], look: Callable[..., Looked]
) -> None:
    settings = make_settings(partitions=1, session_timeout_seconds=6)
    first = look(settings)
    eventually("the first is ready", first.is_ready)
    second = look(settings)
    eventually("the second is ready", second.is_ready)

    def owners() -> list[Looked]:
        return [each for each in (first, second) if each.value("cases", partition="0") == 0]

    eventually("one of them owns it", lambda: len(owners()) == 1 and first.is_ready() and second.is_ready())
    owner = owners()[0]
    other = second if owner is first else first
    assert other.value("partitions_owned") == 0

    assert owner.worker.leave() == 0
    eventually("the other took over", lambda: other.value("partitions_owned") == 1 and other.is_ready())


def test_a_port_that_is_taken_ends_the_worker_with_a_sentence(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = make_settings(partitions=1)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        worker = Worker(settings, tmp_path / "log", CASES, worker_port=listener.getsockname()[1])
        try:
            assert worker.wait() == 1
        finally:
            worker.close()
    (sentence,) = worker.log.read_text().splitlines()
    assert "GRIDPULSE_WORKER_PORT can name another port" in sentence
