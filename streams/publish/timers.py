"""When to check a key again without a changed sum; a timer that is set twice fires once."""

from __future__ import annotations

from heapq import heappop, heappush


class Timers:
    """Keys by the second from which they are due."""

    def __init__(self) -> None:
        self._keys: dict[int, set[str]] = {}
        self._instants: list[int] = []

    def put(self, when: int, key: str) -> None:
        """Make a key due at `when`, beside whatever else it waits for."""
        keys = self._keys.get(when)
        if keys is None:
            keys = self._keys[when] = set()
            heappush(self._instants, when)
        keys.add(key)

    def due(self, now: int) -> set[str]:
        """The keys due by now, taken off."""
        due: set[str] = set()
        while self._instants and self._instants[0] <= now:
            due |= self._keys.pop(heappop(self._instants))
        return due
