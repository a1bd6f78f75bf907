"""What `replay`, `network load` and `simulate` write, read back from a real broker."""

import threading
from collections import Counter, defaultdict

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.partitioner.default import murmur2

from schemas.event import format_instant
from streams import clock, topics
from streams.errors import BrokerUnavailable, InputUnreadable
from streams.lane.batch import MARK_HEADER
from streams.load import network
from streams.load.producer import TOPICS
from streams.replay import run as replay
from streams.settings import Settings
from streams.simulator import recorded, runner
from streams.simulator.generate import generate
from streams.simulator.rates import Rates

T0 = 1_650_000_000
STEP = 600
LISTS = 40


@pytest.fixture
def lines(tmp_path):
    """One outage appears with every list and leaves three lists later; list 7 brings nothing."""
    file = tmp_path / "changes.jsonl"
    rec = {"outageStartTime": str(T0), "estCustAffected": "5", "latitude": 40.0, "cause": "Unknown"}
    entries = []
    for number in range(LISTS):
        at = format_instant(T0 + number * STEP)
        if number not in {7, 10}:
            entries.append({"snapshot_time": at, "op": "appear", "id": f"o-{number}", "rec": rec})
        if number >= 3 and number - 3 != 7 and number != 7:
            entries.append({"snapshot_time": at, "op": "vanish", "id": f"o-{number - 3}"})
    file.write_bytes(b"\n".join(map(orjson.dumps, entries)))
    snapshots = tmp_path / "snapshots.csv"
    snapshots.write_text("snapshot_time,open\n" + "".join(f"{format_instant(T0 + n * STEP)},1\n" for n in range(LISTS)))
    return file


@pytest.fixture
def marks_settings(make_settings):
    return make_settings(clock="marks", partitions=2)


def read(settings, *names):
    """All records of the topics, by (topic, partition), in the order of the log."""
    consumer = KafkaConsumer(bootstrap_servers=settings.broker, group_id=None, enable_auto_commit=False)
    wanted = [
        TopicPartition(settings.topic_prefix + name, number)
        for name in names
        for number in consumer.partitions_for_topic(settings.topic_prefix + name)
    ]
    consumer.assign(wanted)
    consumer.seek_to_beginning(*wanted)
    ends, found = consumer.end_offsets(wanted), {partition: [] for partition in wanted}
    while any(consumer.position(partition) < ends[partition] for partition in wanted):
        for partition, records in consumer.poll(timeout_ms=1000).items():
            found[partition] += records
    consumer.close()
    return found


def mark_of(record):
    return int(dict(record.headers)[MARK_HEADER]) if record.value is None else None


def test_a_mark_follows_every_list_in_every_partition_and_records_keep_their_time(lines, marks_settings):
    report = replay.run(marks_settings, [lines], "as-listed")
    found = read(marks_settings, *topics.INPUTS)

    instants = [T0 + number * STEP for number in range(LISTS)]
    assert (report.marks, report.first, report.last) == (LISTS, instants[0], instants[-1])
    assert len(found) == 2 * len(topics.INPUTS)
    written = Counter()
    for partition, records in found.items():
        assert [mark_of(record) for record in records if record.value is None] == instants
        assert [record.timestamp for record in records] == sorted(record.timestamp for record in records)
        before = -1
        for record in records:
            if record.value is None:
                assert record.key is None
                assert record.timestamp == mark_of(record) * 1000
                before = record.timestamp
                continue
            event = orjson.loads(record.value)
            assert before < record.timestamp, "a record stands before the mark of its list"
            assert event["recorded_at"] == format_instant(record.timestamp // 1000)
            assert record.key == event["outage_id"].encode()
            assert (murmur2(record.key) & 0x7FFFFFFF) % 2 == partition.partition
            written[partition.topic.removeprefix(marks_settings.topic_prefix)] += 1
    assert written == {topics.OUTAGES: report.records}


def test_shuffled_records_come_up_to_an_hour_late_and_every_tenth_twice(lines, make_settings):
    runs = []
    for _ in range(2):
        settings = make_settings(clock="marks", partitions=1)
        options = replay.Options(shuffle_seed=7, duplicate_every=10)
        replay.run(settings, [lines], "as-listed", options)
        (records,) = read(settings, topics.OUTAGES).values()
        runs.append([(record.value, record.timestamp) for record in records])
    assert runs[0] == runs[1], "a seed is an order"

    plain = make_settings(clock="marks", partitions=1)
    replay.run(plain, [lines], "as-listed")
    (in_order,) = read(plain, topics.OUTAGES).values()
    expected = [(record.value, record.timestamp) for record in in_order if record.value is not None]
    twice = Counter(record for record in runs[0] if record[0] is not None)
    assert set(twice) == set(expected)
    assert Counter(twice.values()) == {1: len(expected) - len(expected) // 10, 2: len(expected) // 10}
    seen, late = defaultdict(int), 0
    at = T0 - STEP
    for value, timestamp in runs[0]:
        if value is None:
            at = timestamp // 1000
            continue
        lateness = at - timestamp // 1000  # of the last mark before it; negative: before its own mark
        assert lateness <= 3600
        late += lateness >= 0
        seen[value] += 1
    assert late > len(expected) / 2
    assert runs[0][-1][0] is None, "the last mark comes after every record"


def test_only_the_first_days_when_asked(lines, marks_settings):
    report = replay.run(marks_settings, [lines], "as-reported", replay.Options(days=0.125))

    assert (report.marks, report.last) == (18, T0 + 17 * STEP)


def test_a_replay_needs_its_own_topics_and_the_clock_of_marks(lines):
    with pytest.raises(InputUnreadable, match="GRIDPULSE_CLOCK=marks"):
        replay.run(Settings.load(), [lines], "as-listed")


def test_a_line_that_is_no_change_is_named(tmp_path, marks_settings):
    file = tmp_path / "changes.jsonl"
    file.write_text('{"snapshot_time": "2022-02-01T00:00:00Z", "op": "vanish", "id": "o"}\n{"op": 3}\n')

    with pytest.raises(InputUnreadable, match=r"changes\.jsonl, line 2"):
        replay.run(marks_settings, [file], "as-listed")


def test_the_network_is_loaded_completely_or_not_at_all(tmp_path, settings):
    file = tmp_path / "network.json"
    region = {"record_type": "region", "region": "north", "name": "North"}
    file.write_bytes(orjson.dumps([region, {"record_type": "area", "area": "a-1"}, {"record_type": "planet"}]))
    with pytest.raises(InputUnreadable) as wrong:
        network.load(settings, file)

    assert "Record 1 is wrong: " in str(wrong.value)
    assert "Record 2 is wrong: " in str(wrong.value)
    assert not any(read(settings, topics.NETWORK).values())

    file.write_bytes(orjson.dumps({"records": [region]}))
    assert network.load(settings, file).written == 1
    (records,) = read(settings, topics.NETWORK).values()
    assert [(record.key, orjson.loads(record.value)) for record in records] == [(b"region/north", region)]


def test_no_broker_is_one_sentence(tmp_path):
    file = tmp_path / "network.json"
    file.write_text("[]")
    with pytest.raises(BrokerUnavailable, match=r"No Kafka broker answers at 127\.0\.0\.1:1 "):
        network.load(Settings.load(broker="127.0.0.1:1", broker_deadline_seconds=1), file)


class AfterThree(threading.Event):
    """Lets three messages of the future pass without waiting for their time."""

    waits = 0

    def wait(self, timeout=None):
        self.waits += 1
        return self.waits > 3


def test_the_simulator_sends_its_network_and_its_past_then_goes_on(make_settings, tmp_path):
    settings = make_settings(data_dir=str(tmp_path))
    before = clock.now()
    runner.run(settings, seed=5, backfill_days=0.1, speed=2, stop=AfterThree())

    (grid,) = read(settings, topics.NETWORK).values()
    assert network.read(tmp_path / "simulator" / "network.json") == [orjson.loads(record.value) for record in grid]
    found = read(settings, *topics.INPUTS)
    lives = [records for (topic, _), records in found.items() if not topic.endswith(topics.VOLTAGE)]
    keys = {record.key.decode() for records in lives for record in records}
    truths = (tmp_path / "simulator" / "truth.jsonl").read_bytes().splitlines()
    told = {orjson.loads(truth)["case"].partition("/")[2] for truth in truths}
    assert keys <= told
    rates = Rates().times(2)
    expected = Counter(message.family for message in generate(5, before - 8640, 0.2, rates) if message.at <= before)
    sent = Counter()
    for (topic, _), records in found.items():
        family = next(name for name, base in TOPICS.items() if topic.endswith(base))
        sent[family] += len(records)
    for family in ("outages", "repairs"):
        assert 50 < expected[family] <= sent[family] <= expected[family] + 50, "a second or two may have passed"
    assert sent["complaints"] > expected["complaints"] + 500, "complaints from before the rest, too"
    assert sent["voltage"] > expected["voltage"] + 300, "single values of the last hour beside the profiles"


def test_simulated_days_keep_their_time_and_have_a_mark_after_every_hour(marks_settings):
    report = recorded.run(marks_settings, seed=5, days=0.25, speed=0.3)
    found = read(marks_settings, *topics.INPUTS)

    first, last = recorded.START, recorded.START + 6 * 3600
    assert (report.marks, report.first, report.last) == (6, first, last)
    written = 0
    for partition, records in found.items():
        marks = [mark_of(record) for record in records if mark_of(record) is not None]
        assert marks == list(range(first + 3600, last + 1, 3600)), partition
        reached = first
        for record in records:
            assert record.timestamp >= reached * 1000
            reached = mark_of(record) or reached
        written += len(records) - len(marks)
    assert written == report.records > 1000
