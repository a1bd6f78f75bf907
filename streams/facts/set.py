"""Set: a snapshot of elements, and elements added or removed since.

Stored as `{"snapshot": register of a list, "elements": {element: register of true | false}}`. The register of
an element holds if it is newer than the snapshot, by the order between sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.facts.change import Fact
from streams.facts.register import REVISION, VALUE, precedence, winner

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.facts.register import Register


def snapshot(path: tuple[str, ...], elements: Iterable[str]) -> Fact:
    """The fact that the set has exactly these elements."""
    return Fact((*path, "snapshot"), sorted(set(elements)))


def element(path: tuple[str, ...], name: str, *, present: bool) -> Fact:
    """The fact that one element is in the set, or is not."""
    return Fact((*path, "elements", name), present)


def standing(state: Mapping[str, Any] | None) -> list[str]:
    """The elements that are in the set, sorted."""
    if not state:
        return []
    base: Register = state.get("snapshot") or {}
    rank = _rank(base) if base else None
    held = set(winner(base)[1][VALUE] or ()) if base else set()
    for name, register in (state.get("elements") or {}).items():
        if rank is None or _rank(register) > rank:
            present = winner(register)[1][VALUE]
            (held.add if present else held.discard)(name)
    return sorted(held)


def _rank(register: Register) -> tuple[Any, ...]:
    source, entry = winner(register)
    pin, recorded_at, _, event_id = precedence((source, entry))
    return pin, recorded_at, source, entry[REVISION], event_id
