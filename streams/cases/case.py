"""One case of a ledger: its facts as they are stored, and with what its present contribution was made."""

from dataclasses import dataclass
from typing import Any

import orjson

from streams.cases.bounds import Said, Tally, is_far, marked_full, refusal
from streams.cases.milestones import stated_by
from streams.cases.registry import CaseKind
from streams.cells.partials import bounded
from streams.facts import Change, Fact, Stamp, merge
from streams.reference.reference import Reference

VERSION = b"\x02"
NO_FACTS = VERSION + b"{}"


@dataclass(slots=True)
class Case:
    """One case; `made_at` and `made_with` are the time and the reference its present contribution was made with.

    Its facts are at rest as the ledger stores them, which takes a fifth of the memory, and are read when needed.
    """

    kind: CaseKind
    id: str
    made_at: int
    made_with: Reference
    stored: bytes = NO_FACTS
    breakpoint: int | None = None
    counted: bool = False
    _facts: dict[str, Any] | None = None
    _tally: Tally | None = None
    _merged: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind.name}/{self.id}"

    @property
    def facts(self) -> dict[str, Any]:
        """To be changed only by who calls `store` before `rest`."""
        if self._facts is None:
            self._facts = orjson.loads(memoryview(self.stored)[1:])
        return self._facts

    @property
    def tally(self) -> Tally:
        """How much is said of it; counted once until it rests."""
        if self._tally is None:
            self._tally = Tally(self.facts)
        return self._tally

    def stated_by(self, fact: str, at: int) -> tuple[str, str] | None:
        """The event that says that a fact happened then, and its source; None where no single one does."""
        return stated_by(self.facts, fact, at)

    def merge(self, event: Said, facts: list[Fact], stamp: Stamp, size: int) -> tuple[Change, str]:
        """Merge what an event of `size` bytes says, if the case still takes that: what changed, and why it does not."""
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
        """The facts as they are now, in the stored form; raises where no row can hold them, and then keeps the last."""
        self.stored = bounded(VERSION + orjson.dumps(self.facts))
        return self.stored

    def rest(self) -> None:
        """Keep the stored form only."""
        self._facts, self._tally, self._merged = None, None, 0
