"""What a case tells its clocks: what happened when, which instants were named, when work waited, what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class End(NamedTuple):
    """A fact and when it happened, as what ended a clock, or the case."""

    at: int
    fact: str


class Wait(NamedTuple):
    """Work stands still from `at` on for a reason; without one it goes on."""

    at: int
    reason: str | None


class Named(NamedTuple):
    """A version of an instant that was named: said at `said_at`, in force until another one is said.

    `at` is None where it was taken back; `proofs` are the instants at which this version was made public, and `assumed`
    says that nobody named it: what begins without a plan was planned for the instant at which it began.
    """

    said_at: int
    at: int | None
    proofs: tuple[int, ...] = ()
    assumed: bool = False


class Milestones(NamedTuple):
    """Instants in epoch seconds; what lies ahead has not happened.

    `happened` by the facts of a policy, `named` by its due facts in the order in which they were said, `begun_at`
    decides which version of the policy holds; `ended` is what closed the case, if it is closed; `area_types` are those
    of the areas concerned, `unknown` among them; `interval_seconds` that between readings.
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
