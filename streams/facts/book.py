"""The book: what repeats in many values of points, by number.

The version of a value is a part of it, and a source may give each of its statements another: its time, or one more with
every repetition. So a number that no value has any more is given to what comes next, and what there is stays within
twice what the values need, and some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

FEWEST: Final = 4_096  # numbers of a table that may be without a value
DAYS_EACH: Final = 16  # or one for so many days, all of which are read to find those without


class Numbered:
    """Things by the number that each was given when it was first met; `free` are the numbers that no value has."""

    __slots__ = ("_look_from", "_unsaved", "free", "items", "numbers")

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.numbers: dict[Any, int] = {}
        self.free: dict[int, None] = {}
        self._unsaved: list[int] = []
        self._look_from = FEWEST

    def number(self, item: Any) -> int:  # a tuple
        """Its number, from now on in use."""
        found = self.numbers.get(item)
        if found is not None:
            self.free.pop(found, None)
            return found
        if self.free:
            found, _ = self.free.popitem()
            del self.numbers[self.items[found]]  # until now: its row in the ledger said so
            self.items[found] = item
        else:
            found = len(self.items)
            self.items.append(item)
        self.numbers[item] = found
        self._unsaved.append(found)
        return found

    def load(self, item: Any) -> None:
        """Take over what was stored, in the order of the numbers, of which none is missing."""
        self.numbers[item] = len(self.items)
        self.items.append(item)

    def fresh(self) -> Iterator[tuple[int, Any]]:
        """What came since the last call, with its number."""
        unsaved, self._unsaved = self._unsaved, []
        return ((number, self.items[number]) for number in unsaved)

    @property
    def is_crowded(self) -> bool:
        """Whether so many came since the last time that it is worth while to read which are in use."""
        return len(self.items) - len(self.free) > self._look_from

    def keep(self, used: Container[int], days: int) -> None:
        """Give free all numbers but those in use, by so many days."""
        self.free = dict.fromkeys(number for number in range(len(self.items)) if number not in used)
        in_use = len(self.items) - len(self.free)
        self._look_from = in_use + max(in_use, FEWEST, days // DAYS_EACH)


class Book:
    """What entries and runs have only the numbers of."""

    __slots__ = ("channels", "styles", "tags")

    def __init__(self) -> None:
        self.channels = Numbered()  # (phase, source)
        self.tags = Numbered()  # Tag
        self.styles = Numbered()  # Style

    def version(self, tag: int, recorded: int, value: int) -> tuple[Any, ...]:
        """By which the versions of one source compare."""
        revision, rank, qualities, interval, mean, _ = self.tags.items[tag]
        return revision, rank, recorded, value, qualities, interval, mean
