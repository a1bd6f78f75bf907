"""Recordings whose rows have a time each; a listing, in contrast, has to be compared with the previous listing."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

Event = dict[str, Any]


class TimedRecord(NamedTuple):
    """One record: its instant, which becomes its timestamp (seconds), family, key and value."""

    at: int
    family: str
    key: str
    value: Event


class Table(Protocol):
    """Turns the rows of a recording into records."""

    def network(self) -> list[Event]:
        """The network records of the recording."""

    def records(self, files: Iterable[Path]) -> list[TimedRecord]:
        """All records, in the order of their instants."""

    def marks(self, records: Sequence[TimedRecord]) -> list[int]:
        """The instants of the marks, ascending; the last one is not before the last record."""
