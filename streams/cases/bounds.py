"""The bounds of one case: sources, entries, areas and bytes. An event that adds to a full case is refused.

The stored facts are counted, that is the newest version of each source. An entry is the statement of one source about
one cycle, step, estimate, publication, plan, dispatch, contact or the like; an area is one in a list or at an instant
of the timeline; bytes are those of names and values as JSON. Facts about the whole case are bounded by the sources.

The decision depends on the stored facts and on the order of the partition only, so every reader of the partition
decides alike. After a refusal no event of that rank or below adds to the case; so reading the partition again on top of
the rows changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import orjson

from streams.facts import Fact, Stamp
from streams.facts.register import entry_of, holds_over, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.facts import State
    from streams.facts.change import JSON
    from streams.facts.register import Register


class BoundedEvent(Protocol):
    """The fields of an event that decide its rank."""

    @property
    def event_type(self) -> str: ...
    @property
    def corrects(self) -> str | None: ...
    @property
    def void(self) -> bool: ...


class Size(NamedTuple):
    """The size of a case, or the growth by an event."""

    sources: int
    entries: int
    areas: int
    bytes: int


# A city of 5,000 areas (the most of one event), each restored in two steps, with room for a second source; an estimate
# every five minutes for two weeks. A row of that many bytes, with all uncounted bytes, is below the 6 MiB that any
# record may have, whatever its characters: a control character is six bytes as JSON, and six are counted.
MOST: Final = Size(sources=32, entries=4_000, areas=20_000, bytes=1_800_000)
RESERVES: Final = 8  # a rank above has an eighth of it more: 36, 4,500 ...; the highest 40, 5,000, 25,000, 2.25 MB
ORDINARY, CORRECTION, ENDING = range(3)
ENDINGS: Final = frozenset({"restored", "closed", "cancelled", "merged", "withdrawn"})
PROOFS: Final = frozenset(
    {"count_revised", "arrived", "contacted", "replied"}
)  # prove a deadline met, or correct a number
FULL: Final = "full"  # the fact that an event was refused: its highest rank
SOURCE_BYTES_MIN: Final = 27  # the least bytes of a row for each source
SMALL_EVENT_BYTES: Final = 1_000  # 32 such events make no more than 500 areas and 250 kB of a row
_FULL_NAME: Final = f'"{FULL}":'.encode()
_NO_SOURCE: Final = Stamp("", 0, 0, "")
_ONCE: Final = frozenset(
    {"links", "triggered_by", FULL}
)  # with a path of more than one name, and bounded by themselves
_LISTS: Final = frozenset({"expected", "count", "split"})
_PUNCTUATION: Final = 55  # of an entry in a row, with its instants and numbers


class Tally:
    """The counted size of a case; `add` follows each merge."""

    __slots__ = ("areas", "bytes", "entries", "sources")

    def __init__(self, facts: State) -> None:
        self.sources: set[str] = set()
        self.entries = self.areas = self.bytes = 0
        for path, register in _registers(facts, ()):
            self.sources.update(register)
            if _is_counted(path):
                for source, (_, _, event_id, _, value) in register.items():
                    entries, areas, size = _weight(path, source, event_id, value)
                    self.entries += entries
                    self.areas += areas
                    self.bytes += size
        self.sources.discard(_NO_SOURCE.source)

    @property
    def size(self) -> Size:
        return Size(len(self.sources), self.entries, self.areas, self.bytes)

    def growth(self, facts: State, stated: Sequence[Fact], stamp: Stamp) -> Size:
        """The size that these facts would add; negative where a shorter list replaces a longer one."""
        entries = areas = size = 0
        for path, value in stated:
            if not _is_counted(path):
                continue
            old, new = (_at(facts, path) or {}).get(stamp.source), entry_of(stamp, value)
            if old is not None and not holds_over(new, old):
                continue
            after = _weight(path, stamp.source, stamp.event_id, value)
            before = (0, 0, 0) if old is None else _weight(path, stamp.source, old[2], old[4])
            entries += after[0] - before[0]
            areas += after[1] - before[1]
            size += after[2] - before[2]
        return Size(int(bool(stated) and stamp.source not in self.sources), entries, areas, size)

    def add(self, source: str, growth: Size) -> None:
        """Add the growth by facts that were merged."""
        if growth.sources:
            self.sources.add(source)
        self.entries += growth.entries
        self.areas += growth.areas
        self.bytes += growth.bytes


def refusal(tally: Tally, facts: State, growth: Size, event: BoundedEvent) -> tuple[int, str] | None:
    """The rank that is refused from now on, and the reason; None if the case takes the event."""
    if not any(more > 0 for more in growth):
        return None
    rank = rank_of(event, growth)
    closed_to = read(facts.get(FULL))
    for name, more, has, most in zip(Size._fields, growth, tally.size, MOST, strict=True):
        limit = most + rank * most // RESERVES
        if more > 0 and has + more > limit:
            return rank, f"the case has {has} {name} and would have {has + more}, at most {limit} are taken. {_REMEDY}"
    if closed_to is not None and rank <= closed_to:
        return rank, f"the case took no event like this before, since it is full. {_REMEDY}"
    return None


_REMEDY: Final = (
    "Give each case an id of its own, and repeat a known fact under its event_id or step. The end of the case is taken"
)


def is_far(row: bytes, events: int, size: int) -> bool:
    """Whether a row of this size, after so many small events, is below every bound without being counted."""
    sources = len(row) // SOURCE_BYTES_MIN + events
    return sources < MOST.sources and size <= SMALL_EVENT_BYTES and _FULL_NAME not in row


def rank_of(event: BoundedEvent, growth: Size) -> int:
    """The rank of an event: endings may use the whole reserve, corrections and proofs a part, other events none."""
    if event.event_type in ENDINGS:
        return ENDING
    repeats = growth.sources <= 0 and growth.entries <= 0 and growth.areas <= 0  # a known fact with a longer text
    return CORRECTION if repeats or event.void or event.corrects or event.event_type in PROOFS else ORDINARY


def marked_full(rank: int) -> tuple[list[Fact], Stamp]:
    """The fact that records a refusal in the case."""
    return [Fact((FULL,), rank)], _NO_SOURCE


def is_full(facts: State) -> bool:
    """Whether the case refused an event."""
    return FULL in facts


def _is_counted(path: tuple[str, ...]) -> bool:
    return path[0] not in _ONCE if len(path) > 1 else path[0] in _LISTS


def _weight(path: tuple[str, ...], source: str, event_id: str, value: JSON) -> tuple[int, int, int]:
    """Entries, areas and bytes of one version of a fact."""
    name = path[0]
    place = "" if name in {"expected", "split"} else path[-1]
    size = _PUNCTUATION + len(orjson.dumps([source, event_id, place, value]))
    if name == "timeline":
        return 0, 1, size
    named = value[1] if name == "steps" and value else value if name in _LISTS else None
    return 1, len(named or ()), size


def _registers(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Register]]:
    for name, child in node.items():
        if isinstance(next(iter(child.values()), None), list):
            yield (*path, name), child
        else:
            yield from _registers(child, (*path, name))


def _at(facts: State, path: tuple[str, ...]) -> Register | None:
    node: Any = facts
    for name in path:
        node = node.get(name)
        if node is None:
            return None
    return node  # type: ignore[no-any-return]  # a path ends at a register
