"""What a case tells its clocks: what happened when, which instants were named, when work waited, what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Wait(NamedTuple):
    """Work stands still from `at` on for a reason; without one it goes on."""

    at: int
    reason: str | None


class Moments(NamedTuple):
    """Instants in epoch seconds; what lies ahead has not happened.

    `happened` by the facts of a policy, `named` by its due facts, `begun_at` decides which version of the policy holds;
    `area_types` are those of the areas concerned, `unknown` among them; `interval_seconds` that between readings.
    """

    kind: str
    begun_at: int
    happened: Mapping[str, Sequence[int]]
    traits: Mapping[str, str | bool | None]
    area_types: tuple[str, ...]
    named: Mapping[str, int] = {}
    waits: Sequence[Wait] = ()
    interval_seconds: int = 0
