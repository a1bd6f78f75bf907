"""Differences of many points, added up before they are spread to scopes: points of one area share all of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cells.consolidate import add, differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.cells.consolidate import Amount, Key


class Sums:
    """Amounts by (period, measure), under the scopes they count in."""

    def __init__(self) -> None:
        self._by_scopes: dict[tuple[str, ...], dict[Key, Amount]] = {}

    def clear(self) -> None:
        """Nothing was added."""
        self._by_scopes.clear()

    def replace(self, scopes: tuple[str, ...], old: Mapping[Key, Amount], new: Mapping[Key, Amount]) -> None:
        """Put new amounts in the place of old ones."""
        sums = self.of(scopes)
        for key, fixed, rate in differences(old, new):
            add(sums, key, fixed, rate)

    def of(self, scopes: tuple[str, ...]) -> dict[Key, Amount]:
        """What is added up under the scopes, to add to."""
        sums = self._by_scopes.get(scopes)
        if sums is None:
            sums = self._by_scopes[scopes] = {}
        return sums

    def spread(self) -> dict[Key, Amount]:
        """By (cell, measure); areas first come together in the scopes that they share."""
        shared: dict[tuple[str, ...], dict[Key, Amount]] = {}
        spread: dict[Key, Amount] = {}
        for scopes, sums in self._by_scopes.items():
            together = shared.setdefault(scopes[:-1], {})
            for (period, measure), amount in sums.items():
                add(together, (period, measure), *amount)
                add(spread, (f"{scopes[-1]}|{period}", measure), *amount)
        for scopes, sums in shared.items():
            for (period, measure), amount in sums.items():
                for scope in scopes:
                    add(spread, (f"{scope}|{period}", measure), *amount)
        return spread


def spread(scopes: tuple[str, ...], amounts: Mapping[Key, Amount]) -> dict[Key, Amount]:
    """The amounts of one point, by (cell, measure)."""
    return {(f"{scope}|{period}", measure): amount for scope in scopes for (period, measure), amount in amounts.items()}
