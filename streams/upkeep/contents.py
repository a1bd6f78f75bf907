"""`gridpulse topics check --contents`: every row of the topics that gridpulse writes itself, and of the network."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from schemas.codec import InvalidEvent, decode
from streams import topics
from streams.readers.compacted import CompactedReader
from streams.readers.guard import shown
from streams.readers.rows import CHECKS, Check
from streams.settings import Settings
from streams.web.state import letter_reason

OnProgress = Callable[[str, int, int], None]


class ForeignRow(NamedTuple):
    """The last row of a key, if it is none of gridpulse's."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    why: str

    def __str__(self) -> str:
        return f"{self.topic} partition {self.partition} offset {self.offset} key {shown(self.key)}: {self.why}"


def examine(settings: Settings, on_progress: OnProgress) -> list[ForeignRow]:
    """All foreign and damaged rows, by topic, partition, offset; `on_progress` gets topic, offsets read and total."""
    checks: dict[str, Check] = {**CHECKS, topics.NETWORK: _network}
    found: list[ForeignRow] = []
    for topic, check in checks.items():
        found += asyncio.run(_examine(settings, topic, check, on_progress))
    return found


async def _examine(settings: Settings, topic: str, check: Check, on_progress: OnProgress) -> list[ForeignRow]:
    name, found = settings.topic_prefix + topic, dict[tuple[int, bytes | None], ForeignRow]()

    def take(partition: int, records: Sequence[Any]) -> None:
        for record in records:
            why = check(record.key, record.value)
            if why is None and topic == topics.DEAD_LETTERS and record.value is not None:
                why = _letter(record)
            found.pop((partition, record.key), None)
            if why is not None and record.value is not None:
                found[partition, record.key] = ForeignRow(name, partition, record.offset, record.key, why)
        on_progress(name, *reader.progress())

    reader = CompactedReader(settings.broker, name, take, deadline_seconds=settings.broker_deadline_seconds)
    await reader.start()
    try:
        await reader.caught_up()
    finally:
        await reader.stop()
    return sorted(found.values(), key=lambda row: row[1:3])


def _network(_key: bytes | None, value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        decode("network", value)
    except InvalidEvent as error:
        return str(error)
    return None


def _letter(record: Any) -> str | None:
    return "its reason is none that gridpulse gives" if letter_reason(record.headers) == "other" else None


def lines(rows: Sequence[ForeignRow], most: int) -> Iterator[str]:
    """A line for each row, up to so many."""
    yield from map(str, rows[:most])
    if len(rows) > most:
        yield f"and {len(rows) - most} more"
