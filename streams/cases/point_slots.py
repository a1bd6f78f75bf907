"""What columns keep of a point, and of each of its phases: rows of arrays that are taken and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE: Final = -1
POINT: Final = np.dtype(
    [
        ("counted", "i8", 5),
        ("told", "i8", 5),
        ("month", "i8", 2),
        ("last30d", "i8", 2),
        ("month_enough", "?"),  # of its days that are over so much is covered that it has a rate
        ("last30d_enough", "?"),
        ("out", "i8"),
        ("out_long", "i8"),
        ("silent", "?"),
        ("unjudged", "i8"),
        ("watched", "?"),  # has a summary: it is told anew whenever it is settled
        ("next_change", "i8"),
        ("made_at", "i8"),
        ("group", "i8"),
        ("nominal", "i8"),
        ("low", "i8"),
        ("high", "i8"),
        ("plausible_from", "i8"),
        ("brief", "i8"),  # seconds: an excursion of at most so many is kept
        ("read", "i8"),  # up to this slot somebody has looked for runs
        ("kept", "i8"),  # excursions counted as kept of which `made` does not know yet
    ]
)
STRAND: Final = np.dtype([("point", "i8"), ("slot", "i8"), ("cover", "i8"), ("run", "i8")])


class Slots:
    """Rows of an array that are taken and given back; those that nobody has are blank in one field."""

    def __init__(self, dtype: Any, field: str, blank: int) -> None:
        self.rows: NDArray[Any] = np.zeros(64, dtype)
        self.rows[field] = blank
        self._blank = self.rows.copy()
        self.free: list[int] = []
        self._used = 0

    def take(self) -> int:
        if self.free:
            return self.free.pop()
        if self._used == len(self.rows):
            self.rows = np.concatenate((self.rows, np.resize(self._blank, len(self.rows))))
        self._used += 1
        return self._used - 1
