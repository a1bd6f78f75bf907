"""One case of a ledger: its stored facts, and the time and reference of its current contribution."""

from dataclasses import dataclass
from typing import Any

import orjson

from streams.cases.bounds import BoundedEvent, Tally, is_far, marked_full, refusal
from streams.cases.milestones import stated_by
from streams.cases.registry import CaseKind
from streams.cells.partials import bounded
from streams.facts import Change, Fact, Stamp, merge
from streams.reference.reference import Reference

VERSION = b"\x02"
NO_FACTS = VERSION + b"{}"


@dataclass(slots=True)
class Case:
    """One case; `made_at` and `made_with` are the time and the reference of its current contribution.

    At rest its facts are kept in the stored form, which takes a fifth of the memory; they are parsed when needed.
    """

    kind: CaseKind
    id: str
    made_at: int
    made_with: Reference
    stored: bytes = NO_FACTS
    due_at: int | None = None
    counted: bool = False
    _facts: dict[str, Any] | None = None
    _tally: Tally | None = None
    _merged: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind.name}/{self.id}"

    @property
    def facts(self) -> dict[str, Any]:
        """The parsed facts; a caller that changes them calls `store` before `rest`."""
        if self._facts is None:
            self._facts = orjson.loads(memoryview(self.stored)[1:])
        return self._facts

    @property
    def tally(self) -> Tally:
        """The size of the case; counted once until `rest`."""
        if self._tally is None:
            self._tally = Tally(self.facts)
        return self._tally

    def stated_by(self, fact: str, at: int) -> tuple[str, str] | None:
        """The event that states that a fact happened at an instant, and its source; None where no single one does."""
        return stated_by(self.facts, fact, at)

    def merge(self, event: BoundedEvent, facts: list[Fact], stamp: Stamp, size: int) -> tuple[Change, str]:
        """Merge the facts of an event of `size` bytes, unless the case is full; returns the change, and the refusal."""
        if self._tally is None and is_far(self.stored, self._merged, size):
            self._merged += 1
            return merge(self.facts, facts, stamp), ""
        growth = self.tally.growth(self.facts, facts, stamp)
        refused = refusal(self.tally, self.facts, growth, event)
        if refused is None:
            change = merge(self.facts, facts, stamp)
            self.tally.add(stamp.source, growth)
            return change, ""
        rank, sentence = refused
        return merge(self.facts, *marked_full(rank)) if self.facts else Change.STALE, sentence

    def store(self) -> bytes:
        """The facts in the stored form; raises, and keeps the last form, if no row can hold them."""
        self.stored = bounded(VERSION + orjson.dumps(self.facts))
        return self.stored

    @property
    def rests(self) -> bool:
        """Whether only the stored form is kept."""
        return self._facts is None

    def rest(self) -> None:
        """Keep the stored form only."""
        self._facts, self._tally, self._merged = None, None, 0
