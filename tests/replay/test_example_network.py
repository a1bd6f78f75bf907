"""The network of docs/examples and a day of readings through real workers: every cell is what the oracle says.

A point of it is expected since months before its first value, so that most of the cells are of days without any.
"""

import subprocess
import sys
from functools import partial
from pathlib import Path

import orjson
import pytest

from schemas.event import format_instant
from streams import topics
from streams.load.network import key_of, read
from streams.load.producer import Sender
from tests.support.workers import CASES, VOLTAGE, Worker, committed, eventually

NETWORK = Path(__file__).parents[2] / "docs" / "examples" / "network.csv"
LOADED = 1_795_795_200  # 2026-11-28T00:00:00+08:00
QUARTER, HOUR, DAY = 900, 3600, 86_400
END = LOADED + DAY + HOUR
POINTS = (("VP-0412-A", "ABC", 22_000), ("VP-SS11-10KV", "A", 10_000))


@pytest.fixture
def day(make_settings, tmp_path):
    """The topics, with a mark every hour, and workers that have read them."""
    settings = make_settings(clock="marks", partitions=2)
    with Sender(settings) as sender:
        for record in read(NETWORK):
            sender.send("network", key_of(record), record, LOADED)
        sender.flush()
        for hour in range(LOADED, END, HOUR):
            for at in range(hour, min(hour + HOUR, LOADED + DAY), QUARTER):
                for point, phases, nominal in POINTS:
                    for phase in phases:
                        sender.send("voltage", "TA-0412", reading(point, phase, at, nominal), at + 60)
            sender.mark(hour + HOUR)
    for topic, role in ((topics.PARTIALS, CASES), (topics.VOLTAGE_PARTIALS, VOLTAGE)):
        name = role[-1]
        worker = Worker(settings, tmp_path / f"{name}.log", role, instance=name, data_dir=str(tmp_path / name))
        published = partial(reached, settings, topic)
        eventually("the worker has published for the last mark", lambda at=published: at() >= END, seconds=200)
        worker.check_alive()
        worker.close()
    return settings


def reading(point, phase, at, nominal):
    """Out of limits in the evening, and once not known."""
    hour = (at - LOADED) // HOUR
    value = nominal * (108 if hour in {19, 20} else 101) // 100
    return {
        "event_type": "reading",
        "area": "TA-0412",
        "point": point,
        "source": "ami",
        "phase": phase,
        "occurred_at": format_instant(at),
        "recorded_at": format_instant(at + 7),
        "value_centivolts": None if hour == 5 else value,
    }


def reached(settings, topic):
    records = committed(settings.broker, settings.topic_prefix + topic)
    newest = {record.partition: orjson.loads(record.value) for record in records if record.key == b"status"}
    if len(newest) < settings.partitions:
        return 0
    return min(status["published"] or 0 for status in newest.values())


@pytest.mark.timeout(600)
def test_every_cell_of_the_example_network_is_what_the_oracle_says(day):
    command = [sys.executable, "-m", "streams.cli", "verify", "--json", f"--at={LOADED + 12 * HOUR}", f"--at={END}"]
    found = subprocess.run(command, env=day.environment(), capture_output=True, text=True, timeout=400, check=False)

    assert found.returncode == 0, found.stdout[:5000] + found.stderr[-3000:]
    told = orjson.loads(found.stdout)
    print(*((read["equal"], read["compared"]) for read in told["reads"]))  # with pytest -s
    assert all(read["equal"] == read["compared"] > 3600 for read in told["reads"])
