"""Whether the partials are still the fold of the cases: a second sum, made in slices while the ledger goes on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from streams.cells.consolidate import add_to_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.cases.contribution import Contribution
    from streams.cells.consolidate import Amount, Measures
    from streams.cells.partials import Partials

    Contributed = Mapping[tuple[str, str], Amount]

SLICE_AMOUNTS: Final = 1000  # of a slice, in amounts added or compared: 2 to 5 ms
CASE_AMOUNTS: Final = 5  # the cost of checking a case, in amounts


class Audited(Protocol):
    """A ledger, as an audit reads it between two calls of its fold.

    While `audit` is set the ledger reports every change of `partials` to it: a case by `replaced`, or sums by `add`.
    """

    partials: Partials
    audit: Audit | None

    @property
    def cases(self) -> Mapping[str, Any]: ...

    def present(self, case: Any) -> Contribution:
        """Return what the partials hold of one of `cases`. Changes nothing, and must not raise."""


class Audit:
    """One pass over all cases, then over all cells.

    The ledger reports every change by `replaced`; so the sums always cover the cases seen so far, and after the last
    case all of them.
    """

    def __init__(self, ledger: Audited) -> None:
        self._ledger = ledger
        self._unseen: dict[str, Any] = dict(ledger.cases)
        self._cells: list[str] | None = None
        self.sums: dict[str, Measures] = {}
        self.drift = 0

    def replaced(self, key: str, old: Contributed, new: Contributed) -> None:
        """A case's contribution in the partials was replaced; a case still unseen is seen later as it is then."""
        if self.has_seen(key):
            self._add(old, -1)
            self.add(new)

    def has_seen(self, key: str) -> bool:
        """Whether changes of a case have to be reported from now on."""
        return key not in self._unseen

    def add(self, contributed: Contributed) -> None:
        """What cases that it has seen contribute in addition."""
        self._add(contributed, 1)

    def step(self) -> bool:
        """One slice of it; True when all is compared and `drift` is known."""
        if self._unseen:
            self._see()
            return False
        if self._cells is None:
            self._cells = [*(self._ledger.partials.sums.keys() | self.sums.keys())]
        self._compare(self._cells)
        return not self._cells

    def _see(self) -> None:
        done = 0
        while self._unseen and done < SLICE_AMOUNTS:
            _, case = self._unseen.popitem()
            contributed = self._ledger.present(case).measures
            self.add(contributed)
            done += CASE_AMOUNTS + len(contributed)

    def _compare(self, cells: list[str]) -> None:
        done, partials = 0, self._ledger.partials
        while cells and done < SLICE_AMOUNTS:
            cell = cells.pop()
            self.drift += partials.drift(self.sums, (cell,))
            done += 1 + len(partials.sums.get(cell, ()))

    def _add(self, contributed: Contributed, sign: int) -> None:
        for (cell, measure), (fixed, rate) in contributed.items():
            add_to_cell(self.sums, cell, measure, sign * fixed, sign * rate)


class Auditor:
    """Begins an audit every `interval` seconds of read time and keeps what the last one found."""

    def __init__(self, ledger: Audited, interval: int) -> None:
        self._ledger, self._interval = ledger, interval
        self._due_at: int | None = None
        self.drift = 0
        self.audits = 0

    def step(self, now: int) -> int:
        """Go on by one slice, if there is anything to do at `now`; the drift that the last whole audit found."""
        audit = self._ledger.audit
        if audit is None:
            if self._due_at is None:
                # Before the first read time, which is 1970, nothing is due: the first jump would always be an audit.
                self._due_at = now + self._interval if now else None
            if self._due_at is None or now < self._due_at:
                return self.drift
            self._due_at = now + self._interval
            audit = self._ledger.audit = Audit(self._ledger)
        if audit.step():
            self.drift, self._ledger.audit = audit.drift, None
            self.audits += 1
        return self.drift
