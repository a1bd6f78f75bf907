"""Header names that are no UTF-8: aiokafka raises where it comes to one, and no reader would ever get past the record.

Such a batch is parsed once more in Python, with the bytes that are no text as lone surrogates, which no text has.
"""

from collections.abc import Iterable
from struct import Struct
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

LENGTH = Struct(">8xi")  # of a batch, without the first two fields
LAST = Struct(">q15xi")  # its first offset, and the last one as a difference to it
BEFORE_LENGTH = 12


def is_text(names: Iterable[str]) -> bool:
    """Whether names of headers were UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for name in names if not name.isascii() for character in name)


def tolerate() -> None:
    """Let all consumers of this process that start from now on read such records."""
    fetcher.MemoryRecords, fetcher.PartitionRecords = _Fetched, _Records


class _Fetched:
    """The records of a fetch as aiokafka reads them, with their bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self._records = raw, MemoryRecords(raw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)


class _Records(fetcher.PartitionRecords):  # type: ignore[misc]  # Any to mypy
    _records: Any

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except UnicodeDecodeError:
            self._records = _Tolerant(self._records.raw, self.next_fetch_offset)
            self._records_iterator = self._unpack_records()
            return super().__next__()


class _Tolerant:
    """The batches of a fetch from an offset on."""

    def __init__(self, raw: bytes, offset: int) -> None:
        self.raw, self._at = raw, 0
        while self.has_next() and sum(LAST.unpack_from(raw, self._at)) < offset:
            self._at += self._length

    @property
    def _length(self) -> int:
        return BEFORE_LENGTH + int(LENGTH.unpack_from(self.raw, self._at)[0])

    def has_next(self) -> bool:
        """Whether there is another whole batch; a fetch ends somewhere in one."""
        left = len(self.raw) - self._at
        return left >= LAST.size and left >= self._length

    def next_batch(self) -> Any:
        begin, end = self._at, self._at + self._length
        self._at = end
        return _Batch(self.raw[begin:end])


class _Batch(_DefaultRecordBatchPy):  # type: ignore[misc]  # final to aiokafka
    _buffer: Any

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Bytes(self._buffer)


class _Bytes(bytes):
    """Bytes whose parts are decoded as described above."""

    def __getitem__(self, at: Any) -> Any:
        part = super().__getitem__(at)
        return _Bytes(part) if isinstance(part, bytes) else part

    def __bytes__(self) -> bytes:
        return super().__getitem__(slice(None))

    def decode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> str:
        return super().decode(encoding, errors)
