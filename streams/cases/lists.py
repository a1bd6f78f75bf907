"""Values of extensible lists: the listed values of the contract; any other counts as `other`."""

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
    """The value of a fact, or `other` if it is not listed; None: not stated, or not known."""
    return of_list(read(facts.get(name)), LISTS[name])


def has_unlisted(facts: State) -> bool:
    """Whether a fact has a value that is not listed."""
    return any((value := read(facts.get(name))) is not None and value not in known for name, known in LISTS.items())
