"""How much may be said of one case: sources, entries, areas and bytes. Beyond, an event that adds something is refused.

Counted is what the case keeps, the newest version of each source. An entry is what one source says of one cycle, step,
estimate, publication, plan, dispatch, contact or the like; an area is one in a list or at an instant of the timeline;
bytes are those of names and values as JSON. What is said once of the whole case is bounded by the sources alone.

Decided by what the case keeps and by the order of its partition, so whoever reads the partition from its beginning
decides alike. Once an event of a rank was refused, no event of that rank or below adds anything any more: so reading
the partition again on top of the rows changes nothing either.
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


class Said(Protocol):
    """What of an event decides its rank."""

    @property
    def event_type(self) -> str: ...
    @property
    def corrects(self) -> str | None: ...
    @property
    def void(self) -> bool: ...


class Size(NamedTuple):
    """Of a case, or what an event adds to it."""

    sources: int
    entries: int
    areas: int
    bytes: int


# A city of 5,000 areas (the most of one event), each restored in two steps, with room for a second source; an estimate
# every five minutes for two weeks. A row of that many bytes, with all that is not counted, is below the 6 MiB that any
# record may have, whatever its characters: a control character is six bytes as JSON, and six are counted.
MOST: Final = Size(sources=32, entries=4_000, areas=20_000, bytes=1_800_000)
RESERVES: Final = 8  # a rank above has an eighth of it more: 36, 4,500 ...; the highest 40, 5,000, 25,000, 2.25 MB
ORDINARY, CORRECTION, ENDING = range(3)
ENDINGS: Final = frozenset({"restored", "closed", "cancelled", "merged", "withdrawn"})
PROOFS: Final = frozenset({"count_revised", "arrived", "contacted", "replied"})  # keep a promise, or correct a number
FULL: Final = "full"  # the fact that something was refused: the highest rank of it
SOURCE_BYTES_MIN: Final = 27  # that a row has for each source
SMALL_EVENT_BYTES: Final = 1_000  # of which 32 make no more than 500 areas and 250 kB of a row
_FULL_NAME: Final = f'"{FULL}":'.encode()
_NOBODY: Final = Stamp("", 0, 0, "")
_ONCE: Final = frozenset(
    {"links", "triggered_by", FULL}
)  # with a path of more than one name, and bounded by themselves
_LISTS: Final = frozenset({"expected", "count", "split"})
_PUNCTUATION: Final = 55  # of an entry in a row, with its instants and numbers


class Tally:
    """What a case keeps, counted; `add` follows each merge."""

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
        self.sources.discard(_NOBODY.source)

    @property
    def size(self) -> Size:
        return Size(len(self.sources), self.entries, self.areas, self.bytes)

    def growth(self, facts: State, said: Sequence[Fact], stamp: Stamp) -> Size:
        """What these facts would add; less where a shorter list takes the place of a longer one."""
        entries = areas = size = 0
        for path, value in said:
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
        return Size(int(bool(said) and stamp.source not in self.sources), entries, areas, size)

    def add(self, source: str, growth: Size) -> None:
        """Facts that would add so much were merged."""
        if growth.sources:
            self.sources.add(source)
        self.entries += growth.entries
        self.areas += growth.areas
        self.bytes += growth.bytes


def refusal(tally: Tally, facts: State, growth: Size, event: Said) -> tuple[int, str] | None:
    """Why the case does not take the event, with the rank that is refused from now on; None: it takes it."""
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
    "Give each case an id of its own, and repeat what is known under its event_id or step. What ends the case is taken"
)


def is_far(row: bytes, events: int, size: int) -> bool:
    """Whether a row that small, so many small events later, is below every bound, so that nothing need be counted."""
    sources = len(row) // SOURCE_BYTES_MIN + events
    return sources < MOST.sources and size <= SMALL_EVENT_BYTES and _FULL_NAME not in row


def rank_of(event: Said, growth: Size) -> int:
    """Who may use the reserve: what ends a case before what corrects or proves, and that before all else."""
    if event.event_type in ENDINGS:
        return ENDING
    repeats = growth.sources <= 0 and growth.entries <= 0 and growth.areas <= 0  # what stands, said with longer words
    return CORRECTION if repeats or event.void or event.corrects or event.event_type in PROOFS else ORDINARY


def marked_full(rank: int) -> tuple[list[Fact], Stamp]:
    """What a case remembers of a refusal."""
    return [Fact((FULL,), rank)], _NOBODY


def is_full(facts: State) -> bool:
    """Whether the case refused something."""
    return FULL in facts


def _is_counted(path: tuple[str, ...]) -> bool:
    return path[0] not in _ONCE if len(path) > 1 else path[0] in _LISTS


def _weight(path: tuple[str, ...], source: str, event_id: str, value: JSON) -> tuple[int, int, int]:
    """Entries, areas and bytes of one version."""
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
