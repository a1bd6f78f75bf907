"""Merging the facts of an event into the state of a case: commutative, associative, idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.facts.change import Change
from streams.facts.register import put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.facts.change import Fact, Stamp

State = dict[str, Any]  # nested by path, a register at the end of each; JSON in and out


def merge(state: State, facts: Iterable[Fact], stamp: Stamp) -> Change:
    """Change `state` in place; APPLIED if any fact wins, else SAME if all are stored in this version, else STALE."""
    applied = stale = False
    for path, value in facts:
        node = state
        for step in path:
            child = node.get(step)
            if child is None:
                child = node[step] = {}
            node = child
        change = put(node, stamp, value)
        applied |= change is Change.APPLIED
        stale |= change is Change.STALE
    if applied:
        return Change.APPLIED
    return Change.STALE if stale else Change.SAME
