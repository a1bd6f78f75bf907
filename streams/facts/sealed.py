"""A sealed day of a profile: runs of slots instead of values, for what can no longer be contradicted in time.

A slot is sealed two days after it: what is written down later outranks what was delivered until then (rank 2), and what
was written down before but comes later gives way to it (rank 0). So once all that was delivered in time has been
applied, of a winner of rank 1 only its revision and its verdict matter; equal (revision, rank 1) is a repetition. What
was late, and slots that several sources spoke of, stay whole.

A sealed day is bytes: the number of runs, 8 bytes for each, then entries as in an open day. What is in a run is in no
entry of its channel. Small revisions are part of a run's style. Where one is greater all runs of the day have their
revision behind them, 8 bytes more: a source may give each value another, and styles are kept as long as a day has them.
"""

from __future__ import annotations

from itertools import groupby
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from streams.facts.change import Change
from streams.facts.profile import CHANNEL_BITS, CHANNELS, ENTRY, Style, length_of, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.facts.book import Book
    from streams.facts.profile import Judge, Row, Rows

HEAD: Final = Struct(">I")
RUN: Final = Struct(">Q")  # style, offset of the first slot in the day, number of slots
WIDE: Final = Struct(">QQ")  # and the revision
WIDE_BIT: Final = 1 << 31  # of the number of runs
STYLED_REVISIONS: Final = 16  # those below are part of the style
OFFSET_BITS: Final = 17
OFFSETS: Final = (1 << OFFSET_BITS) - 1
ON_TIME: Final = 1

Sealed = dict[int, tuple[int, int, bool, int]]  # slot and channel -> revision, interval, mean, verdict


def seal(day: bytes | bytearray, book: Book, judge: Judge) -> bytes:
    """An open day, closed."""
    kept: Sealed = {}
    whole = bytearray()
    for _, of_slot in groupby(ENTRY.iter_unpack(bytes(day)), lambda entry: entry[0] >> CHANNEL_BITS):
        slot = list(of_slot)
        phases = [book.channels.items[entry[0] & CHANNELS][0] for entry in slot]
        for entry, phase in zip(slot, phases, strict=True):
            key, number, _, value = entry
            revision, rank, qualities, interval, mean, _ = book.tags.items[number]
            if rank == ON_TIME and phases.count(phase) == 1:
                kept[key] = revision, interval, mean, 0 if value < 0 else judge(value, qualities)
            else:
                whole += ENTRY.pack(*entry)
    return pack(kept, whole, book)


def merge(day: bytes, entry: bytes, book: Book) -> tuple[Change, bytes]:
    """Merge one packed entry into a sealed day."""
    kept, whole = unpack(day, book)
    key, number, _, _ = ENTRY.unpack(entry)
    held = kept.get(key)
    if held is not None:
        tag = book.tags.items[number]
        if (tag.revision, tag.rank) <= (held[0], ON_TIME):
            return Change.SAME if (tag.revision, tag.rank) == (held[0], ON_TIME) else Change.STALE, day
        del kept[key]
    change = put(whole, entry, book)
    return change, pack(kept, whole, book) if change is Change.APPLIED else day


def pack(kept: Sealed, whole: bytes | bytearray, book: Book) -> bytes:
    """Runs of what is equal at equal distances, then the entries."""
    by_channel: dict[int, list[tuple[int, Any]]] = {}
    for key in sorted(kept):
        by_channel.setdefault(key & CHANNELS, []).append((key >> CHANNEL_BITS, kept[key]))
    found = [run for channel, slots in sorted(by_channel.items()) for run in _runs(channel, slots)]
    wide = any(style.revision >= STYLED_REVISIONS for style, _, _ in found)
    day = bytearray(HEAD.pack(len(found) | WIDE_BIT * wide))
    for style, first, count in found:
        number = book.styles.number(style._replace(revision=0) if wide else style)
        run = number << 2 * OFFSET_BITS | first << OFFSET_BITS | count
        day += WIDE.pack(run, style.revision) if wide else RUN.pack(run)
    return bytes(day + whole)


def _runs(channel: int, slots: list[tuple[int, Any]]) -> Iterator[tuple[Style, int, int]]:
    position = 0
    while position < len(slots):
        first, about = slots[position]
        revision, interval, mean, verdict = about
        end = position + 1
        step = slots[end][0] - first if end < len(slots) and slots[end][1] == about else interval
        while end < len(slots) and slots[end] == (first + step * (end - position), about):
            end += 1
        yield Style(channel, revision, interval, mean, verdict, step), first, end - position
        position = end


def is_wide(day: bytes) -> bool:
    """Whether the runs have their revisions behind them."""
    return bool(HEAD.unpack_from(day)[0] & WIDE_BIT)


def _form(day: bytes) -> Struct:
    return WIDE if is_wide(day) else RUN


def _end(day: bytes) -> int:
    """The byte behind the last run."""
    count: int = HEAD.unpack_from(day)[0] & ~WIDE_BIT
    return HEAD.size + count * _form(day).size


def runs(day: bytes, book: Book) -> Iterator[tuple[Style, int, int]]:
    """Style, offset of the first slot, number of slots."""
    packed, styles = day[HEAD.size : _end(day)], book.styles.items
    for run, *revision in _form(day).iter_unpack(packed):
        style = styles[run >> 2 * OFFSET_BITS]
        if revision:
            style = style._replace(revision=revision[0])
        yield style, run >> OFFSET_BITS & OFFSETS, run & OFFSETS


def styles_of(day: bytes) -> set[int]:
    """The numbers of the styles that its runs have."""
    return {run >> 2 * OFFSET_BITS for run, *_ in _form(day).iter_unpack(day[HEAD.size : _end(day)])}


def unpack(day: bytes, book: Book) -> tuple[Sealed, bytearray]:
    """What `pack` was given."""
    kept: Sealed = {}
    for style, first, count in runs(day, book):
        about = style.revision, style.interval, style.mean, style.verdict
        for slot in range(first, first + count * style.step, style.step):
            kept[slot << CHANNEL_BITS | style.channel] = about
    return kept, bytearray(entries(day))


def entries(day: bytes) -> bytes:
    """What stayed whole."""
    return day[_end(day) :]


def read(day: bytes, base: int, slots: range, book: Book, judge: Judge) -> Rows:
    """What holds at the slots, by phase and sorted; `base` is the day's first second."""
    since, until = slots.start, slots.stop
    said: dict[str, dict[int, tuple[tuple[int, int, str], Row]]] = {}
    for style, first, count in runs(day, book):
        phase, source = book.channels.items[style.channel]
        held = said.setdefault(phase, {})
        length = length_of(style.interval, mean=style.mean)
        start = base + first
        skipped = max(0, -(-(since - start) // style.step))
        for slot in range(start + skipped * style.step, min(until, start + count * style.step), style.step):
            held[slot] = (ON_TIME, 0, source), (slot, length, style.mean, style.verdict, None)
    for key, number, recorded, value in ENTRY.iter_unpack(entries(day)):
        slot = base + (key >> CHANNEL_BITS)
        if since <= slot < until:
            phase, source = book.channels.items[key & CHANNELS]
            tag = book.tags.items[number]
            held, precedence = said.setdefault(phase, {}), (tag.rank, recorded, source)
            if slot not in held or held[slot][0] < precedence:
                verdict = 0 if value < 0 else judge(value, tag.qualities)
                held[slot] = precedence, (slot, tag.length, tag.mean, verdict, value)
    return {phase: [row for _, (_, row) in sorted(held.items())] for phase, held in said.items()}
