"""The effect of an event on the facts of its case, and the version of its facts."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, Protocol

JSON = Any  # None, bool, int, str, list or dict of these: a round trip through JSON leaves it unchanged


class Change(IntEnum):
    """The effect of admitted facts; of the facts of an event the greatest counts."""

    STALE = 0  # a newer version of the same source holds
    SAME = 1  # the same version is stored
    APPLIED = 2  # it holds now


class Fact(NamedTuple):
    """One field of a case: its path, and its value; None means "unknown"."""

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
    """The version of all facts of one event; `recorded_at` in seconds since the epoch."""

    source: str
    revision: int
    recorded_at: int
    event_id: str
    pin: bool = False

    @classmethod
    def of(cls, event: Envelope) -> Stamp:
        return cls(event.source, event.revision, event.recorded_at, event.event_id, event.pin)
