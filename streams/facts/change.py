"""What an event did to the facts of its case, and who said it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, Protocol

JSON = Any  # None, bool, int, str, list or dict of these: what a round trip through JSON leaves as it is


class Change(IntEnum):
    """The three fates of admitted facts; of an event's facts the greatest counts."""

    STALE = 0  # something newer from the same source stands
    SAME = 1  # it stands already, in this very version
    APPLIED = 2  # it stands now


class Fact(NamedTuple):
    """One field of a case: where it is kept, and its value; a None value means "unknown"."""

    path: tuple[str, ...]
    value: JSON


class Envelope(Protocol):
    """The part of an event's envelope that decides between versions."""

    @property
    def source(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def recorded_at(self) -> int: ...
    @property
    def event_id(self) -> str: ...
    @property
    def pin(self) -> bool: ...


class Stamp(NamedTuple):
    """The version of everything one event says; `recorded_at` in seconds since the epoch."""

    source: str
    revision: int
    recorded_at: int
    event_id: str
    pin: bool = False

    @classmethod
    def of(cls, event: Envelope) -> Stamp:
        return cls(event.source, event.revision, event.recorded_at, event.event_id, event.pin)
