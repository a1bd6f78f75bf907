"""The book: a dictionary of items that repeat in many values of points; values store their numbers.

The version is a part of a value, and a source may send another version with every statement. So the number of an item
without a value is reused, and the dictionary stays within about twice the size that the values need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

FEWEST: Final = 4_096  # the least number of unused items before a cleanup
DAYS_EACH: Final = 16  # or one unused item for so many days: a cleanup reads all days


class Numbered:
    """Items numbered in the order of their first use; `free` are the numbers without a value."""

    __slots__ = ("_check_from", "_unsaved", "free", "items", "numbers")

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.numbers: dict[Any, int] = {}
        self.free: dict[int, None] = {}
        self._unsaved: list[int] = []
        self._check_from = FEWEST

    def number(self, item: Any) -> int:  # a tuple
        """The number of an item, from now on in use."""
        found = self.numbers.get(item)
        if found is not None:
            self.free.pop(found, None)
            return found
        if self.free:
            found, _ = self.free.popitem()
            del self.numbers[self.items[found]]  # its row in the ledger is replaced
            self.items[found] = item
        else:
            found = len(self.items)
            self.items.append(item)
        self.numbers[item] = found
        self._unsaved.append(found)
        return found

    def load(self, item: Any) -> None:
        """Add a stored item; items are loaded in the order of their numbers, without gaps."""
        self.numbers[item] = len(self.items)
        self.items.append(item)

    def fresh(self) -> Iterator[tuple[int, Any]]:
        """The items added since the last call, with their numbers."""
        unsaved, self._unsaved = self._unsaved, []
        return ((number, self.items[number]) for number in unsaved)

    @property
    def is_crowded(self) -> bool:
        """Whether enough items were added since the last cleanup for another one."""
        return len(self.items) - len(self.free) > self._check_from

    def keep(self, used: Container[int], days: int) -> None:
        """Free all numbers that are not in use; `days`: the number of stored days."""
        self.free = dict.fromkeys(number for number in range(len(self.items)) if number not in used)
        in_use = len(self.items) - len(self.free)
        self._check_from = in_use + max(in_use, FEWEST, days // DAYS_EACH)


class Book:
    """The dictionaries of channels, tags and styles; entries and runs store their numbers."""

    __slots__ = ("channels", "styles", "tags")

    def __init__(self) -> None:
        self.channels = Numbered()  # (phase, source)
        self.tags = Numbered()  # Tag
        self.styles = Numbered()  # Style

    def version(self, tag: int, recorded: int, value: int) -> tuple[Any, ...]:
        """The sort key of the versions of one source."""
        revision, rank, qualities, interval, mean, _ = self.tags.items[tag]
        return revision, rank, recorded, value, qualities, interval, mean
