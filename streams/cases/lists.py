"""Values of lists that sources may extend: what is on the list of the contract, and what counts as `other`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from schemas.complaint import CaseKind, Category, Channel, Level
from schemas.event import of_list
from schemas.order import Origin, WorkType
from schemas.outage import DetectedBy, Kind
from streams.facts.register import read

if TYPE_CHECKING:
    from streams.facts import State

LISTS: Final = {
    "kind": get_args(Kind),
    "detected_by": get_args(DetectedBy),
    "work_type": get_args(WorkType),
    "origin": get_args(Origin),
    "case_kind": get_args(CaseKind),
    "category": get_args(Category),
    "level": get_args(Level),
    "channel": get_args(Channel),
}


def on_list(facts: State, name: str) -> str | None:
    """What a fact says, as far as its list goes; None: nothing, or not known."""
    return of_list(read(facts.get(name)), LISTS[name])


def has_unlisted(facts: State) -> bool:
    """Whether a fact says what is on no list."""
    return any((said := read(facts.get(name))) is not None and said not in known for name, known in LISTS.items())
