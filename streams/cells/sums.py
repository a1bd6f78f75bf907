"""The sums of one cell, or of several days of a scope, over all sources, as a line in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Line:
    """Per measure a fixed integer, and a rate per source where it grows: value = fixed + sum of rate * read time.

    The cell's origin is already taken off the fixed part, so that lines of several days can be added.
    """

    __slots__ = ("changed_at", "fixed", "rates")

    def __init__(self) -> None:
        self.fixed: dict[str, int] = {}
        self.rates: dict[str, dict[int, int]] = {}
        self.changed_at = 0

    def add(self, measure: str, source: int, fixed: int, rate: int) -> None:
        """Add a difference that a source told; what becomes nothing vanishes."""
        if rate:
            rates = self.rates.setdefault(measure, {})
            rates[source] = rates.get(source, 0) + rate
            if not rates[source]:
                del rates[source]
            if not rates:
                del self.rates[measure]
        after = self.fixed.get(measure, 0) + fixed
        if after or measure in self.rates:
            self.fixed[measure] = after
        else:
            self.fixed.pop(measure, None)

    def touch(self, at: int) -> None:
        """Remember the read time of the last change."""
        self.changed_at = max(at, self.changed_at)

    def include(self, other: Line) -> None:
        """Add a whole line."""
        for measure, rates in other.rates.items():
            for source, rate in rates.items():
                self.add(measure, source, 0, rate)
        for measure, fixed in other.fixed.items():
            self.add(measure, 0, fixed, 0)
        self.touch(other.changed_at)

    def at(self, times: Sequence[int] | Mapping[int, int]) -> dict[str, int]:
        """The measures at the read time of each source; not to be changed, it may be the line's own."""
        if not self.rates:
            return self.fixed
        measures = dict(self.fixed)
        for measure, rates in self.rates.items():
            measures[measure] += sum(rate * times[source] for source, rate in rates.items())
        return measures


NOTHING = Line()
