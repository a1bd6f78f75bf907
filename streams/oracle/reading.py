"""What a verification reads: the inputs, the KPI table, and which roles have published up to which read time."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from streams import topics
from streams.errors import InputUnreadable
from streams.oracle.placing import is_foreign
from streams.oracle.records import FAMILIES, KPIS, Record, from_files, mark_of
from streams.oracle.table import role_of
from streams.progress import step
from streams.readers.compacted import CompactedReader
from streams.settings import Settings

STATUS_KEY = b"status"
NO_EVENT = b""  # the value of a record that Kafka's protocol does not allow, which is undecodable for both sides
PARTIALS = {"cases": topics.PARTIALS, "voltage": topics.VOLTAGE_PARTIALS}


@dataclass
class Read:
    """Inputs and KPI table; `reached` is the read time up to which every partition has published, None unknown.

    `roles` are those of which a worker has published.
    """

    inputs: list[Record]
    kpis: list[Record]
    reached: int | None
    roles: frozenset[str]

    def comparable(self, names: list[str], wanted: Sequence[str]) -> tuple[list[str], list[str]]:
        """The KPIs that can be compared, and the KPIs of a role that has never published."""
        there = [name for name in names if role_of(name) in self.roles]
        left_out = [name for name in names if role_of(name) not in self.roles]
        if not there or (wanted and left_out):
            roles = ", ".join(sorted({role_of(name) for name in left_out}))
            raise InputUnreadable(
                f"There is nothing to compare {left_out[0]} with: no worker of the role {roles} has published yet. "
                "Start one, or wait until it has read its inputs."
            )
        return there, left_out


def read(settings: Settings, events: Sequence[Path]) -> Read:
    """From the files what they have; the KPI table from the broker, unless it is in them."""
    if events:
        records = list(from_files(events, settings.topic_prefix))
        kpis = [record for record in records if record.topic == KPIS]
        if kpis:
            return Read([record for record in records if record.topic != KPIS], kpis, None, _roles(kpis))
        read = asyncio.run(_read_topics(settings, inputs=False))
        return replace(read, inputs=records)
    return asyncio.run(_read_topics(settings, inputs=True))


async def _read_topics(settings: Settings, *, inputs: bool) -> Read:
    # The table first: what an input brings later is then at worst too much on the side of the oracle.
    statuses, roles = [], set()
    for role, topic in PARTIALS.items():
        records = await _read_topic(settings, topic)
        newest = {record.partition: record.value for record in records if record.key == STATUS_KEY and record.value}
        statuses += [orjson.loads(value)["published"] for value in newest.values()]
        roles |= {role} if newest else set()
    kpis = await _read_topic(settings, KPIS)
    records = [record for topic in FAMILIES for record in await _read_topic(settings, topic)] if inputs else []
    reached = None if not statuses else 0 if None in statuses else min(statuses)
    return Read(records, kpis, reached, _roles(kpis) | roles)


def _is_text(header: tuple[str, Any]) -> bool:
    """Whether the name of a header was UTF-8: other bytes are read as characters that UTF-8 cannot have."""
    return header[0].encode(errors="ignore").decode() == header[0]


def _roles(kpis: Iterable[Record]) -> frozenset[str]:
    """The roles that the KPI table has records of."""
    return frozenset(role_of((record.key or b"").decode(errors="replace")) for record in kpis)


async def _read_topic(settings: Settings, topic: str) -> list[Record]:
    found: list[Record] = []
    checked = topic in FAMILIES and settings.partitioner == "murmur2"

    def take(partition: int, records: Iterable[Any]) -> None:
        found.extend(
            Record(
                topic,
                partition,
                record.offset,
                record.timestamp,
                record.key,
                record.value if all(map(_is_text, record.headers)) else NO_EVENT,
                mark := mark_of(record.value, record.headers),
                checked and mark is None and is_foreign(topic, record.key, partition, settings.partitions),
            )
            for record in records
        )

    reader = CompactedReader(
        settings.broker, settings.topic_prefix + topic, take, deadline_seconds=settings.broker_deadline_seconds
    )
    await reader.start()

    def measure() -> str:
        done, total = reader.progress()
        return f"{done} of {total} offsets"

    with step(f"Reading {settings.topic_prefix}{topic}", measure):
        try:
            await reader.caught_up()
        finally:
            await reader.stop()
    return found
