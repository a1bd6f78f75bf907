"""Values on their way into the columns: those in order are told from the others, packed and judged, all at once.

A value that is later than all of its phase has no version to be compared with, so its fate is known as it comes:
applied. Where it belongs is looked up once, for its point to be left alone until many values are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.cases.point_flow import FAR_OUT_BIT
from streams.cases.point_limits import (
    COMPLIANT,
    EXCLUDED,
    OUT,
    OVER,
    SEVERE_ABOVE,
    SEVERE_BELOW,
    SUSPECT,
    SUSPECT_FROM_TIMES,
    UNDER,
    USABLE,
)
from streams.facts.profile import MISSING_VALUE, WIDTH, packed, ranks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.cases.point_flow import Flags
    from streams.cases.point_intake import Voice
    from streams.facts.profile import Ints

FIELDS: Final = 6  # of a value on its way: strand, slot, voice, recorded_at, delivered_at, value
INSTANTS: Final = 1 << 38  # more seconds than there are: a strand and a slot make one number
Key = tuple[bytes | None, str, str, str | None, str]  # of the record; area, point, phase, source


class Limits(NamedTuple):
    """By value; a nominal voltage below 0 is none."""

    nominal: Ints
    low: Ints
    high: Ints
    plausible_from: Ints


class Arrivals:
    """By strand: the slot that a value must be later than, the one it must be before, the longest cover it may have."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        """`voices` by number; more may come."""
        self.strand_of: dict[Key, int] = {}
        self.waiting: list[Ints] = []
        self._last, self._end, self._longest = np.zeros((3, 64), np.int64)
        self._keys: list[Key | None] = []
        self._voices = voices
        self._channel = self._cover = self._before = self._room = self._tags = np.zeros(0, np.int64)
        self._usable = np.zeros(0, np.bool_)

    def open(self, strand: int, about: tuple[str, str, str | None, str], slots: tuple[int, int], longest: int) -> None:
        """Let values of a phase in: of this area, point, phase and source, between two slots."""
        if strand == len(self._keys):
            self._keys.append(None)
        if strand == len(self._last):
            self._last, self._end, self._longest = np.pad((self._last, self._end, self._longest), ((0, 0), (0, strand)))
        key = self._keys[strand] = (about[0].encode(), *about)
        (self._last[strand], self._end[strand]), self._longest[strand] = slots, longest
        self.strand_of[key] = strand

    def close(self, strand: int) -> None:
        """Let no more of them in."""
        key = self._keys[strand]
        assert key is not None
        del self.strand_of[key]

    def take(self, offered: Ints, apart: Flags) -> Flags:
        """Keep the values in order and tell which these are; `offered` in `FIELDS`, with instants instead of slots.

        In order is what is later than all of its strand, begins before its end, and covers no more than the others.
        Those that are set apart are taken by themselves afterwards: they only keep others of their slot from being so.
        """
        self._add_voices()
        strand, instant, voice, *_ = offered.T
        offered[:, 1] = slot = instant - self._before[voice]
        fits: Flags = ~apart & (slot > self._last[strand]) & (slot < self._end[strand])
        fits &= self._room[voice] <= self._longest[strand]
        order = np.argsort(strand, kind="stable")
        reached = strand[order] * INSTANTS + slot[order]
        fits[order[1:]] &= reached[1:] > np.maximum.accumulate(reached[:-1])
        taken = offered[fits]
        if len(taken):
            self._last[taken[:, 0]] = taken[:, 1]  # of one strand the last, which is the latest
            self.waiting.append(taken)
        return fits

    def forget_voices(self) -> None:
        """They are numbered anew; nothing waits."""
        self._channel = self._channel[:0]

    def _add_voices(self) -> None:
        voices = self._voices
        if len(voices) != len(self._channel):
            self._channel = np.array([voice.channel for voice in voices])
            self._cover = np.array([voice.cover for voice in voices])
            self._before = np.array([voice.before for voice in voices])
            self._room = np.array([voice.room for voice in voices])
            self._usable = np.array([USABLE.issuperset(voice.qualities) for voice in voices])
            self._tags = np.array([voice.tags for voice in voices])

    def unload(self) -> Arrived:
        """All that waits, in the order in which it came."""
        rows = np.concatenate(self.waiting)
        self.waiting = []
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

    def those(self, which: Flags) -> Arrived:
        """Some of them."""
        columns: Any = [each[which] for each in self]
        return Arrived(*columns)

    def blocks(self, owner: Ints) -> Iterator[tuple[int, int, bytes]]:
        """The entries by owner and UTC day, sorted."""
        order = np.lexsort((self.entries["key"], self.day, owner))
        owner, day = owner[order], self.day[order]
        packed = self.entries[order].tobytes()
        first = np.flatnonzero(np.append(len(order) > 0, (owner[1:] != owner[:-1]) | (day[1:] != day[:-1])))
        ends = np.append(first, len(order))[1:] * WIDTH
        columns = (owner[first], day[first], first * WIDTH, ends)
        for of, of_day, begin, end in zip(*map(np.ndarray.tolist, columns), strict=True):
            yield of, of_day, packed[begin:end]

    def judged(self, limits: Limits) -> Ints:
        """Strand, slot and cover, with the verdict and whether far out, of each that is known: three numbers each."""
        verdict = verdicts(self.value, self.usable, limits)
        known = self.value != MISSING_VALUE
        severe = (self.value * 100 > SEVERE_ABOVE * limits.nominal) | (self.value * 100 < SEVERE_BELOW * limits.nominal)
        cover = self.cover | verdict | np.where(severe & np.isin(verdict, OUT), FAR_OUT_BIT, 0)
        values: Ints = np.stack((self.strand, self.slot, cover), axis=1)[known]
        return values


def verdicts(value: Ints, usable: Flags, limits: Limits) -> Ints:
    """As `point_limits.judge_of` for each value, without those that the day as a whole judges."""
    nominal, low, high, plausible_from = limits
    suspect = (value < plausible_from) | (value >= SUSPECT_FROM_TIMES * nominal)
    conditions = [~usable | (nominal < 0), suspect, value > high, value < low]
    found: Ints = np.select(conditions, [EXCLUDED, SUSPECT, OVER, UNDER], COMPLIANT)
    return found
