"""`gridpulse verify` on a real broker: of a simulated day through a real worker every cell is what the oracle says."""

import subprocess
import sys
from dataclasses import replace

import orjson
import pytest

from streams import topics
from streams.kpis import KPIS
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.simulator.generate import generate
from streams.simulator.grid import build
from streams.simulator.rates import USUAL
from tests.support.workers import CASES, Worker, committed, eventually, new_producer

pytestmark = pytest.mark.proof

SEED, START, DAY, STEP = 5, 1_780_243_200, 86_400, 1_800  # 2026-06-01T00:00+08:00
END = START + DAY + DAY // 4
MARKS = range(START + STEP, END + 1, STEP)
ROUGH = replace(USUAL, duplicates=0.1, disorder=0.3, lateness=0.03, corrections=0.2, bad_clocks=0.02, garbage=0.03)
NAMES = [f"--kpi={kpi.name}" for kpi in KPIS if kpi.role == "cases"]


@pytest.fixture
def day(make_settings, tmp_path):
    """Topics with a simulated day, badly told, a mark every half an hour, and a worker that has read it all."""
    settings = make_settings(clock="marks", partitions=2)
    rates = ROUGH.only("outages", "repairs", "complaints").times(0.5)
    messages = iter(generate(SEED, START, 1, rates))
    with Sender(settings) as sender:
        for record in build(SEED).records:
            sender.send("network", key_of(record), record, START)
        sender.flush()
        message = next(messages)
        for mark in MARKS:
            while message is not None and message.at <= mark:
                sender.send(message.family, message.key, message.value, message.at)
                message = next(messages, None)
            sender.mark(mark)
    worker = Worker(settings, tmp_path / "w.log", CASES, instance="w", data_dir=str(tmp_path / "w"))
    eventually("the worker has published for the last mark", lambda: reached(settings) >= END, seconds=200)
    worker.check_alive()
    worker.close()
    return settings


def reached(settings):
    records = committed(settings.broker, settings.topic_prefix + topics.PARTIALS)
    newest = {record.partition: orjson.loads(record.value) for record in records if record.key == b"status"}
    if len(newest) < settings.partitions:
        return 0
    return min(status["published"] or 0 for status in newest.values())


def verify(settings, *options):
    command = [sys.executable, "-m", "streams.cli", "verify", *NAMES, *options]
    return subprocess.run(command, env=settings.environment(), capture_output=True, text=True, timeout=250, check=False)


@pytest.mark.timeout(600)
def test_a_badly_told_day_is_what_the_oracle_says_until_a_cell_is_not(day):
    chosen = [START + hours * 3600 for hours in (1, 7, 16, 24, 30)]
    found = verify(day, "--json", *(f"--at={at}" for at in chosen))
    assert found.returncode == 0, found.stdout[:5000] + found.stderr[-5000:]
    told = orjson.loads(found.stdout)
    assert [read["at"] for read in told["reads"]] == chosen
    assert all(read["equal"] == read["compared"] > 1000 for read in told["reads"])
    assert told["events"] > 5000

    key = tamper(day)
    found = verify(day)
    assert found.returncode == 1
    assert key in found.stdout
    assert "records behind it" in found.stdout


def tamper(settings):
    """Publish one wrong value; its key."""
    records = committed(settings.broker, settings.topic_prefix + topics.KPIS)
    *_, record = (record for record in records if record.value and record.key.startswith(b"saifi|all|kind=all"))
    value = orjson.loads(record.value)
    value["numerator"] += 1
    producer = new_producer(settings.broker)
    producer.send(record.topic, key=record.key, value=orjson.dumps(value), partition=record.partition)
    producer.close()
    return record.key.decode()
