"""The KPI table as it stood at a read time, from everything that was ever published into it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from streams.errors import InputUnreadable
from streams.oracle.records import Record

PARTS = 4  # of a key: kpi|scope|dims|period


class Version(NamedTuple):
    """A record of a key; None retires it. Published at or after `earliest`, and by `latest` (epoch seconds)."""

    earliest: int
    latest: int
    value: dict[str, Any] | None


class Table:
    """Versions by key. A tombstone has no as_of: its time is between the records around it.

    These are of its partition and role: workers of the other role write to the same partition at their own read time.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self.versions: dict[str, list[Version]] = {}
        streams: dict[tuple[int, str], list[Record]] = {}
        for record in records:
            streams.setdefault((record.partition, role_of(_key(record))), []).append(record)
        for found in streams.values():
            self._add(sorted(found, key=lambda record: record.offset))

    def _add(self, records: list[Record]) -> None:
        rows = [(_key(record), _value(record)) for record in records]
        until, latest = 0, []
        for _, value in reversed(rows):
            until = as_of(value) if value is not None else until
            latest.append(until)
        latest.reverse()
        since = 0
        for (key, value), bound in zip(rows, latest, strict=True):
            since = as_of(value) if value is not None else since
            # A tombstone with nothing after it is as old as what stands before it, or younger: it holds at the end.
            version = Version(since, since if value is not None else max(bound, since), value)
            self.versions.setdefault(key, []).append(version)

    def at(self, read_time: int) -> dict[str, list[dict[str, Any] | None]]:
        """The record of each key at a read time; several if it is unknown whether a tombstone was written by then."""
        found: dict[str, list[dict[str, Any] | None]] = {}
        for key, versions in self.versions.items():
            records: list[dict[str, Any] | None] = [None]
            for version in versions:
                if version.latest <= read_time:
                    records = [version.value]
                elif version.earliest <= read_time and version.value is None:
                    records.append(None)
            if records != [None]:
                found[key] = records
        return found

    def newest(self) -> dict[str, list[dict[str, Any] | None]]:
        """Per key its last record."""
        return {key: [versions[-1].value] for key, versions in self.versions.items() if versions[-1].value is not None}


def parts_of(key: str) -> tuple[str, str, str, str]:
    """KPI, scope, dims and period of a key."""
    kpi, scope, dims, period = key.split("|")
    return kpi, scope, dims, period


def role_of(kpi: str) -> str:
    """The role whose workers publish a KPI, by its name or key."""
    return "voltage" if kpi.startswith("voltage_") else "cases"


def as_of(value: dict[str, Any]) -> int:
    """The read time of a record in epoch seconds."""
    return int(datetime.fromisoformat(value["as_of"]).timestamp())


def _key(record: Record) -> str:
    key = (record.key or b"").decode(errors="replace")
    if len(key.split("|")) != PARTS:
        raise InputUnreadable(f"The KPI table has a record under {key!r}, which is no key of a KPI.")
    return key


def _value(record: Record) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] | None = None if record.value is None else orjson.loads(record.value)
        if value is not None:
            as_of(value)
    except (ValueError, KeyError, TypeError) as error:
        raise InputUnreadable(f"The KPI table has no KPI record under {_key(record)!r}: {error!r}.") from error
    return value
