"""An entry of an outage's timeline: how many customers of an area are out after it, and what in it contradicts.

The last good number stays. A step gives supply back and an extension takes it: a number that goes the other way is
none, and neither is a count of restored customers that exceeds those who were out. Where no number is known before,
the first one that is said is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.kpis import in_question as rule

if TYPE_CHECKING:
    from collections.abc import Sequence


class Decided(NamedTuple):
    """Customers out after an entry; the rules it breaks, each with the customers by which the statements differ."""

    after: int
    broken: tuple[tuple[str, int], ...] = ()


def extends(entry: Sequence[int | None]) -> bool:
    """Whether it is of an extension."""
    return len(entry) > 2  # noqa: PLR2004  [remaining, restored, 1]


def decide(entry: Sequence[int | None], before: int, *, known: bool) -> Decided:
    """`before`: customers out before it, as far as their number is `known`."""
    remaining = entry[0]
    restored = entry[1] if len(entry) > 1 and not extends(entry) else None
    broken = []
    if restored is not None and known:
        if restored > before:
            broken.append((rule.MORE_RESTORED, restored - before))
        elif remaining is None:
            remaining = before - restored
        elif before - restored != remaining:
            broken.append((rule.RESTORED_DISAGREES, abs(before - restored - remaining)))
    if remaining is None:
        return Decided(before, tuple(broken))
    if known and (remaining < before if extends(entry) else remaining > before):
        broken.append((rule.REMAINING_AGAINST_EVENT, abs(remaining - before)))
        remaining = before
    return Decided(remaining, tuple(broken))
