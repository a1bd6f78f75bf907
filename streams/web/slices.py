"""Work of long responses in slices, one at a time, so that other requests are served between two slices."""

import asyncio
from collections.abc import Callable, Iterable
from heapq import nsmallest
from itertools import islice
from typing import Any, TypeVar

ITEMS = 1_000  # some milliseconds of work
T = TypeVar("T")


class Slices:
    """Requests take turns: a short response waits for at most one slice of many long responses."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def each(self, items: Iterable[T], work: Callable[[list[T]], None]) -> None:
        """`work` over all items, some at a time; the items are a snapshot, since the board goes on meanwhile."""
        rest = iter(items)
        while some := list(islice(rest, ITEMS)):
            async with self._turn:
                work(some)
            await asyncio.sleep(0)


class First:
    """The first of all that is added, in the order of their keys, and how many were added."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.count = 0
        self.keys: list[Any] = []

    def add(self, keys: list[Any]) -> None:
        """`count` counts all entries; at most `most` are stored."""
        self.count += len(keys)
        self.keys = nsmallest(self._most, self.keys + keys)
