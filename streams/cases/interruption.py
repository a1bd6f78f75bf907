"""What a sweep over an outage's facts finds: interruptions of supply, and of how many customers where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Step(NamedTuple):
    """Customers of one area without supply from `since` to `until` (None: still), in the episode of that number."""

    area: str
    since: int
    until: int | None
    customers: int
    episode: int


class Uncounted(NamedTuple):
    """An area (None: wherever the outage is) without supply, of which nobody has said how many customers that are."""

    area: str | None
    since: int
    until: int | None
    episode: int


class Doubt(NamedTuple):
    """Statements about an area (None: about the whole) in an episode that break a rule."""

    rule: str
    area: str | None
    episode: int


@dataclass(slots=True)
class Episode:
    """One interruption of supply, from `start` to full restoration at `end` (None: still open)."""

    start: int
    end: int | None = None
    areas: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    stepwise: bool = False
