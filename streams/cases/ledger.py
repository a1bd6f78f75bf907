"""The cases of one source partition: facts are merged in, contributions are folded into the partials. Pure."""

import heapq
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schemas.codec import InvalidEvent, case_id, decode
from schemas.lists import unlisted
from streams.cases.admission import admit
from streams.cases.case import NO_FACTS, VERSION, Case
from streams.cases.contribution import EMPTY, Contribution, checked
from streams.cases.crews import Crews
from streams.cases.interface import Evaluation, Incoming, Refused, Verdict
from streams.cases.registry import CASES, CaseKind
from streams.cells.partials import Partials
from streams.errors import LaneBroken
from streams.facts import Change, Stamp
from streams.kpis.in_question import CASE_FULL
from streams.reference.reference import Reference

if TYPE_CHECKING:
    from streams.cases.audit import Audit

OUTDATED_MAX = 1000  # outdated due times, beside two per case
KINDS: Mapping[str, CaseKind] = {kind.name: kind for kind in CASES}
FAMILIES: Mapping[str, CaseKind] = {kind.family: kind for kind in CASES}
VERDICTS = {Change.APPLIED: Verdict("applied"), Change.SAME: Verdict("duplicate"), Change.STALE: Verdict("stale")}


class Ledger:
    """`apply` merges events, `due` marks cases that are due, `evaluate` brings the partials up to date.

    Between two calls of `evaluate` a case's contribution in the partials is the one recomputed by its `made_at` and
    `made_with`; so no contribution is stored, and one is computed twice per case and unit, not per event.
    """

    def __init__(self, partials: Partials, reference: Reference) -> None:
        self.partials = partials
        self.reference = reference
        self.cases: dict[str, Case] = {}
        self.defects: dict[str, str] = {}
        self.unstored: list[tuple[str, str]] = []
        self.unknown_fields = 0
        self.unlisted: dict[str, int] = {}
        self.audit: Audit | None = None
        self._before: dict[str, Contribution] = {}
        self._unsaved: set[str] = set()
        self._awake: list[Case] = []  # cases whose facts were parsed since rows were last written
        self._due_times: list[tuple[int, str]] = []
        self._crews = Crews()

    # -- input ---------------------------------------------------------------------------------------------------------

    def apply(self, family: str, records: Sequence[Incoming], now: int) -> tuple[dict[str, int], Refused]:
        """Apply records in order; returns their number by outcome, and the refused records with their reason."""
        counts: dict[str, int] = {}
        refused: Refused = []
        for record in records:
            verdict = self.take(family, record.key, record.value, record.timestamp // 1000, now)
            counts[verdict.outcome] = counts.get(verdict.outcome, 0) + 1
            if verdict.reason:
                refused.append((record, verdict))
        return counts, refused

    def take(self, family: str, key: bytes | None, value: bytes | None, timestamp: int, now: int) -> Verdict:
        """Admit one record (timestamp and now in seconds) and merge its facts."""
        kind = FAMILIES[family]
        try:
            decoded = decode(family, value or b"")
        except InvalidEvent as error:
            return Verdict("rejected", error.reason, error.detail)
        except Exception:  # noqa: BLE001  # as below
            return Verdict("defect", "defect", traceback.format_exc())
        event = decoded.event
        self.unknown_fields += decoded.unknown_fields
        for field in unlisted(type(event), event):
            self.unlisted[f"{family}.{field}"] = self.unlisted.get(f"{family}.{field}", 0) + 1
        name = case_id(event)
        if key != name.encode():
            return Verdict("rejected", "misrouted", f"the record's key is not the event's id {name!r}")
        try:
            refused = admit(event, timestamp, self.reference.rules)
            if refused is not None:
                return Verdict("rejected", *refused)
            return self._merge(kind, name, event, len(value or b""), now)
        except Exception:  # noqa: BLE001  # a bug in pure code: the record is kept aside, the partition goes on
            if f"{kind.name}/{name}" in self.cases:
                self._unsaved.add(f"{kind.name}/{name}")  # facts may be merged in part: memory and log must not differ
            return Verdict("defect", "defect", traceback.format_exc())

    def _merge(self, kind: CaseKind, name: str, event: Any, size: int, now: int) -> Verdict:  # any event type
        key = f"{kind.name}/{name}"
        case = self.cases.get(key) or Case(kind, name, now, self.reference)
        stamp = Stamp(event.source, event.revision, event.recorded_at, event.event_id, event.pin)
        marked = key in self._before
        # Before the first change of a unit: afterwards the contribution in the partials could not be recomputed.
        self._mark(case)
        facts = kind.facts_of(event)
        if kind.keyed_facts_of is not None:
            facts += kind.keyed_facts_of(event, self.reference.rules)
        self._awake.append(case)
        change, refused = case.merge(event, facts, stamp, size)
        if not refused:
            self._crews.meet(facts)
        if change is Change.APPLIED:
            self.cases[key] = case
            self._unsaved.add(key)
        elif not marked:
            del self._before[key]
        return Verdict("rejected", CASE_FULL, refused) if refused else VERDICTS[change]

    def _mark(self, case: Case) -> None:
        if case.key not in self._before:
            self._before[case.key] = self.present(case)

    def present(self, case: Case) -> Contribution:
        """The contribution of a case in the partials."""
        if case.key in self._before:
            return self._before[case.key]
        return self._contribution(case, case.made_at, case.made_with) if case.counted else EMPTY

    @property
    def next_due(self) -> int | None:
        """The first instant at which `due` may have something to mark; None when nothing waits."""
        return self._due_times[0][0] if self._due_times else None

    @property
    def waiting(self) -> int:
        """How many instants are remembered, outdated ones included."""
        return len(self._due_times)

    def due(self, now: int) -> None:
        """Mark every case that is due at or before `now` (seconds)."""
        heap = self._due_times
        while heap and heap[0][0] <= now:
            at, key = heapq.heappop(heap)
            case = self.cases.get(key)
            if case is not None and case.due_at == at:
                case.due_at = None  # no longer in the heap
                self._mark(case)

    def refer(self, reference: Reference) -> None:
        """Take new reference data: every case's contribution may change."""
        for case in self.cases.values():
            self._mark(case)
            if case.key not in self._unsaved:
                case.rest()
        self.reference = reference

    def evaluate_again(self, keys: Iterable[str]) -> None:
        """Mark cases although nothing of them changed."""
        for key in keys:
            self._mark(self.cases[key])

    # -- output --------------------------------------------------------------------------------------------------------

    def evaluate(self, now: int) -> Iterator[Evaluation]:
        """Replace the contribution of every marked case by the one at `now`."""
        before, self._before = self._before, {}
        for key, old in before.items():
            case = self.cases.get(key)
            if case is None:
                continue
            new = self._contribute(case, now)
            self.partials.replace(old.measures, new.measures)
            if self.audit is not None:
                self.audit.replaced(key, old.measures, new.measures)
            yield Evaluation(case, new, old.findings, bool(old.summary))
            if key not in self._unsaved:
                case.rest()  # at once: with a new network these are all

    def flag(self, evaluation: Evaluation, reason: str) -> None:
        """What `evaluate` has just yielded cannot be published: the case counts nothing until it is evaluated again."""
        case = self.cases[evaluation.case.key]
        measures = evaluation.contribution.measures
        self.partials.replace(measures, {})
        if self.audit is not None:
            self.audit.replaced(case.key, measures, {})
        case.counted = False
        self.defects[case.key] = reason

    def _contribute(self, case: Case, now: int) -> Contribution:
        new = self._contribution(case, now, self.reference)
        case.made_at, case.made_with, case.counted = now, self.reference, True
        self._wait(case, new.next_due_at)
        return new

    def _wait(self, case: Case, at: int | None) -> None:
        """Store when the case changes by itself; drops outdated entries once they are the majority."""
        if at == case.due_at:
            return
        case.due_at = at
        heap = self._due_times
        if at is not None:
            heapq.heappush(heap, (at, case.key))
        if len(heap) > OUTDATED_MAX + 2 * len(self.cases):
            heap[:] = [(each.due_at, each.key) for each in self.cases.values() if each.due_at is not None]
            heapq.heapify(heap)

    def _contribution(self, case: Case, now: int, reference: Reference) -> Contribution:
        self._awake.append(case)
        try:
            contribution = case.kind.contribution(case.id, case.facts, reference, now)
            contribution = checked(self._crews.within(contribution, reference))
        except Exception:  # noqa: BLE001  # as in apply: the case is flagged and contributes nothing
            self.defects[case.key] = traceback.format_exc()
            return EMPTY
        self.defects.pop(case.key, None)
        return contribution

    def unsaved(self) -> Iterator[tuple[bytes, bytes]]:
        """Key and stored value of every case whose facts changed since the last call."""
        yield from ((row, NO_FACTS) for row in self._crews.unsaved())
        unsaved, self._unsaved = self._unsaved, set()
        for key in unsaved:
            case = self.cases[key]
            try:
                yield key.encode(), case.store()
            except (TypeError, ValueError):
                self._undo(case)
                self.unstored.append((key, traceback.format_exc()))
        for case in self._awake:
            case.rest()
        self._awake.clear()

    def _undo(self, case: Case) -> None:
        """Drop facts that no row can hold: memory must never be ahead of the log."""
        case.rest()
        if case.stored == NO_FACTS:
            del self.cases[case.key]

    # -- recovery ------------------------------------------------------------------------------------------------------

    def unsettled(self) -> dict[str, tuple[str, ...]]:
        """Marked cases that are not evaluated yet, with their published findings: for a successor to evaluate."""
        return {key: before.findings for key, before in self._before.items()}

    def load(
        self,
        rows: Iterable[tuple[bytes, bytes]],
        now: int,
        unsettled: Mapping[str, Any] | None = None,
        announced: Iterable[str] = (),  # every case that came to be another is among the unsettled
    ) -> None:
        """Fold everything stored anew, as of `now`; `partials` then differ from what was published by what changed."""
        contributions = []
        for raw, stored in self._crews.load(rows):
            if stored[:1] != VERSION:
                raise LaneBroken(f"case {raw!r} was stored in format {stored[0]}, this version reads {VERSION[0]}")
            kind, _, name = raw.decode().partition("/")
            case = Case(KINDS[kind], name, now, self.reference, stored)
            self.cases[case.key] = case
            contributions.append(self._contribute(case, now).measures)
            case.rest()
        self._awake.clear()
        self.partials.rebuild(contributions)
        for key in self.defects:
            self._mark(self.cases[key])
        for key, findings in (unsettled or {}).items():
            if key in self.cases:
                self._before[key] = replace(self.present(self.cases[key]), findings=tuple(findings or ()))
