"""The sums of one cell, or of several days of a scope, over all sources, as a line in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.measures import is_per_period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Line:
    """Per measure a fixed integer, and a rate where it grows: value = fixed + rate * read time.

    The cell's origin is already taken off the fixed part, so that lines of several days can be added.
    """

    __slots__ = ("changed_at", "fixed", "rates")

    def __init__(self) -> None:
        self.fixed: dict[str, int] = {}
        self.rates: dict[str, int] = {}
        self.changed_at = 0

    def add(self, measure: str, fixed: int, rate: int) -> None:
        """Add a difference that a source published; a sum that becomes zero is removed."""
        if rate:
            grown = self.rates.get(measure, 0) + rate
            if grown:
                self.rates[measure] = grown
            else:
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
        self._include(other, lambda _measure: True)

    def include_day(self, day: Line) -> None:
        """Add the line of one of several days: all of it that is a sum of days."""
        self._include(day, lambda measure: not is_per_period(measure))

    def _include(self, other: Line, wanted: Callable[[str], bool]) -> None:
        for measure, rate in other.rates.items():
            if wanted(measure):
                self.add(measure, 0, rate)
        for measure, fixed in other.fixed.items():
            if wanted(measure):
                self.add(measure, fixed, 0)
        self.touch(other.changed_at)

    def at(self, time: int) -> dict[str, int]:
        """The measures at a read time; not to be changed, it may be the line's own.

        Growth that began after that instant, by a source that is ahead, counts nothing yet, and never less.
        """
        if not self.rates:
            return self.fixed
        return self.fixed | {name: max(0, self.fixed[name] + rate * time) for name, rate in self.rates.items()}


NOTHING = Line()


def summed(lines: Iterable[Line], measure: str, time: int) -> int:
    """A measure at a read time, added up over several lines, as `Line.at` does for one."""
    fixed = rate = 0
    for line in lines:
        fixed += line.fixed.get(measure, 0)
        rate += line.rates.get(measure, 0)
    return max(0, fixed + rate * time) if rate else fixed
