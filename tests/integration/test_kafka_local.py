"""The local Kafka starts, stops, comes back after a kill, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from streams import topics
from streams.demo.kafka import LocalKafka, free_port
from streams.demo.orphans import claim, end_orphan, identity
from streams.errors import BrokerUnavailable, GridpulseError, TopicsWrong
from streams.settings import Settings

START_AND_HANG = """
import signal, sys
from pathlib import Path
from streams.demo.kafka import LocalKafka
kafka = LocalKafka(Path(sys.argv[1]))
kafka.start()
print(kafka.pid, flush=True)
signal.pause()
"""


def test_a_broker_left_by_a_killed_run_is_ended_and_its_data_reused(tmp_path: Path):
    command = [sys.executable, "-c", START_AND_HANG, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        orphan = int(first.stdout.readline())
        first.send_signal(signal.SIGKILL)
    assert identity(orphan) is not None
    kafka = LocalKafka(tmp_path)

    kafka.start()
    try:
        assert identity(orphan) is None
        settings = Settings.load(broker=kafka.address)
        topics.create(settings)
        topics.check(settings)
        pid = kafka.pid
    finally:
        kafka.stop()

    assert identity(pid) is None
    assert not kafka.pidfile.exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", kafka.port)) != 0


def test_a_port_in_use_is_one_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(BrokerUnavailable, match=f"Port {port}, wanted for Kafka, is in use"):
            LocalKafka(tmp_path, port).start()


def test_a_process_of_a_live_owner_is_left_alone(tmp_path: Path):
    note = tmp_path / "child.pid.json"
    script = "import sys, os; from pathlib import Path; from streams.demo.orphans import claim;"
    script += f"claim(Path({str(note)!r}), {os.getpid()}); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        owner.stdout.readline()

        with pytest.raises(GridpulseError, match=f"Process {owner.pid} already runs"):
            end_orphan(note)


def test_a_pid_given_to_another_process_is_left_alone(tmp_path: Path):
    note = tmp_path / "child.pid.json"
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True) as other:
        claim(note, other.pid)
        note.write_text(note.read_text().replace("cat", "dog"))

        end_orphan(note)

        assert other.poll() is None
    assert not note.exists()


def test_nobody_listening_is_one_sentence():
    settings = Settings.load(broker=f"127.0.0.1:{free_port()}", broker_deadline_seconds=1)

    with pytest.raises(BrokerUnavailable, match="No Kafka broker answers at"):
        topics.check(settings)


def test_created_topics_agree_with_the_catalogue(settings: Settings):
    topics.check(settings)

    assert topics.create(settings) == ()


def test_a_topic_that_differs_is_named(settings: Settings):
    wrong = settings.model_copy(update={"topic_prefix": settings.topic_prefix + "x."})
    with topics.admin(settings) as client:
        client.create_topics({wrong.topic_prefix + topics.OUTAGES: {"num_partitions": 3, "replication_factor": 1}})

    with pytest.raises(TopicsWrong) as caught:
        topics.check(wrong)

    assert f"{wrong.topic_prefix}{topics.OUTAGES} has 3 partitions instead of 4" in str(caught.value)
    assert f"{wrong.topic_prefix}{topics.LEDGER} is missing" in str(caught.value)
