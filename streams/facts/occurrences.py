"""Occurrences: things that happen several times, each under an identity (cycle, step, contact, else its event_id).

Stored as `{identity: register}`. First, last and count are computed where they are needed, never merged. An event that
`corrects` an occurrence has the identity of that occurrence; a null value means that it did not happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.facts.register import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.facts.change import JSON
    from streams.facts.register import Register


def identity(event_id: str, corrects: str | None) -> str:
    """The identity of the occurrence that an event states."""
    return event_id if corrects is None else corrects


def standing(occurrences: Mapping[str, Register] | None) -> list[tuple[str, JSON]]:
    """Identity and value of the occurrences that hold, in the order of their identities."""
    if not occurrences:
        return []
    if len(occurrences) == 1:
        for key, register in occurrences.items():
            value = read(register)
            return [] if value is None else [(key, value)]
    return [(key, value) for key in sorted(occurrences) if (value := read(occurrences[key])) is not None]


def values(occurrences: Mapping[str, Register] | None) -> list[JSON]:
    """The values that hold, in the order of their identities."""
    return [value for _, value in standing(occurrences)]
