"""One source partition of the app "cases": the fold that the lane drives, from records to all that is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import orjson

from schemas.case_summary import CaseSummary
from streams import topics
from streams.agents.dead_letters import of_findings, of_record
from streams.cases.audit import Auditor
from streams.cases.contribution import contributes
from streams.cases.ledger import Ledger
from streams.cases.reference import Reference
from streams.cells.board import Board
from streams.cells.partials import Partials
from streams.cells.totals import STATUS, Totals
from streams.lane.batch import Output, Record
from streams.lane.position import Position

STATUS_KEY = STATUS.encode()
STATUS_VERSION = 1
SUMMARY_VERSION = 1  # a greater one has every summary published again


@dataclass(frozen=True, slots=True)
class Names:
    """The topics one partition writes, and the event family of each input, under one prefix."""

    ledger: str
    partials: str
    kpis: str
    cases: str
    dead_letters: str
    families: Mapping[str, str]

    @classmethod
    def under(cls, prefix: str) -> "Names":
        return cls(
            prefix + topics.LEDGER,
            prefix + topics.PARTIALS,
            prefix + topics.KPIS,
            prefix + topics.CASES,
            prefix + topics.DEAD_LETTERS,
            {prefix + topics.OUTAGES: "outages", prefix + topics.REPAIRS: "repairs"},
        )


class CasesPartition:
    """Implements lane.fold.Fold.

    With marks nothing is settled between two of them: a contribution "at T" is made when everything up to T is there,
    so neither batching nor a crash can show in what is published for T.
    """

    def __init__(
        self, partition: int, names: Names, board: Board, reference: Reference, *, audit_interval_seconds: int = 300
    ) -> None:
        self.partition, self.names, self.board = partition, names, board
        self.partials = Partials()
        self.ledger = Ledger(self.partials, reference)
        self.position = Position(0, "", {})
        self.auditor = Auditor(self.ledger, audit_interval_seconds)
        self._pending: list[Output] = []
        self._status_due = False
        self._retell = False

    # -- recovery ------------------------------------------------------------------------------------------------------

    def load(self, tables: Mapping[str, Mapping[bytes, bytes]], position: Position) -> None:
        self.position = position
        for key, value in tables[self.names.partials].items():
            if key != STATUS_KEY:
                self.partials.load(key.decode(), value)
        self.ledger.load(tables[self.names.ledger].items(), position.as_of, position.extra.get("unsettled"))
        self.ledger.unknown_fields = position.extra.get("unknown_fields", 0)
        if position.extra.get("told_with") != _told_with(self.ledger.reference):
            # The partials differ by themselves; summaries and findings are told anew.
            self.ledger.refer(self.ledger.reference)
            self._retell = True
        for key, value in tables[self.names.kpis].items():
            self.board.load(key.decode(), value)
        self.board.published_at = position.extra.get("published")

    # -- the flow ------------------------------------------------------------------------------------------------------

    def apply(self, topic: str, records: Sequence[Record]) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        family, ledger, now = self.names.families[topic], self.ledger, self.position.as_of
        for record in records:
            verdict = ledger.apply(family, record.key, record.value, record.timestamp // 1000, now)
            counts[verdict.outcome] = counts.get(verdict.outcome, 0) + 1
            if verdict.reason:
                self._pending.append(of_record(self.names.dead_letters, topic, self.partition, record, verdict))
        return counts

    def advance(self, now: int, *, complete: bool) -> None:
        self.ledger.due(now)
        if complete:
            self._pending += self._settled(now)
            self._pending.append(self._status(now))
        else:
            self._status_due = True

    def refer(self, reference: Reference) -> None:
        """New network or rules; settled with the next unit or mark."""
        if reference is not self.ledger.reference:
            self.ledger.refer(reference)

    def publish(self, at: int, totals: Totals, changed: Iterable[str], *, complete: bool) -> None:
        """Let the board say which KPI records are due at read time `at` (seconds)."""
        published = self.board.published_at
        if published is not None and at <= published and self.position.clock == "marks":
            return
        records = self.board.evaluate(at, totals, self.ledger.reference.network, changed, complete=complete)
        self._pending += [
            Output(self.names.kpis, key.encode(), None if record is None else orjson.dumps(record))
            for key, record in records
        ]
        self.position.extra["published"] = self.board.published_at
        # Every status is news to all publishers: told without a reason, it would call for the next one at once.
        self._status_due |= self.board.published_at != published

    def outputs(self, position: Position) -> list[Output]:
        self.auditor.step(position.as_of)
        rows = [Output(self.names.ledger, key, value) for key, value in self.ledger.unsaved()]
        if position.clock == "wall":
            self._pending += self._settled(position.as_of)
        if self._status_due:
            self._pending.append(self._status(position.as_of))
            self._status_due = False
        position.extra["unsettled"] = self.ledger.unsettled()
        position.extra["unknown_fields"] = self.ledger.unknown_fields
        pending, self._pending = self._pending, []
        return rows + pending

    def _settled(self, now: int) -> list[Output]:
        outputs = []
        for settled in self.ledger.settle(now):
            if settled.contribution.summary:
                added = contributes(settled.contribution, self.ledger.reference.rules.zone, now)
                summary = CaseSummary(**settled.contribution.summary, contributes=added)
                outputs.append(Output(self.names.cases, settled.case.key.encode(), summary.to_json()))
            outputs += of_findings(self.names.dead_letters, settled, now, retell=self._retell)
        self._retell = False
        self.position.extra["told_with"] = _told_with(self.ledger.reference)
        for cell, value in self.partials.take_dirty(now):
            outputs.append(Output(self.names.partials, cell.encode(), value))
        return outputs

    def _status(self, now: int) -> Output:
        position = self.position
        value = {
            "v": STATUS_VERSION,
            "as_of": now,
            "published": self.board.published_at,
            "clock": position.clock,
            "processed": {
                name: {"next_offset": topic.next_offset, "start": topic.start, **topic.counts}
                for name, topic in position.topics.items()
            },
            "cases": len(self.ledger.cases),
            "defects": len(self.ledger.defects),
            "unknown_fields": self.ledger.unknown_fields,
            "drift": self.auditor.drift,
        }
        return Output(self.names.partials, STATUS_KEY, orjson.dumps(value))

    def rows(self, table: str) -> Mapping[bytes, Any]:
        if table == self.names.ledger:
            return {key.encode(): case.facts for key, case in self.ledger.cases.items()}
        if table == self.names.kpis:
            return {key.encode(): record for key, record in self.board.published.items()}
        return {}

    def metrics(self) -> Mapping[str, Any]:
        return {"cases": len(self.ledger.cases), "defects": len(self.ledger.defects), "drift": self.auditor.drift}


def _told_with(reference: Reference) -> str:
    """With what summaries were made: this program, a network, rules."""
    return f"{SUMMARY_VERSION}/{reference.network.version}/{crc32(repr(reference.rules).encode()):08x}"
