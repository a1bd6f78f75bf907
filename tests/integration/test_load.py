"""`gridpulse send` on a real broker: keys and partitions as Java makes them, Ctrl-C between lines."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.partitioner.default import murmur2
from rich.console import Console

from schemas.event import format_instant
from streams import clock, topics
from streams.errors import InputUnreadable, TopicsWrong
from streams.load import network, sending
from streams.load.producer import Sender

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
EVENTS = 60


@pytest.fixture
def events(tmp_path):
    """Outages of now, one event a line, and one line that is none."""
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n".join([*map(outage, range(EVENTS)), b"no event"]))
    return file


def outage(number):
    at = format_instant(clock.now() - 60)
    return orjson.dumps(
        {
            "event_type": "started",
            "event_id": f"e-{number}",
            "revision": 1,
            "occurred_at": at,
            "recorded_at": at,
            "source": "oms",
            "outage_id": f"停电-{number}",
            "kind": "fault",
            "ours": {"kept": True},
        }
    )


def send(settings, file, **options):
    return sending.run(settings, file, console=Console(file=io.StringIO()), **options)


def written(settings, topic):
    """The records of a topic: (partition, key, value)."""
    consumer = KafkaConsumer(bootstrap_servers=settings.broker, group_id=None, enable_auto_commit=False)
    name = settings.topic_prefix + topic
    wanted = [TopicPartition(name, number) for number in consumer.partitions_for_topic(name)]
    consumer.assign(wanted)
    consumer.seek_to_beginning(*wanted)
    ends, found = consumer.end_offsets(wanted), []
    while any(consumer.position(partition) < ends[partition] for partition in wanted):
        for partition, records in consumer.poll(timeout_ms=1000).items():
            found += [(partition.partition, record.key, record.value) for record in records]
    consumer.close()
    return found


def test_events_come_as_they_are_under_their_key_in_its_partition(settings, events):
    report = send(settings, events)
    records = written(settings, "grid.outages.v1")

    assert (report.exit_code, report.sent.total(), report.refused.total()) == (1, EVENTS, 1)
    assert sorted(value for _, _, value in records) == sorted(events.read_bytes().splitlines()[:-1])
    assert len({partition for partition, _, _ in records}) == settings.partitions
    for partition, key, value in records:
        assert key == json.loads(value)["outage_id"].encode()
        assert partition == (murmur2(key) & 0x7FFFFFFF) % settings.partitions


def test_a_dry_run_sends_nothing(settings, events):
    report = send(settings, events, dry_run=True)

    assert report.sent.total() == EVENTS
    assert written(settings, "grid.outages.v1") == []


def test_a_table_is_sent_by_its_mapping(settings, tmp_path):
    table = (EXAMPLES / "voltage.csv").read_text("utf-8").replace("2026-06-03T08", "2026-06-04T09")
    begun = clock.now() - 3600
    for minute in ("00", "15", "30", "45"):
        table = table.replace(f"2026-06-04T09:{minute}:00", format_instant(begun + 60 * int(minute)))
    file = tmp_path / "voltage.csv"
    file.write_text(table, "utf-8")

    report = send(settings, file, mapping=EXAMPLES / "voltage.toml")
    records = [json.loads(value) for _, _, value in written(settings, "grid.voltage-readings.v1")]

    assert report.exit_code == 0
    assert [record["value_centivolts"] for record in records] == [22873, 23691, None, 22940]
    assert {key for _, key, _ in written(settings, "grid.voltage-readings.v1")} == {b"TA-0412"}


def test_topics_that_are_missing_stop_it_before_anything_is_sent(settings, events):
    elsewhere = settings.model_copy(update={"topic_prefix": f"{settings.topic_prefix}other."})

    with pytest.raises(TopicsWrong, match=r"grid\.outages\.v1 is missing"):
        send(elsewhere, events)


def test_ctrl_c_ends_it_between_two_lines_and_what_was_sent_is_there(settings, tmp_path):
    fifo = tmp_path / "events.jsonl"
    os.mkfifo(fifo)
    command = [sys.executable, "-m", "streams.cli", "send", str(fifo)]
    child = subprocess.Popen(command, env=settings.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with fifo.open("wb", buffering=0) as file:
        for number in range(EVENTS):
            file.write(outage(number) + b"\n")
        while not written(settings, "grid.outages.v1"):  # the first is sent: it is within the loop
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        file.write(outage(EVENTS) + b"\n")
    out, complaints = child.communicate(timeout=60)

    assert child.returncode == 130, complaints
    count = len(written(settings, "grid.outages.v1"))
    assert f"{count} events sent".encode() in out
    assert b"Stopped after line" in out


def network_keys(settings):
    """The keys of the network's records in the order they were written; those without a value as None."""
    return [(key.decode(), value is not None) for _, key, value in written(settings, topics.NETWORK)]


def test_a_network_is_loaded_by_its_differences(settings, tmp_path):
    table = (EXAMPLES / "network.csv").read_text("utf-8")
    file = tmp_path / "network.csv"
    file.write_text(table, "utf-8")

    assert network.load(settings, file, dry_run=True).written == 0
    assert network_keys(settings) == []
    assert network.load(settings, file).written == 7
    assert network.load(settings, file).written == 0

    file.write_text(table.replace(",86,", ",87,").replace("point,,,,,TA-0412,,,,,,,,VP-0412-A,D,22000,ABC,,\n", ""))
    again = network.load(settings, file)
    assert (again.written, again.diff.removed, again.diff.unchanged) == (1, ["point/TA-0412/VP-0412-A"], 5)
    assert again.diff.changed == {"area/TA-0412": [("served from 2026-01-01, customers", "86", "87")]}
    assert "point/TA-0412/VP-0412-A" in network.current(settings)

    assert network.load(settings, file, replace=True).written == 1
    assert network_keys(settings)[-1] == ("point/TA-0412/VP-0412-A", False)
    assert set(network.current(settings)) == {key for key, _ in network_keys(settings)} - {"point/TA-0412/VP-0412-A"}


def test_points_loaded_under_keys_without_their_area_are_renamed(settings, tmp_path):
    file = tmp_path / "network.csv"
    head = "record_type,region,name,area,served_from,customers,point,monitoring_class,nominal_centivolts,phases\n"
    areas = "region,n,North,,,,,,,\narea,n,,a,2026-01-01,1,,,,\narea,n,,b,2026-01-01,1,,,,\n"
    file.write_text(head + areas)
    network.load(settings, file)
    old = {"record_type": "point", "monitoring_class": "D", "nominal_centivolts": 22000, "phases": ["A"]}
    with Sender(settings) as sender:
        for point in ("p", "q"):
            sender.send("network", f"point/{point}", old | {"point": point, "area": "a"})

    row = "point,,,{},,,p,D,22000,A\n"
    file.write_text(head + areas + row.format("a") + row.format("b"))
    assert network.load(settings, file).diff.added.keys() == {"point/b/p"}
    assert {key for key in network.current(settings) if key.startswith("point")} == {
        "point/a/p",
        "point/b/p",
        "point/a/q",
    }
    assert network.load(settings, file).written == 0
    assert network.load(settings, file, replace=True).written == 1
    assert {key for key in network.current(settings) if key.startswith("point")} == {"point/a/p", "point/b/p"}


def test_a_reference_may_lead_to_what_is_loaded_unless_that_is_replaced(settings, tmp_path):
    first, second = tmp_path / "regions.csv", tmp_path / "areas.csv"
    first.write_text("record_type,region,name\nregion,n,North\n")
    second.write_text("record_type,area,region\narea,a,n\narea,b,s\n")
    network.load(settings, first)

    with pytest.raises(InputUnreadable, match="Line 3: area b names region s, which does not exist"):
        network.load(settings, second)
    second.write_text("record_type,area,region\narea,a,n\n")
    with pytest.raises(InputUnreadable, match="Line 2: area a names region n, which does not exist"):
        network.load(settings, second, replace=True)
    assert network.load(settings, second).written == 1
    assert network_keys(settings) == [("region/n", True), ("area/a", True)]
