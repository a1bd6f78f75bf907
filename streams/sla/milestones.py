"""The milestones of a case, from which its clocks follow: its facts, the instants it named, its waits, its traits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class End(NamedTuple):
    """A fact and its instant; it ended a clock, or the case."""

    at: int
    fact: str


class Wait(NamedTuple):
    """From `at` on work waits for a reason; without a reason it goes on."""

    at: int
    reason: str | None


class Named(NamedTuple):
    """A version of a named instant (an estimate, a plan): in force from `stated_at` until the next version.

    `at` is None where it was withdrawn; `proofs` are the instants at which this version was made public. `assumed`:
    nobody named it; an interruption that begins without a plan counts as planned for the instant of its begin.
    """

    stated_at: int
    at: int | None
    proofs: tuple[int, ...] = ()
    assumed: bool = False


class Milestones(NamedTuple):
    """Instants in epoch seconds; an instant after now has not happened yet.

    `happened`: instants by fact of the policy. `named`: versions by due fact, in the order of `stated_at`. `begun_at`
    decides which version of the policy holds. `ended`: the fact that closed the case, if it is closed. `area_types`:
    the types of the areas concerned, `unknown` among them. `interval_seconds`: the interval between readings.
    """

    kind: str
    begun_at: int
    happened: Mapping[str, Sequence[int]]
    traits: Mapping[str, str | bool | None]
    area_types: tuple[str, ...]
    named: Mapping[str, Sequence[Named]] = {}
    ended: End | None = None
    waits: Sequence[Wait] = ()
    interval_seconds: int = 0
