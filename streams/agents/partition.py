"""One source partition of an app: the fold that the lane drives, from records to all that is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from streams.agents.announcing import Announcer
from streams.agents.case_records import CaseRecords
from streams.agents.dead_letters import rules_of
from streams.agents.defects import Defects
from streams.agents.kpi_records import KpiRecords
from streams.agents.partition_state import PartitionState, decode, told_with
from streams.agents.placement import Placement
from streams.agents.rejections import Rejections
from streams.agents.set_aside import without_foreign
from streams.agents.status import status
from streams.agents.upgrade import Upgrade
from streams.cases.audit import Auditor
from streams.cases.interface import AnyLedger, Evaluation
from streams.cells.totals import STATUS_KEY, Totals
from streams.dimensions import scopes
from streams.lane.batch import Output, Record
from streams.lane.position import Position
from streams.publish.board import Board
from streams.reference.reference import Reference
from streams.wiring.names import Names

NOW_OF_ALL = scopes.cell(scopes.ALL).encode()
UNSETTLED_MAX = 20_000  # cases by name in the position
# Of all that is published: KPIs, sums, summaries, findings, clocks. A greater one has every summary published again,
# and clocks announced by its rules from then on; a ledger with a greater one is refused (tests/unit/test_releases.py).
SUMMARY_VERSION = 12


class SourcePartition:
    """Implements lane.fold.Fold over a ledger of cases or of points.

    With marks no case is evaluated between two of them: a contribution "at T" is made when all records up to T are
    there, so neither batching nor a crash can show in what is published for T.
    """

    def __init__(
        self,
        partition: int,
        names: Names,
        board: Board,
        ledger: AnyLedger,
        *,
        audit_interval_seconds: int = 300,
        announces_from: int | None = None,
        announced_since: int = 0,
        placement: Placement | None = None,
    ) -> None:
        """`announces_from`: earlier deadlines are not announced; None: from the first read time on.

        `announced_since`: what was announced before it may have been deleted by retention. Both in epoch seconds.
        """
        self.partition, self.names, self.board = partition, names, board
        self.ledger, self.partials = ledger, ledger.partials
        self.position = Position(0, "", {})
        self.auditor = Auditor(ledger, audit_interval_seconds)
        self.announcer = Announcer(names.breaches, names.ledger)
        self.placement = placement or Placement(partition, 1, "any")
        self.defects = Defects(names.dead_letters, names.ledger)
        self.set_aside = 0
        self._state = PartitionState()
        self._rejections = Rejections(names.dead_letters, partition)
        self._case_records = CaseRecords(names, ledger, self.announcer)
        self._kpi_records = KpiRecords(names, board)
        self._upgrade = Upgrade(names, partition, self.position, {})
        self._announces_from, self._announced_since = announces_from, announced_since
        self._rows: list[Output] = []  # of the ledger, older than what it has not given out yet
        self._pending: list[Output] = []
        self._status_due = False

    # -- recovery ------------------------------------------------------------------------------------------------------

    def load(self, tables: Mapping[str, Mapping[bytes, bytes]], position: Position) -> None:
        names, ledger, self.position = self.names, self.ledger, position
        state = decode(position.extra, SUMMARY_VERSION)
        self._state = state = state.not_after(position.as_of) if position.clock == "wall" else state
        tables, self._rows, self.set_aside = without_foreign(tables, names.ledger)
        for key, value in tables[names.partials].items():
            if key != STATUS_KEY:
                self.partials.load(key.decode(), value)
        self._upgrade = Upgrade(names, self.partition, position, tables)
        rows = self._upgrade.kept(tables[names.ledger])
        cases = [*self.defects.load(self.announcer.load(rows.items()))]
        self._upgrade.rename(state.told_with, self.announcer, tables[names.ledger], any_case=bool(cases))
        # Cases on which our code raised are evaluated again: this program may have the mend.
        unsettled = {**dict.fromkeys(self.defects.published, ()), **state.unsettled}
        ledger.load(cases, position.as_of, unsettled, self.announcer.logs)
        ledger.evaluate_again(self.announcer.prove(ledger.cases, tables[names.breaches], self._announced_since))
        ledger.unknown_fields, ledger.unlisted = state.unknown_fields, dict(state.unlisted)
        self._rejections.load(state.refused)
        self._kpi_records.calendar.missing = state.calendar_missing
        if state.is_by_another(SUMMARY_VERSION) and not self._upgrade.changes_keys:
            # By the rules for clocks of this program deadlines were missed of which another one knew nothing. Where
            # keys change, what stands is announced under the new ones, whatever its deadline.
            self._state = replace(state, announces_from=max(state.announces_from or 0, position.as_of))
        if state.told_with != told_with(SUMMARY_VERSION, ledger.reference):
            # The partials differ by themselves; summaries and findings are published again.
            ledger.refer(ledger.reference)
            self._case_records.rules_before = rules_of(tables[names.partials].get(NOW_OF_ALL))
        for key, value in tables[names.kpis].items():
            self.board.load(key.decode(), value)
        self.board.take_over(state.published, state.catalogue)

    # -- the flow ------------------------------------------------------------------------------------------------------

    def apply(self, topic: str, records: Sequence[Record]) -> Mapping[str, int]:
        names = self.names
        ours, foreign = self.placement.split(records)
        counts, refused = self.ledger.apply(names.families[topic], ours, self.position.as_of)
        if foreign:
            counts["rejected"] = counts.get("rejected", 0) + len(foreign)
        self._pending += self._rejections.add(topic, chain(foreign, refused))
        return counts

    def advance(self, now: int, *, complete: bool) -> None:
        # Kept in the ledger: who takes over announces what this one would have.
        if self._state.announces_from is None:
            since = now if self._announces_from is None else self._announces_from
            self._state = replace(self._state, announces_from=since)
        self.ledger.due(now)
        if complete:
            self._pending += self._evaluated(now)
            self._pending.append(self._status(now))
        else:
            self._status_due = True

    def refer(self, reference: Reference) -> None:
        """New network or rules; cases are evaluated with the next unit or mark."""
        if reference is not self.ledger.reference:
            self.ledger.refer(reference)

    def publish(self, at: int, totals: Totals, changed: Iterable[scopes.Change], *, complete: bool) -> None:
        """Let the board say which KPI records are due at read time `at` (seconds)."""
        published = self.board.published_at
        if self._upgrade.goes_on:
            return
        if published is not None and at <= published and self.position.clock == "marks":
            return
        records = self._kpi_records.at(at, totals, self.ledger.reference, changed, complete=complete)
        if records is None:
            return
        self._pending += records
        self._state = replace(self._state, published=self.board.published_at, catalogue=self.board.catalogue)
        # Every status wakes all publishers: published without a change, it would cause the next one at once.
        self._status_due |= self.board.published_at != published

    def outputs(self, position: Position) -> list[Output]:
        self._rows += self._unsaved()
        self._pending += self.defects.of_unstored(self.ledger.unstored, position.as_of)
        self.ledger.unstored.clear()
        # Without a read time no contribution holds at any instant: evaluated at 0 it would be published
        # of 1970-01-01, and a status of then would set everybody's read time back to it.
        if position.as_of and not self._upgrade.goes_on:
            self.auditor.step(position.as_of)
            if position.clock == "wall":
                self._pending += self._evaluated(position.as_of)
                # A point that never reported and is in a list has a row from then on.
                self._rows += self._unsaved()
        if self._status_due and position.as_of and not self._upgrade.reads_again:
            self._pending.append(self._status(position.as_of))
            self._status_due = False
        position.extra = self._stored().encode()
        outputs = self._rows + self._pending
        self._rows, self._pending = [], []
        return outputs

    def _stored(self) -> PartitionState:
        """The state that belongs to the records of `outputs`; a position of any size must fit in a record."""
        unsettled = self.ledger.unsettled()
        if len(unsettled) > UNSETTLED_MAX:  # who takes over publishes all of them anew
            unsettled, made_by = {}, told_with(SUMMARY_VERSION, self.ledger.reference)
            self._state = replace(self._state, told_with=f"{made_by}/unsettled")
        return replace(
            self._state,
            made_with=SUMMARY_VERSION,
            calendar_missing=self._kpi_records.calendar.missing,
            unknown_fields=self.ledger.unknown_fields,
            unlisted=self.ledger.unlisted,
            refused=self._rejections.counts,
            unsettled=unsettled,
        )

    def _unsaved(self) -> list[Output]:
        """The rows of what has changed since it was asked last."""
        return self._upgrade.before([Output(self.names.ledger, *row) for row in self.ledger.unsaved()])

    def _evaluated(self, now: int) -> list[Output]:
        outputs = self._made_anew() if self._upgrade.reads_again else []
        evaluations: Iterable[Evaluation] = self.ledger.evaluate(now)
        if self._upgrade.changes_keys:  # otherwise one by one: after a new network these are all cases
            evaluations = [*evaluations]
            outputs += self._upgrade.withdrawn(evaluation.case for evaluation in evaluations)
        since = now if self._state.announces_from is None else self._state.announces_from
        for evaluation in evaluations:
            outputs += self._case_records.of(evaluation, now, since)
        self._case_records.rules_before = None
        self._upgrade.end()
        self._state = replace(self._state, told_with=told_with(SUMMARY_VERSION, self.ledger.reference))
        for cell, value in self.partials.take_dirty(now):
            outputs.append(Output(self.names.partials, cell.encode(), value))
        outputs += self.defects.update(self._defects(), now)
        return outputs

    def _made_anew(self) -> list[Output]:
        """All that an older version had read is read again."""
        self._rows += self._unsaved()  # with marks it may have been read in this very unit
        rules = self._case_records.rules_before or ()
        dropped, withdrawn = self._upgrade.over(self.ledger, self.announcer, self._announced_since, rules)
        self._rows += dropped
        return withdrawn

    def _defects(self) -> dict[str, str]:
        """The tracebacks of all cases, sums and KPI records that our code breaks on now."""
        cells = {f"cell/{cell}": reason for cell, reason in self.partials.defects.items()}
        return self.ledger.defects | cells | self._kpi_records.defects

    def _status(self, now: int) -> Output:
        value = status(
            now,
            self.position,
            self.ledger,
            self._rejections.counts,
            made_with=SUMMARY_VERSION,
            published=self.board.published_at,
            defects=len(self._defects()),
            rows_set_aside=self.set_aside,
            drift=self.auditor.drift,
        )
        return Output(self.names.partials, STATUS_KEY, value)

    def rows(self, table: str) -> Mapping[bytes, object]:
        if table == self.names.ledger:
            return {key.encode(): case for key, case in self.ledger.cases.items()}
        if table == self.names.kpis:
            return {key.encode(): record for key, record in self.board.published.items()}
        return {}

    def metrics(self) -> Mapping[str, int]:
        return {"cases": len(self.ledger.cases), "defects": len(self._defects()), "drift": self.auditor.drift}
