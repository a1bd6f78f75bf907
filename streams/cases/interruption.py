"""The results of a sweep over the facts of an outage: interruptions of supply, and their customers by area."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Step(NamedTuple):
    """Customers of one area without supply from `since` to `until` (None: open); `interruption` is its number."""

    area: str
    since: int
    until: int | None
    customers: int
    interruption: int


class Uncounted(NamedTuple):
    """An area (None: all areas of the outage) without supply, whose number of customers is not known."""

    area: str | None
    since: int
    until: int | None
    interruption: int


class Doubt(NamedTuple):
    """Statements about an area (None: the whole outage) in an interruption that violate a rule."""

    rule: str
    area: str | None
    interruption: int


@dataclass(slots=True)
class Interruption:
    """One interruption of supply (IEEE 1366), from `start` to full restoration at `end` (None: open)."""

    start: int
    end: int | None = None
    areas: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    stepwise: bool = False
