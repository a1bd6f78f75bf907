"""The absolute sums of one source partition, cell by cell, and which of them are not published yet.

A case's contribution is replaced as a whole, so the sums depend neither on the order of the replacements nor on how
often one is repeated.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, TypeVar

import orjson

from streams.cells.consolidate import Amount, Measures, add_to_cell, differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION = 1
RECORD_BYTES_MAX = 6 * 2**20  # of any record that is written; the topics take 8 MiB with all that is around it


class Partials:
    """Sums by cell and measure, plus the difference of each dirty cell to what was last taken or loaded."""

    def __init__(self) -> None:
        self.sums: dict[str, Measures] = {}
        self._unpublished: dict[str, Measures] = {}
        self.defects: dict[str, str] = {}  # cells whose sums no record can hold, with the traceback

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Partials) and self.sums == other.sums

    __hash__ = None  # type: ignore[assignment]  # sums change

    def replace(self, old: Mapping[tuple[str, str], Amount], new: Mapping[tuple[str, str], Amount]) -> None:
        """Put a case's new contribution in the place of its old one."""
        for key, fixed, rate in differences(old, new):
            self.add(key, fixed, rate)

    def add(self, key: tuple[str, str], fixed: int, rate: int) -> None:
        """Move one sum by the difference that contributions, replaced as a whole, make to it."""
        cell, measure = key
        add_to_cell(self.sums, cell, measure, fixed, rate)
        add_to_cell(self._unpublished, cell, measure, fixed, rate)

    @property
    def dirty(self) -> bool:
        """Whether any cell differs from what was last taken or loaded."""
        return bool(self._unpublished)

    def take_dirty(self, as_of: int) -> list[tuple[str, bytes | None]]:
        """The records of all dirty cells at a read time, sorted; None (a tombstone) for a cell without measures.

        A cell that cannot be written keeps its last record, and is among the defects.
        """
        dirty, taken = sorted(self._unpublished), []
        self._unpublished.clear()
        for cell in dirty:
            try:
                taken.append((cell, bounded(self.record(cell, as_of))))
                self.defects.pop(cell, None)
            except (TypeError, ValueError):  # the first is orjson's word for an integer beyond 64 bits
                self.defects[cell] = traceback.format_exc()
        return taken

    def record(self, cell: str, as_of: int) -> bytes | None:
        """The record of a cell at a read time: a bare integer where nothing grows."""
        measures = self.sums.get(cell)
        if not measures:
            return None
        amounts = {name: [fixed, rate] if rate else fixed for name, (fixed, rate) in measures.items()}
        return orjson.dumps({"v": VERSION, "as_of": as_of, "measures": amounts}, option=orjson.OPT_SORT_KEYS)

    def load(self, cell: str, value: bytes | None) -> None:
        """Take over what a reader of the topic holds for a cell; for recovery, before `rebuild`."""
        measures = parse(value)[1]
        if measures:
            self.sums[cell] = measures
        else:
            self.sums.pop(cell, None)

    def rebuild(self, contributions: Iterable[Mapping[tuple[str, str], Amount]]) -> None:
        """Fold all cases anew; dirty is then exactly what differs from the loaded records, vanished cells included."""
        published, self.sums = self.sums, fold(contributions)
        self._unpublished = {}
        for cell, measures in self.sums.items():
            for measure, (fixed, rate) in measures.items():
                add_to_cell(self._unpublished, cell, measure, fixed, rate)
        for cell, measures in published.items():
            for measure, (fixed, rate) in measures.items():
                add_to_cell(self._unpublished, cell, measure, -fixed, -rate)

    def drift(self, folded: Mapping[str, Measures], cells: Iterable[str] | None = None) -> int:
        """How many (cell, measure), of all or some cells, differ from an independent fold; 0 unless there is a bug."""
        differing = 0
        for cell in self.sums.keys() | folded.keys() if cells is None else cells:
            ours, theirs = self.sums.get(cell, {}), folded.get(cell, {})
            differing += sum(ours.get(name) != theirs.get(name) for name in ours.keys() | theirs.keys())
        return differing


Written = TypeVar("Written", bytes, "bytes | None")


def bounded(value: Written) -> Written:
    """The value of a record, or ValueError where no broker would take it: a commit must never be tried in vain."""
    if value is not None and len(value) > RECORD_BYTES_MAX:
        raise ValueError(f"a record of {len(value)} bytes would be written, at most {RECORD_BYTES_MAX} can be")
    return value


def fold(contributions: Iterable[Mapping[tuple[str, str], Amount]]) -> dict[str, Measures]:
    """The sums of contributions, zero amounts left out."""
    sums: dict[str, Measures] = {}
    for contribution in contributions:
        for (cell, measure), (fixed, rate) in contribution.items():
            add_to_cell(sums, cell, measure, fixed, rate)
    return sums


def parse(value: bytes | None) -> tuple[int | None, Measures]:
    """Read time and measures of a partial record; a tombstone has neither."""
    if value is None:
        return None, {}
    record = orjson.loads(value)
    if record["v"] != VERSION:
        raise ValueError(f"partial record of version {record['v']}, this program reads version {VERSION}")
    amounts = record["measures"].items()
    return record["as_of"], {
        name: (amount, 0) if isinstance(amount, int) else tuple(amount) for name, amount in amounts
    }
