"""Timeline: values that hold from an instant on, one register per instant and place.

Stored as `{instant: {place: register}}`, the instant in decimal seconds since the epoch. The instant is the identity:
a repetition is the same entry. To move an entry, null goes to the old instant and the value to the new one.
An entry with an identity of its own (a named step) is an occurrence with the value `[instant, {place: value}]`, which
replaces entries that the event with that id made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.facts.register import EVENT_ID, VALUE, precedence, winner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.facts.change import JSON
    from streams.facts.register import Register

Timeline = dict[int, dict[str, Any]]


def standing(
    entries: Mapping[str, Mapping[str, Register]] | None, named: Mapping[str, Register] | None = None
) -> Timeline:
    """The values that hold, by instant and place; of two at one place by the precedence of registers."""
    if not entries and not named:
        return {}
    named = named or {}
    found: dict[int, dict[str, tuple[tuple[Any, ...], JSON]]] = {}
    for instant, places in (entries or {}).items():
        for place, register in places.items():
            source, entry = winner(register)
            if entry[VALUE] is not None and entry[EVENT_ID] not in named:
                found.setdefault(int(instant), {})[place] = (*precedence((source, entry)), ""), entry[VALUE]
    for identity, register in named.items():
        source, entry = winner(register)
        if entry[VALUE] is None:
            continue
        instant, places = entry[VALUE]
        at = found.setdefault(instant, {})
        for place, value in places.items():
            rank = (*precedence((source, entry)), identity)
            if place not in at or at[place][0] < rank:
                at[place] = rank, value
    return {
        instant: {place: ranked[1] for place, ranked in sorted(places.items())}
        for instant, places in sorted(found.items())
    }
