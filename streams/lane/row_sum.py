"""How many rows a ledger has, and a hash over all of them that has no order: a row is taken off and put on by itself.

The position carries both: whoever reads the rows back knows whether they are the ones that it stands for. What is
kept of a row is 16 bytes in a table of open addressing: a dict would take ten times as much.
"""

from array import array
from collections.abc import Mapping
from hashlib import blake2b

MASK = 2**64 - 1
LEAST_SLOTS = 1024  # a power of two, as all sizes are
EMPTY = 0


def hash_of(key: bytes, value: bytes) -> int:
    """The hash of a row; never 0, which is the hash of none."""
    return int.from_bytes(blake2b(b"%d:%b%b" % (len(key), key, value), digest_size=8).digest()) or 1


class RowSum:
    """`count` rows with `total`, the sum of their hashes modulo 2^64."""

    def __init__(self, rows: Mapping[bytes, bytes] | None = None) -> None:
        rows = rows or {}
        self.count = self.total = self._used = 0
        self._make(len(rows))
        for key, value in rows.items():
            self.put(key, value)

    def _make(self, rows: int) -> None:
        size = LEAST_SLOTS
        while size < 2 * rows:
            size *= 2
        self._keys, self._hashes = array("Q", bytes(8 * size)), array("Q", bytes(8 * size))
        self._most = size * 2 // 3

    def put(self, key: bytes, value: bytes | None) -> None:
        """A row was written; None: it was removed."""
        name = hash(key) & MASK or 1  # Python's own, which no other process would make again: it is not stored
        slot = self._find(name)
        new, old = EMPTY if value is None else hash_of(key, value), self._hashes[slot]
        self.count += (new != EMPTY) - (old != EMPTY)
        self.total = (self.total + new - old) & MASK
        self._hashes[slot] = new
        if self._keys[slot] == EMPTY:
            self._keys[slot] = name
            self._used += 1
            if self._used > self._most:
                self._grow()

    def _find(self, name: int) -> int:
        """Where a key is, or would be."""
        keys, last = self._keys, len(self._keys) - 1
        slot = name & last
        while (found := keys[slot]) != name and found != EMPTY:
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        """More room; rows that were removed leave their places."""
        rows = [(name, value) for name, value in zip(self._keys, self._hashes, strict=True) if value != EMPTY]
        self._make(len(rows) + 1)
        self._used = len(rows)
        for name, value in rows:
            slot = self._find(name)
            self._keys[slot], self._hashes[slot] = name, value
