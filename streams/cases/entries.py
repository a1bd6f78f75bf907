"""An entry of an outage's timeline: the customers of an area that are out after it, and the rules it violates.

A contradictory number is ignored, and the last good number stays:

- A step restores supply and an extension interrupts it; a number that goes the other way is contradictory.
- So is a count of restored customers that exceeds the customers out.
- Where no number is known before, the first stated number is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.kpis import in_question as rule

if TYPE_CHECKING:
    from collections.abc import Sequence


class Decided(NamedTuple):
    """Customers out after an entry; the violated rules, each with the customers by which the statements differ."""

    after: int
    violated: tuple[tuple[str, int], ...] = ()


def extends(entry: Sequence[int | None]) -> bool:
    """Whether the entry is of an extension."""
    return len(entry) > 2  # noqa: PLR2004  [remaining, restored, 1]


def decide(entry: Sequence[int | None], before: int, *, known: bool) -> Decided:
    """`before`: customers out before the entry, valid if `known`."""
    remaining = entry[0]
    restored = entry[1] if len(entry) > 1 and not extends(entry) else None
    violated = []
    if restored is not None and known:
        if restored > before:
            violated.append((rule.MORE_RESTORED, restored - before))
        elif remaining is None:
            remaining = before - restored
        elif before - restored != remaining:
            violated.append((rule.RESTORED_DISAGREES, abs(before - restored - remaining)))
    if remaining is None:
        return Decided(before, tuple(violated))
    if known and (remaining < before if extends(entry) else remaining > before):
        violated.append((rule.REMAINING_AGAINST_EVENT, abs(remaining - before)))
        remaining = before
    return Decided(remaining, tuple(violated))
