"""Register: the version of a field that holds, whatever the order of its versions (a last-writer-wins register).

Stored as `{source: [revision, recorded_at, event_id, pin, value]}`, the newest version of each source. Revisions of
different sources are not comparable, and mixed comparisons would be no order, so the winner of every source is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from streams.facts.change import Change

if TYPE_CHECKING:
    from streams.facts.change import JSON, Stamp

REVISION, RECORDED_AT, EVENT_ID, PIN, VALUE = range(5)
Register = dict[str, list[Any]]


def put(register: Register, stamp: Stamp, value: JSON) -> Change:
    """Merge one version; within a source the greatest (revision, recorded_at, event_id, pin, value) holds."""
    new, old = entry_of(stamp, value), register.get(stamp.source)
    if old is not None:
        if old == new:
            return Change.SAME
        if not holds_over(new, old):
            return Change.STALE
    register[stamp.source] = new
    return Change.APPLIED


def entry_of(stamp: Stamp, value: JSON) -> list[Any]:
    """The stored form of a version."""
    return [stamp.revision, stamp.recorded_at, stamp.event_id, int(stamp.pin), value]


def holds_over(new: list[Any], old: list[Any]) -> bool:
    """Whether a version replaces another version of its source."""
    return _version(new) >= _version(old)


def winner(register: Register) -> tuple[str, list[Any]]:
    """Source and version that hold: a pinned version, else by the greatest (recorded_at, source, event_id)."""
    if len(register) == 1:
        return next(iter(register.items()))
    return max(register.items(), key=precedence)


def precedence(item: tuple[str, list[Any]]) -> tuple[int, int, str, str]:
    """The order between the winners of different sources; their names differ, so it is total."""
    source, entry = item
    return entry[PIN], entry[RECORDED_AT], source, entry[EVENT_ID]


def read(register: Register | None) -> JSON:
    """The value that holds; None if no value was stated, or null."""
    if not register:
        return None
    if len(register) == 1:
        for entry in register.values():
            return entry[VALUE]
    return winner(register)[1][VALUE]


def _version(entry: list[Any]) -> tuple[int, int, str, int, bytes]:
    # The value as canonical text instead of a hash: as short for these values, and it cannot collide.
    return entry[0], entry[1], entry[2], entry[3], orjson.dumps(entry[4], option=orjson.OPT_SORT_KEYS)
