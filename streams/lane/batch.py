"""What the transport hands on: the records one fetch brought from one partition."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

MARK_HEADER = "gridpulse-mark"
MARK = re.compile(rb"[0-9]{1,11}")


class Record(Protocol):
    """The part of a fetched Kafka record that gridpulse reads: aiokafka's ConsumerRecord has it.

    `timestamp` is milliseconds since the epoch. Header names may hold surrogates where the bytes are no UTF-8, and a
    header's value may be None in spite of its type. Who receives a record may keep it, and must not change it.
    """

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one partition in offset order, never empty."""

    topic: str
    partition: int
    records: Sequence[Record]


class Output(NamedTuple):
    """One record a commit unit writes, into the partition with the writer's number."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


def mark_of(record: Record) -> int | None:
    """The read time, in seconds, that a mark announces; None for every other record, be it a failed mark."""
    if record.value is not None:
        return None
    for name, value in record.headers:
        if name == MARK_HEADER and value and MARK.fullmatch(value):
            return int(value)
    return None
