"""The present content of a compacted topic: the last committed value of every key."""

import asyncio
from collections.abc import Sequence
from typing import Any

from streams.readers.compacted import CompactedReader
from streams.settings import Settings


def rows_of(settings: Settings, topic: str) -> dict[bytes, bytes]:
    """Read from the beginning to the end there is at the start; `topic` without a prefix."""
    found: dict[bytes, bytes] = {}

    def take(_partition: int, records: Sequence[Any]) -> None:
        for record in records:
            key = record.key or b""
            found.pop(key, None)
            if record.value is not None:
                found[key] = record.value

    async def read_all() -> None:
        reader = CompactedReader(
            settings.broker, settings.topic_prefix + topic, take, deadline_seconds=settings.broker_deadline_seconds
        )
        await reader.start()
        try:
            await reader.caught_up()
        finally:
            await reader.stop()

    asyncio.run(read_all())
    return found
