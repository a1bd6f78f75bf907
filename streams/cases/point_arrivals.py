"""Values on their way into the columns: taken one by one with few steps, packed and judged all at once.

A value that is later than all of its phase has no version to be compared with, so its fate is known as it comes:
applied. Where it belongs is looked up once, for its point to be left alone until many values are there.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.cases.point_limits import (
    COMPLIANT,
    EXCLUDED,
    OVER,
    SUSPECT,
    SUSPECT_BELOW,
    SUSPECT_FROM_TIMES,
    UNDER,
    USABLE,
)
from streams.facts.profile import ABSENT, WIDTH, packed, ranks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.cases.point import Point
    from streams.cases.point_flow import Flags
    from streams.cases.point_intake import Voice
    from streams.facts.profile import Ints

FIELDS: Final = 6  # of a value on its way: strand, slot, voice, recorded_at, delivered_at, value
Key = tuple[str, str, str | None, str]  # area, point, phase, source


class Limits(NamedTuple):
    """By value; a nominal voltage below 0 is none."""

    nominal: Ints
    low: Ints
    high: Ints


class Arrivals:
    """By strand: the slot that a value must be later than, and the longest cover it may have."""

    def __init__(self) -> None:
        self.strand_of: dict[Key, int] = {}
        self.last: list[int] = []
        self.longest: list[int] = []
        self.waiting = array("q")
        self._keys: list[Key | None] = []
        self._voices: Sequence[Voice] = ()
        self._channel = self._cover = self._tags = np.zeros(0, np.int64)
        self._usable = np.zeros(0, np.bool_)

    def open(self, strand: int, key: Key, last: int, longest: int) -> None:
        """Let values of a phase in."""
        if strand == len(self._keys):
            self._keys.append(None)
            self.last.append(0)
            self.longest.append(0)
        self._keys[strand], self.last[strand], self.longest[strand] = key, last, longest
        self.strand_of[key] = strand

    def close(self, strand: int) -> None:
        """Let no more of them in."""
        key = self._keys[strand]
        assert key is not None
        del self.strand_of[key]

    def unload(self, voices: Sequence[Voice]) -> Arrived:
        """All that waits, in the order in which it came."""
        rows = np.frombuffer(self.waiting, np.int64).reshape(-1, FIELDS)
        self.waiting = array("q")
        if len(voices) != len(self._channel):
            self._channel = np.array([voice.channel for voice in voices])
            self._cover = np.array([voice.cover for voice in voices])
            self._usable = np.array([USABLE.issuperset(voice.qualities) for voice in voices])
            self._tags = np.array([voice.tags for voice in voices])
        strand, slot, voice, recorded_at, delivered_at, value = rows.T
        tag = self._tags[voice, ranks(slot, recorded_at, delivered_at)]
        day, entries = packed(slot, self._channel[voice], tag, recorded_at, value)
        return Arrived(strand, slot, self._cover[voice], self._usable[voice], value, day, entries)


class Arrived(NamedTuple):
    """Values by strand and slot, packed into entries of their UTC days."""

    strand: Ints
    slot: Ints
    cover: Ints
    usable: Flags
    value: Ints
    day: Ints
    entries: Any

    def blocks(self, point: Ints, points: dict[int, Point]) -> Iterator[tuple[Point, int, bytes]]:
        """The entries by point and UTC day, sorted."""
        order = np.lexsort((self.entries["key"], self.day, point))
        point, day = point[order], self.day[order]
        packed = self.entries[order].tobytes()
        first = np.flatnonzero(np.append(True, (point[1:] != point[:-1]) | (day[1:] != day[:-1])))
        ends = np.append(first[1:], len(order)) * WIDTH
        columns = (point[first], day[first], first * WIDTH, ends)
        for index, of_day, begin, end in zip(*map(np.ndarray.tolist, columns), strict=True):
            yield points[index], of_day, packed[begin:end]

    def judged(self, limits: Limits) -> Ints:
        """Strand, slot and cover, with the verdict, of each that is known: three numbers each."""
        verdict = verdicts(self.value, self.usable, limits)
        known = self.value != ABSENT
        values: Ints = np.stack((self.strand, self.slot, self.cover | verdict), axis=1)[known]
        return values


def verdicts(value: Ints, usable: Flags, limits: Limits) -> Ints:
    """As `point_limits.judge_of` for each value, without those that the day as a whole judges."""
    nominal, low, high = limits
    suspect = (value * SUSPECT_BELOW < nominal) | (value >= SUSPECT_FROM_TIMES * nominal)
    conditions = [~usable | (nominal < 0), suspect, value > high, value < low]
    found: Ints = np.select(conditions, [EXCLUDED, SUSPECT, OVER, UNDER], COMPLIANT)
    return found
