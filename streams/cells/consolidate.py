"""How amounts add up, written once: a difference is added in place, what becomes nothing vanishes.

An amount is (A, R): its value at t is A + R * (t - origin of the cell), with R in units per second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Amount = tuple[int, int]
Key = tuple[str, str]
Measures = dict[str, Amount]
Name = TypeVar("Name", str, Key)

NOTHING: Amount = (0, 0)


def add(amounts: dict[Name, Amount], name: Name, fixed: int, rate: int = 0) -> None:
    """Add to one amount; one that becomes (0, 0) vanishes."""
    before = amounts.get(name)
    after = (fixed, rate) if before is None else (before[0] + fixed, before[1] + rate)
    if after != NOTHING:
        amounts[name] = after
    elif before is not None:
        del amounts[name]


def add_to_cell(sums: dict[str, Measures], cell: str, measure: str, fixed: int, rate: int) -> None:
    """Add to one amount of a cell; a cell without measures vanishes."""
    measures = sums.get(cell)
    if measures is None:
        measures = sums[cell] = {}
    add(measures, measure, fixed, rate)
    if not measures:
        del sums[cell]


def differences(old: Mapping[Key, Amount], new: Mapping[Key, Amount]) -> Iterator[tuple[Key, int, int]]:
    """What has to be added where new amounts come in the place of old ones; nothing where both are the same."""
    for key, (fixed, rate) in new.items():
        before = old.get(key, NOTHING)
        if before != (fixed, rate):
            yield key, fixed - before[0], rate - before[1]
    for key, (fixed, rate) in old.items():
        if key not in new:
            yield key, -fixed, -rate
