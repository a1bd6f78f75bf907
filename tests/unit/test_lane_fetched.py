"""What the lane reads of a record is the same on aiokafka's own records as on those it makes of them."""

from aiokafka.consumer.fetcher import FetchResult, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord, TopicPartition

from streams.lane.transport import _unwrap

PARTITION = TopicPartition("grid.outages.v1", 3)
RECORDS = [
    (1_780_000_000_000, b"area-1", b"{}", []),
    (1_780_000_000_250, None, b"", [("trace", b"1"), ("trace", None)]),
    (1_780_000_000_125, b"", None, [("gridpulse-mark", b"600")]),
]


def fetched():
    """As it lies there when a fetch has come back: the records from offset 1 on were asked for."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 10_000)
    for offset, (timestamp, key, value, headers) in enumerate(RECORDS):
        builder.append(offset, timestamp, key, value, headers)
    records = PartitionRecords(PARTITION, MemoryRecords(bytes(builder.build())), None, 1, None, None, True, 1)
    return FetchResult(PARTITION, assignment=None, partition_records=records, backoff=0)


def read(result):
    return [*result._partition_records]


def seen(record):
    return record.offset, record.timestamp, record.timestamp_type, record.key, record.value, [*record.headers]


def test_records_are_handed_on_as_they_were_read():
    result = fetched()
    _unwrap(result)
    ours, theirs = read(result), read(fetched())

    assert [seen(record) for record in ours] == [seen(record) for record in theirs]
    assert [(record.offset, record.key) for record in ours] == [(1, None), (2, b"")]
    assert not any(isinstance(record, ConsumerRecord) for record in ours)


def test_a_fetch_that_brought_an_error_is_left_alone():
    _unwrap(object())
