"""Records whose headers have names that are no UTF-8, as aiokafka's consumer gives them out."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from streams.readers.header_names import is_text, tolerate
from tests.support.raw_headers import Raw


@pytest.fixture(autouse=True)
def tolerant(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MemoryRecords", "PartitionRecords"):
        monkeypatch.setattr(fetcher, name, getattr(fetcher, name))
    tolerate()


def batch(first: int, names: list[bytes], codec: int, **options: Any) -> bytes:
    fixed = {"is_transactional": 0, "producer_id": -1, "producer_epoch": -1, "base_sequence": -1, "batch_size": 65_536}
    builder = _DefaultRecordBatchBuilderPy(magic=2, compression_type=codec, **(fixed | options))
    for number, name in enumerate(names):
        value = b"v%d" % (first + number)
        builder.append(number, 1000, b"k" * 20, value, [(Raw(name), b"x"), (Raw(b"\xe5\x8c\x97"), None)])
    made = bytearray(builder.build())
    made[:8] = first.to_bytes(8, "big")
    return bytes(made)


def read(raw: bytes, offset: int, aborted: list[tuple[int, int]] | None = None) -> Iterator[Any]:
    records = fetcher.MemoryRecords(raw)
    assert records.has_next()
    place = TopicPartition("t", 0)
    return fetcher.PartitionRecords(place, records, aborted, offset, None, None, True, fetcher.READ_COMMITTED)


@pytest.mark.parametrize("codec", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("offset", [10, 11, 12, 14])
def test_every_record_is_read_once_whatever_its_headers_are_called(codec: int, offset: int) -> None:
    raw = (
        batch(10, [b"a", b"\xff\xfe", b"b"], codec)
        + batch(13, [b"c", b"\x80", b"\xc3"], codec)
        + batch(16, [b"d"], codec)[:40]
    )
    found = list(read(raw, offset))
    assert [record.offset for record in found] == list(range(offset, 16))
    assert [record.value for record in found] == [b"v%d" % number for number in range(offset, 16)]
    assert all(type(record.value) is bytes and type(record.key) is bytes for record in found)
    texts = {record.offset: is_text(name for name, _ in record.headers) for record in found}
    assert [number for number, text in texts.items() if not text] == [n for n in (11, 14, 15) if n >= offset]
    assert all(record.headers[1] == ("北", None) for record in found)


def test_what_a_transaction_aborted_stays_unread() -> None:
    aborted = batch(0, [b"\xff"], 0, is_transactional=1, producer_id=7, producer_epoch=0, base_sequence=0)
    raw = aborted + batch(1, [b"a", b"\xff"], 0) + batch(3, [b"b"], 0)
    assert [record.offset for record in read(raw, 0, [(7, 0)])] == [1, 2, 3]


def test_a_damaged_batch_is_an_error_as_ever() -> None:
    raw = bytearray(batch(0, [b"\xff"], 0))
    raw[-1] ^= 1
    with pytest.raises(Exception, match="CRC"):
        list(read(bytes(raw), 0))
