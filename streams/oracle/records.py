"""What the oracle reads: records of the input topics, as they came, from a file or from the broker."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from streams import topics
from streams.errors import InputUnreadable
from streams.lane.batch import MARK, MARK_HEADER

# Families by the topic that carries them, without a prefix.
FAMILIES: Mapping[str, str] = {
    topics.OUTAGES: "outages",
    topics.REPAIRS: "repairs",
    topics.COMPLAINTS: "complaints",
    topics.VOLTAGE: "voltage",
    topics.NETWORK: "network",
}
KPIS = topics.KPIS
WHOLE_MAX = 2**63 - 1


class Record(NamedTuple):
    """A record; `topic` without a prefix, `timestamp` in milliseconds, `mark` in seconds for marks only.

    `elsewhere`: Kafka's own partitioner would have put it into another partition.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    mark: int | None = None
    elsewhere: bool = False


def mark_of(value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> int | None:
    """The instant that a mark announces; None for every other record."""
    if value is None:
        for name, content in headers:
            if name == MARK_HEADER and content and MARK.fullmatch(content):
                return int(content)
    return None


def from_files(files: Sequence[Path], prefix: str = "") -> Iterator[Record]:
    """The records of JSON Lines files, in their order; a line is {topic, key, timestamp_ms, value, mark or headers}."""
    for file in files:
        try:
            lines = file.read_bytes().splitlines()
        except OSError as error:
            raise InputUnreadable(f"{file} cannot be read: {error.strerror}.") from error
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield from_line(line, number, prefix)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise InputUnreadable(
                        f"{file}, line {number} is no record: {error}. "
                        'A line is {"topic": ..., "key": ..., "timestamp_ms": ..., "value": ...}, or has a "mark".'
                    ) from error


def from_line(line: bytes, number: int, prefix: str = "") -> Record:
    """One line; ValueError, KeyError or TypeError when it is no record."""
    entry: dict[str, Any] = orjson.loads(line)
    topic = entry["topic"].removeprefix(prefix)
    if topic not in FAMILIES and topic != KPIS:
        raise ValueError(f"topic {topic!r} is none that a KPI is made of")
    key, value = entry.get("key"), entry.get("value")
    stated = entry.get("mark")
    mark = (
        _whole(stated) if stated else mark_of(None, [(n, str(v).encode()) for n, v in entry.get("headers", {}).items()])
    )
    return Record(
        topic,
        _whole(entry.get("partition", 0)),
        _whole(entry.get("offset", number)),
        _whole(entry["timestamp_ms"]),
        None if key is None else key.encode(),
        value.encode() if isinstance(value, str) else None if value is None else orjson.dumps(value),
        mark,
    )


def _whole(value: Any) -> int:
    """A number of Kafka's, which have 64 bits; ValueError when it is none."""
    number = int(value)
    if abs(number) > WHOLE_MAX:
        raise ValueError(f"{number} is no number of 64 bits")
    return number


def seen_at(records: Iterable[Record], *, marks: bool) -> Iterator[tuple[Record, int | None]]:
    """Records with the read time at which each begins to count, marks left out; None: at none of them yet.

    With marks that is the next one of its partition, or 0 for the network, which holds for all times.
    """
    waiting: dict[tuple[str, int], list[Record]] = {}
    reached: dict[tuple[str, int], int] = {}
    for record in records:
        place = (record.topic, record.partition)
        if not marks or record.topic == topics.NETWORK:
            if record.mark is None:
                yield record, 0
        elif record.mark is None:
            waiting.setdefault(place, []).append(record)
        elif record.mark > reached.get(place, -1):
            reached[place] = record.mark
            for ready in waiting.pop(place, ()):
                yield ready, record.mark
    for left in waiting.values():
        for record in left:
            yield record, None


def marks_of(records: Iterable[Record]) -> list[int]:
    """All marks, in time."""
    return sorted({record.mark for record in records if record.mark is not None})
