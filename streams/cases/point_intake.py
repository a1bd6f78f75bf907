"""From voltage events to packed entries: admission by the record alone, slots, ranks, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.cases.admission import FROM_THE_FUTURE, SEALED_PERIOD
from streams.cells.periods import day_start
from streams.facts.profile import ABSENT, CHANNEL_BITS, DAY, ENTRY, Tag, length_of, rank_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.cases.reference import Rules
    from streams.facts.profile import Book

NO_PHASE: Final = "-"
READING, FRAME, STATISTICS = "reading", "frame", "daily_statistics"


def admit(event: Any, timestamp: int, rules: Rules) -> str | None:
    """Why an event is refused by its record's timestamp (epoch seconds), or None."""
    name = event.event_type
    if name == READING:
        first = last = event.occurred_at
    elif name == FRAME:
        first = event.start
        last = first + (len(event.values_centivolts) - 1) * event.interval_seconds
    else:
        first, last = day_start(event.day, rules.zone), 0
    recorded_at = event.recorded_at
    if max(recorded_at, last) > timestamp + rules.future_tolerance_seconds:
        return FROM_THE_FUTURE
    if min(recorded_at, first) < timestamp - rules.correction_horizon_seconds:
        return SEALED_PERIOD
    return None


class Intake:
    """Packs values; what repeats from value to value is looked up by what it is made of."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._tags: dict[tuple[Any, ...], int] = {}
        self._channels: dict[tuple[str | None, str], int] = {}

    def channel(self, phase: str | None, source: str) -> int:
        """The number of a phase and a source."""
        found = self._channels.get((phase, source))
        if found is None:
            found = self._channels[phase, source] = self._book.channels.number((phase or NO_PHASE, source))
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

    def reading(self, event: Any, delivered_at: int, default_interval: int) -> tuple[int, int, bytes]:
        """The slot of a reading, for how long it covers the time from there on, and its entry."""
        interval = event.interval_seconds or default_interval
        kind, slot, recorded_at = event.value_kind, event.occurred_at, event.recorded_at
        mean = kind == "mean"
        if mean and event.stamp == "end":
            slot -= interval
        rank = rank_of(slot, recorded_at, delivered_at)
        value = event.value_centivolts
        offset = slot % DAY
        entry = ENTRY.pack(
            offset << CHANNEL_BITS | self.channel(event.phase, event.source),
            self.tag(event.revision, rank, event.qualities, interval, kind),
            recorded_at - slot + offset,
            ABSENT if value is None else value,
        )
        return slot, length_of(interval, mean=mean), entry

    def frame(self, event: Any, delivered_at: int) -> Iterator[tuple[int, bytes]]:
        """Slot and entry of every value of a frame."""
        interval, recorded_at, revision = event.interval_seconds, event.recorded_at, event.revision
        kind = event.value_kind
        slot = event.start - (interval if kind == "mean" and event.stamp == "end" else 0)
        channel = self.channel(event.phase, event.source)
        values = event.values_centivolts
        qualities = event.qualities or (None,) * len(values)
        for value, quality in zip(values, qualities, strict=True):
            rank = rank_of(slot, recorded_at, delivered_at)
            offset = slot % DAY
            yield (
                slot,
                ENTRY.pack(
                    offset << CHANNEL_BITS | channel,
                    self.tag(revision, rank, None if quality is None else (quality,), interval, kind),
                    recorded_at - slot + offset,
                    ABSENT if value is None else value,
                ),
            )
            slot += interval
