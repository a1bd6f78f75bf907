"""A recording whose rows say on their own what was said when; a listing has to be compared with the one before."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

Event = dict[str, Any]


class Said(NamedTuple):
    """One record: the instant it was said, which its time stamp keeps (seconds), family, key and value."""

    at: int
    family: str
    key: str
    value: Event


class Table(Protocol):
    """Turns the rows of a recording into records."""

    def network(self) -> list[Event]:
        """The records of the network it happens in."""

    def said(self, files: Iterable[Path]) -> list[Said]:
        """All records, in the order of their instants."""

    def marks(self, said: Sequence[Said]) -> list[int]:
        """The instants of the marks, ascending; the last one is not before the last record."""
