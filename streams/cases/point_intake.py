"""From voltage events to packed entries: admission by the record alone, slots, ranks, versions."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import numpy as np

from schemas.event import of_list
from schemas.network import Connection, Phase
from schemas.voltage import ValueKind, ValueStamp
from streams.cases.admission import Refused, ahead, behind
from streams.cases.point_flow import FAR, cover_of
from streams.cases.point_limits import UNLISTED
from streams.dimensions.periods import day_start
from streams.facts.profile import (
    CHANNEL_BITS,
    DAY,
    ENTRY,
    MISSING_VALUE,
    RANKS,
    Tag,
    is_ten_minute_mean,
    length_of,
    packed,
    rank_of,
    ranks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.facts.book import Book
    from streams.facts.profile import Ints
    from streams.reference.rules import Rules

# What is on no list: the place of a phase, and how a value is read all the same. Its quality makes it suspect.
AS_READING, AS_FRAME = ("instantaneous", "end"), ("mean", "start")
SHARED: Final = attrgetter("phase", "source", "revision", "interval_seconds", "value_kind", "qualities", "stamp")
NO_PHASE: Final = "-"
PHASES, KINDS, STAMPS, CONNECTIONS = (frozenset(get_args(each)) for each in (Phase, ValueKind, ValueStamp, Connection))
READING, FRAME, STATISTICS = "reading", "frame", "daily_statistics"


def admit(event: Any, timestamp: int, rules: Rules) -> Refused | None:
    """Why an event is refused by its record's timestamp (epoch seconds), or None."""
    if event.event_type == READING:
        first = last = event.occurred_at
    elif event.event_type == FRAME:
        first = event.start
        last = first + (len(event.values_centivolts) - 1) * event.interval_seconds
    else:
        first, last = day_start(event.day, rules.zone), 0
    recorded_at = event.recorded_at
    if max(recorded_at, last) > timestamp + rules.future_tolerance_seconds:
        return ahead(max(recorded_at, last), timestamp, rules)
    if min(recorded_at, first) < timestamp - rules.correction_horizon_seconds:
        horizon = rules.correction_horizon_seconds
        return behind(min(recorded_at, first), timestamp, horizon, "GRIDPULSE_CORRECTION_HORIZON_DAYS")
    return None


class Descriptor(NamedTuple):
    """How values are read: their phase, what they are, the stamp of a mean; and whether all of it is on its list."""

    phase: str
    kind: str
    stamp: str
    listed: bool

    def qualities(self, said: tuple[int, ...] | None) -> tuple[int, ...] | None:
        """Those of the value, and that it is suspect where one of its fields is on no list."""
        return said if self.listed else (*(said or ()), UNLISTED)


@lru_cache(maxsize=4096)
def descriptor(phase: str | None, kind: str, stamp: str, default: tuple[str, str]) -> Descriptor:
    """A kind or stamp that is on no list is read as by `default`; the stamp of an instantaneous value is ignored."""
    place = of_list(phase, PHASES)
    read_kind = kind if kind in KINDS else default[0]
    read_stamp = stamp if stamp in STAMPS else default[1]
    listed = place == phase and read_kind == kind and (read_stamp == stamp or read_kind != "mean")
    return Descriptor(place or NO_PHASE, read_kind, read_stamp, listed)


class Voice(NamedTuple):
    """What readings share: channel, `tags` by rank, the cover of a value, how long before its time stamp it begins.

    `room` is what a value needs in the columns: its length, or, of a 10-minute mean, more than there is.
    """

    number: int
    channel: int
    tags: tuple[int, ...]
    length: int
    cover: int
    before: int
    qualities: tuple[int, ...]
    mean: bool
    room: int

    def entry(self, slot: int, recorded_at: int, delivered_at: int, value: int) -> bytes:
        """A value, packed."""
        offset = slot % DAY
        tag = self.tags[rank_of(slot, recorded_at, delivered_at)]
        return ENTRY.pack(offset << CHANNEL_BITS | self.channel, tag, recorded_at - slot + offset, value)


class Intake:
    """Packs values; what repeats from value to value is looked up by what it is made of."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._tags: dict[tuple[Any, ...], int] = {}
        self._channels: dict[tuple[str, str], int] = {}
        self._voices: dict[tuple[Any, ...], Voice] = {}
        self.voices: list[Voice] = []  # by number

    def channel(self, phase: str, source: str) -> int:
        """The number of a phase and a source."""
        found = self._channels.get((phase, source))
        if found is None:
            found = self._channels[phase, source] = self._book.channels.number((phase, source))
        return found

    def tag(self, revision: int, rank: int, qualities: tuple[int, ...] | None, interval: int, kind: str) -> int:
        """The number of what a value shares with others."""
        key = (revision, rank, qualities, interval, kind)
        found = self._tags.get(key)
        if found is None:
            mean = kind == "mean"
            tag = Tag(revision, rank, tuple(sorted(qualities or ())), interval, mean, length_of(interval, mean=mean))
            found = self._tags[key] = self._book.tags.number(tag)
        return found

    def voice(self, key: tuple[Any, ...], default_interval: int) -> Voice:
        """What a reading has in common with others, by what `SHARED` takes of it."""
        found = self._voices.get(key)
        if found is None:
            phase, source, revision, said, kind, qualities, stamp = key
            how = descriptor(phase, kind, stamp, AS_READING)
            qualities = how.qualities(qualities)
            interval = said or default_interval
            mean = how.kind == "mean"
            length = length_of(interval, mean=mean)
            found = self._voices[key] = Voice(
                len(self.voices),
                self.channel(how.phase, source),
                tuple(self.tag(revision, rank, qualities, interval, how.kind) for rank in RANKS),
                length,
                cover_of(length, mean=mean),
                interval if mean and how.stamp == "end" else 0,
                tuple(qualities or ()),
                mean,
                FAR if is_ten_minute_mean(length, mean=mean) else length,
            )
            self.voices.append(found)
        return found

    def forget(self) -> None:
        """What a number of the book was found by: it may be another's from now on. Nothing waits with a voice."""
        self._tags.clear()
        self._voices.clear()
        self.voices.clear()

    def frame(self, event: Any, delivered_at: int) -> Iterator[tuple[int, bytes]]:
        """UTC day, and packed entries of its slots in order, for every day that a frame touches."""
        interval, values = event.interval_seconds, event.values_centivolts
        how = descriptor(event.phase, event.value_kind, event.stamp, AS_FRAME)
        start = event.start - (interval if how.kind == "mean" and how.stamp == "end" else 0)
        slots = np.arange(start, start + len(values) * interval, interval)
        days, entries = packed(
            slots,
            self.channel(how.phase, event.source),
            self._frame_tags(event, how, slots, delivered_at),
            event.recorded_at,
            np.array([MISSING_VALUE if value is None else value for value in values]),
        )
        first, last = int(days[0]), int(days[-1])
        cuts = [0, *np.searchsorted(days, range(first + 1, last + 1)).tolist(), len(values)]
        for day, begin, end in zip(range(first, last + 1), cuts, cuts[1:], strict=False):
            if begin < end:
                yield day, entries[begin:end].tobytes()

    def _frame_tags(self, event: Any, how: Descriptor, slots: Ints, delivered_at: int) -> Ints:
        """By slot."""
        about = event.interval_seconds, how.kind
        rank = ranks(slots, event.recorded_at, delivered_at)
        if event.qualities is None:
            return np.array([self.tag(event.revision, one, how.qualities(None), *about) for one in RANKS])[rank]
        said = [how.qualities(None if quality is None else (quality,)) for quality in event.qualities]
        known = {one: [self.tag(event.revision, rank, one, *about) for rank in RANKS] for one in set(said)}
        tags: Ints = np.array([known[one] for one in said])[np.arange(len(said)), rank]
        return tags
