"""Profile: one UTC day of values of a point; of several versions of a slot the one that holds, whatever the order.

An open day is bytes: 20 per (slot, channel), sorted, so what is kept in memory is what the ledger stores. A channel
is a phase and a source; every source's winner is kept, since revisions of different sources are not comparable.
What repeats in many values (channels, and the parts of a version that do) is in a `Book`, and an entry has its number.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.facts.change import Change

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from streams.facts.book import Book

    Ints = NDArray[np.int64]

DAY: Final = 86_400
SEAL_AFTER: Final = 2 * DAY
MISSING_VALUE: Final = -1  # null: said, and not known
ENTRY: Final = Struct(">QIii")  # slot and channel, tag, recorded_at less the day's start, value: big-endian, so sorted
SHARED: Final = Struct(">4xIi8x")  # of an entry its channel and tag
OF_CHANNEL: Final = Struct(">I4xi4xi")  # of an entry its slot, tag and value
ENTRIES: Final = np.dtype([("key", ">u8"), ("tag", ">i4"), ("recorded", ">i4"), ("value", ">i4")])
WIDTH: Final = ENTRY.size
KEY: Final = Struct(">Q")
CHANNEL_BITS: Final = 32
CHANNELS: Final = (1 << CHANNEL_BITS) - 1
CHANNEL_BYTES: Final = range(4, 8)  # of an entry
RANKS: Final = range(3)
HOLD_NUMERATOR, HOLD_DENOMINATOR = 3, 2  # an instantaneous value is held for 1.5 intervals


class Tag(NamedTuple):
    """What a value shares with many others: parts of its version, and how it is to be read."""

    revision: int
    rank: int
    qualities: tuple[int, ...]
    interval: int
    mean: bool
    length: int  # seconds that it covers from its slot on


class Style(NamedTuple):
    """What the slots of a sealed run share; `step` seconds lie between them."""

    channel: int
    revision: int
    interval: int
    mean: bool
    verdict: int
    step: int


# What holds of a phase at a slot: slot, length, mean, verdict, value; no value where only the verdict was kept.
Row = tuple[int, int, bool, int, int | None]
Rows = dict[str, list[Row]]
Judge = Callable[[int, tuple[int, ...]], int]  # the verdict on a value with its qualities; 0 is kept for ABSENT
TEN_MINUTES: Final = 600


def length_of(interval: int, *, mean: bool) -> int:
    """Seconds that a value covers from its slot on."""
    return interval if mean else HOLD_NUMERATOR * interval // HOLD_DENOMINATOR


def is_ten_minute_mean(length: int, *, mean: bool) -> bool:
    """Whether a value that covers so many seconds is what EN 50160 is about."""
    return mean and length == TEN_MINUTES


def rank_of(slot: int, recorded_at: int, delivered_at: int) -> int:
    """2: written down after the slot was sealed; 1: delivered before; 0: written down before, delivered after."""
    sealed_at = slot + SEAL_AFTER
    if recorded_at >= sealed_at:
        return 2
    return 1 if delivered_at < sealed_at else 0


def packed(slot: Ints, channel: Ints | int, tag: Ints, recorded_at: Ints | int, value: Ints) -> tuple[Ints, Any]:
    """The UTC day of each value, and its entry; an array of entries is in memory what ENTRY packs."""
    day = slot // DAY
    entries = np.empty(len(slot), ENTRIES)
    entries["key"] = (slot - day * DAY) << CHANNEL_BITS | channel
    entries["tag"], entries["recorded"], entries["value"] = tag, recorded_at - day * DAY, value
    return day, entries


def ranks(slot: Ints, recorded_at: Ints | int, delivered_at: Ints | int) -> Ints:
    """As `rank_of`, of each."""
    sealed_at = slot + SEAL_AFTER
    return np.where(recorded_at >= sealed_at, 2, np.where(delivered_at < sealed_at, 1, 0))


def slot_of(day: int, entry: bytes | bytearray) -> int:
    """The slot of a packed entry of a UTC day, in epoch seconds."""
    return day * DAY + (int.from_bytes(entry[:8]) >> CHANNEL_BITS)


def tags_of(entries: bytes | bytearray) -> set[int]:
    """The numbers of the tags that packed entries have."""
    return set(np.unique(np.frombuffer(entries, ENTRIES)["tag"]).tolist())


def place(day: bytes | bytearray, key: bytes) -> int:
    """The byte at which an entry with the key is, or belongs."""
    low, high = 0, len(day) // WIDTH
    while low < high:
        middle = (low + high) // 2
        at = middle * WIDTH
        if day[at : at + 8] < key:
            low = middle + 1
        else:
            high = middle
    return low * WIDTH


def put(day: bytearray, entry: bytes, book: Book) -> Change:
    """Merge one packed entry into an open day."""
    key = entry[:8]
    if not day or day[-WIDTH : 8 - WIDTH] < key:
        day += entry
        return Change.APPLIED
    at = place(day, key)
    if day[at : at + 8] != key:
        day[at:at] = entry
        return Change.APPLIED
    if day[at : at + WIDTH] == entry:
        return Change.SAME
    _, *new = ENTRY.unpack(entry)
    _, *old = ENTRY.unpack_from(day, at)
    if book.version(*new) < book.version(*old):
        return Change.STALE
    day[at : at + WIDTH] = entry
    return Change.APPLIED


def read(day: bytes | bytearray, base: int, slots: range, book: Book, judge: Judge) -> Rows:
    """What holds at the slots, by phase and sorted; `base` is the day's first second."""
    rows: Rows = {}
    since, until = slots.start, slots.stop
    first = place(day, KEY.pack(max(0, since - base) << CHANNEL_BITS)) if since > base else 0
    last = place(day, KEY.pack(max(0, until - base) << CHANNEL_BITS)) if until < base + DAY else len(day)
    if first >= last:
        return rows
    channels, tags = book.channels.items, book.tags.items
    packed = day[first:last]
    if all(packed[byte::WIDTH].count(packed[byte]) * WIDTH == len(packed) for byte in CHANNEL_BYTES):
        return {channels[int.from_bytes(packed[4:8])][0]: _alone(packed, base, tags, judge)}
    told: dict[str, tuple[int, int, str]] = {}
    for key, number, recorded, value in ENTRY.iter_unpack(packed):
        phase, source = channels[key & CHANNELS]
        tag = tags[number]
        slot = base + (key >> CHANNEL_BITS)
        held = rows.get(phase)
        if held is None:
            held = rows[phase] = []
        said = (tag[1], recorded, source)
        if held and held[-1][0] == slot:
            if said < told[phase]:
                continue
            held.pop()
        told[phase] = said
        verdict = 0 if value < 0 else judge(value, tag[2])
        held.append((slot, tag[5], tag[4], verdict, value))
    return rows


def _alone(packed: bytes | bytearray, base: int, tags: list[Tag], judge: Judge) -> list[Row]:
    """Entries of one channel: nobody else speaks of a slot. Most days are so, and are read most often."""
    rows, last = [], -1
    for offset, number, value in OF_CHANNEL.iter_unpack(packed):
        if number != last:  # most have the one before them
            last, (_, _, qualities, _, mean, length) = number, tags[number]
        rows.append((base + offset, length, mean, 0 if value < 0 else judge(value, qualities), value))
    return rows
