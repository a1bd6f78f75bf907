"""One source partition of an app: the fold that the lane drives, from records to all that is written."""

import logging
import traceback
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from zlib import crc32

import orjson

from schemas.case_summary import CaseSummary
from streams.agents.anew import Anew
from streams.agents.announcing import Announcer, area_types
from streams.agents.dead_letters import of_findings, of_record, rules_of
from streams.agents.defects import Defects
from streams.agents.missing_calendar import MissingCalendar
from streams.agents.partition_state import PartitionState, decode
from streams.agents.placement import Placement
from streams.agents.point_keys import OldKeys, is_older
from streams.agents.set_aside import without_foreign
from streams.cases.audit import Auditor
from streams.cases.contribution import EMPTY, contributes
from streams.cases.interface import AnyLedger, Settled
from streams.cells.partials import bounded
from streams.cells.totals import STATUS, Totals
from streams.dimensions import scopes
from streams.lane.batch import Output, Record
from streams.lane.position import Position
from streams.publish.board import Board
from streams.reference.calendars import calendar_ends
from streams.reference.reference import Reference
from streams.wiring.names import Names

logger = logging.getLogger(__name__)

STATUS_KEY = STATUS.encode()
NOW_OF_ALL = scopes.cell(scopes.ALL).encode()
STATUS_VERSION = 1
UNSETTLED_MAX = 20_000  # cases by name in the position
# Of all that is published: KPIs, sums, summaries, findings, clocks. A greater one has every summary published again,
# and clocks announced by its rules from then on; a ledger with a greater one is refused (tests/unit/test_releases.py).
SUMMARY_VERSION = 12


class SourcePartition:
    """Implements lane.fold.Fold over a ledger of cases or of points.

    With marks nothing is settled between two of them: a contribution "at T" is made when everything up to T is there,
    so neither batching nor a crash can show in what is published for T.
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
        self.state = PartitionState()
        self.auditor = Auditor(ledger, audit_interval_seconds)
        self.announcer = Announcer(names.breaches, names.ledger)
        self.placement = placement or Placement(partition, 1, "any")
        self.defects = Defects(names.dead_letters, names.ledger)
        self._announces_from, self._announced_since = announces_from, announced_since
        self._rows: list[Output] = []  # of the ledger, older than what it has not given out yet
        self._pending: list[Output] = []
        self._calendar = MissingCalendar(names.dead_letters)
        self._status_due = False
        self._retell: Collection[str] | None = None
        self.set_aside = 0
        self._refused: dict[str, dict[str, int]] = {}  # by topic and reason
        self._old_keys: OldKeys | None = None
        self._unpublished: dict[str, str] = {}
        self._anew: Anew | None = None

    # -- recovery ------------------------------------------------------------------------------------------------------

    def load(self, tables: Mapping[str, Mapping[bytes, bytes]], position: Position) -> None:
        self.position = position
        self.state = decode(position.extra, SUMMARY_VERSION)
        if position.clock == "wall":
            self.state = self.state.not_after(position.as_of)
        tables, self._rows, self.set_aside = without_foreign(tables, self.names.ledger)
        for key, value in tables[self.names.partials].items():
            if key != STATUS_KEY:
                self.partials.load(key.decode(), value)
        rows = tables[self.names.ledger]
        if position.read_before:
            self._anew = Anew(self.names, position, rows, tables[self.names.breaches])
            rows = self._anew.kept
        cases = [*self.defects.load(self.announcer.load(rows.items()))]
        state, told_with = self.state, self.state.told_with
        if (cases or self._anew) and self.names.role == "voltage" and is_older(told_with):
            self._old_keys = OldKeys(self.names, self.announcer, tables[self.names.ledger])
        # What broke our code before is settled again: this program may be a better one.
        unsettled = {**dict.fromkeys(self.defects.published, ()), **state.unsettled}
        self.ledger.load(cases, position.as_of, unsettled, self.announcer.logs)
        self.ledger.settle_again(
            self.announcer.prove(self.ledger.cases, tables[self.names.breaches], self._announced_since)
        )
        self.ledger.unknown_fields, self.ledger.unlisted = state.unknown_fields, dict(state.unlisted)
        self._refused = {topic: dict(by_reason) for topic, by_reason in state.refused.items()}
        self._calendar.missing = state.calendar_missing
        if told_with is not None and told_with.partition("/")[0] != str(SUMMARY_VERSION) and self._old_keys is None:
            # By the rules for clocks of this program deadlines were missed of which another one knew nothing. Where
            # keys change, what stands is announced under the new ones, whatever its deadline.
            self.state = replace(state, announces_from=max(state.announces_from or 0, position.as_of))
        if told_with != _told_with(self.ledger.reference):
            # The partials differ by themselves; summaries and findings are told anew.
            self.ledger.refer(self.ledger.reference)
            self._retell = rules_of(tables[self.names.partials].get(NOW_OF_ALL))
        for key, value in tables[self.names.kpis].items():
            self.board.load(key.decode(), value)
        self.board.take_over(state.published, state.catalogue)

    # -- the flow ------------------------------------------------------------------------------------------------------

    def apply(self, topic: str, records: Sequence[Record]) -> Mapping[str, int]:
        names = self.names
        ours, foreign = self.placement.split(records)
        counts, refused = self.ledger.apply(names.families[topic], ours, self.position.as_of)
        if foreign:
            counts["rejected"] = counts.get("rejected", 0) + len(foreign)
        by_reason = self._refused.setdefault(topic, {})
        for record, verdict in chain(foreign, refused):
            by_reason[verdict.reason] = by_reason.get(verdict.reason, 0) + 1
            self._pending.append(of_record(names.dead_letters, topic, self.partition, record, verdict))
        return counts

    def advance(self, now: int, *, complete: bool) -> None:
        # Kept in the ledger: who takes over announces what this one would have.
        if self.state.announces_from is None:
            since = now if self._announces_from is None else self._announces_from
            self.state = replace(self.state, announces_from=since)
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
        if self._anew is not None and self._anew.goes_on:
            return
        if published is not None and at <= published and self.position.clock == "marks":
            return
        try:
            records = self.board.evaluate(at, totals, self.ledger.reference.network, changed, complete=complete)
            if self.board.owns(scopes.ALL):
                self._pending += self._calendar.look(self.ledger.reference, totals, at)
        except Exception:
            # Nothing is published for this read time, so that its tiles become stale; the next one evaluates every key.
            logger.critical("partition %s: no KPI of read time %s can be made", self.partition, at, exc_info=True)
            self._unpublished = {"kpi/": traceback.format_exc()}
            self.board.look_again()
            return
        self._unpublished = {}
        self._pending += [
            Output(self.names.kpis, key.encode(), None if record is None else orjson.dumps(record))
            for key, record in records
        ]
        self.state = replace(self.state, published=self.board.published_at, catalogue=self.board.catalogue)
        # Every status is news to all publishers: told without a reason, it would call for the next one at once.
        self._status_due |= self.board.published_at != published

    def outputs(self, position: Position) -> list[Output]:
        self._rows += self._unsaved()
        self._pending += self.defects.of_unstored(self.ledger.unstored, position.as_of)
        self.ledger.unstored.clear()
        # Until something says how far the inputs are read, nothing holds at any instant: settled at 0 it would be told
        # of 1970-01-01, and a status of then would set everybody's read time back to it.
        if position.as_of and not (self._anew and self._anew.goes_on):
            self.auditor.step(position.as_of)
            if position.clock == "wall":
                self._pending += self._settled(position.as_of)
                # A point that never reported and is in a list has a row from then on.
                self._rows += self._unsaved()
        if self._status_due and position.as_of and self._anew is None:
            self._pending.append(self._status(position.as_of))
            self._status_due = False
        position.extra = self._stored().encode()
        outputs = self._rows + self._pending
        self._rows, self._pending = [], []
        return outputs

    def _stored(self) -> PartitionState:
        """The state that goes with what `outputs` says; a position of any size must fit in a record."""
        unsettled = self.ledger.unsettled()
        if len(unsettled) > UNSETTLED_MAX:  # who takes over publishes all of them anew
            unsettled, told_with = {}, _told_with(self.ledger.reference) + "/unsettled"
            self.state = replace(self.state, told_with=told_with)
        return replace(
            self.state,
            made_with=SUMMARY_VERSION,
            calendar_missing=self._calendar.missing,
            unknown_fields=self.ledger.unknown_fields,
            unlisted=self.ledger.unlisted,
            refused=self._refused,
            unsettled=unsettled,
        )

    def _unsaved(self) -> list[Output]:
        """The rows of what has changed since it was asked last."""
        rows = [Output(self.names.ledger, key, value) for key, value in self.ledger.unsaved()]
        return rows if self._anew is None else self._anew.before(rows)

    def _settled(self, now: int) -> list[Output]:
        outputs = [] if self._anew is None else self._made_anew(self._anew)
        all_settled: Iterable[Settled] = self.ledger.settle(now)
        if self._old_keys is not None:  # otherwise one by one: after a new network these are all cases
            all_settled = [*all_settled]
            outputs += [gone for settled in all_settled for gone in self._old_keys.withdrawn(settled.case)]
        for settled in all_settled:
            outputs += self._published(settled, now)
        self._retell, self._old_keys = None, None
        self.state = replace(self.state, told_with=_told_with(self.ledger.reference))
        for cell, value in self.partials.take_dirty(now):
            outputs.append(Output(self.names.partials, cell.encode(), value))
        outputs += self.defects.update(self._defects(), now)
        return outputs

    def _made_anew(self, anew: Anew) -> list[Output]:
        """All that an older version had read is read again."""
        self._rows += self._unsaved()  # with marks it may have been read in this very unit
        self._rows += anew.dropped()
        self._anew, cases = None, self.ledger.cases
        self.ledger.settle_again(self.announcer.prove(cases, anew.breaches, self._announced_since))
        gone = anew.gone(cases)
        old = [] if self._old_keys is None else [each for case in gone for each in self._old_keys.withdrawn(case)]
        logger.info("%s partition %d is made anew; %d cases are gone", self.names.ledger, self.partition, len(gone))
        return [*old, *anew.over(gone, self.announcer, self._retell or ())]

    def _published(self, settled: Settled, now: int) -> list[Output]:
        """All that is written about a case. What our code breaks on is flagged and counts nothing; the rest goes on."""
        try:
            return self._about(settled, now)
        except Exception:  # noqa: BLE001  # see above
            self.ledger.flag(settled, traceback.format_exc())
            withdrawn = of_findings(
                self.names.dead_letters, replace(settled, contribution=EMPTY), now, retell=self._retell
            )
            return [Output(self.names.cases, settled.case.key.encode(), None), *withdrawn]

    def _defects(self) -> dict[str, str]:
        """The tracebacks of all cases, sums and KPI records that our code breaks on now."""
        cells = {f"cell/{cell}": reason for cell, reason in self.partials.defects.items()}
        kpis = {f"kpi/{key}": reason for key, reason in self.board.defects.items()}
        return self.ledger.defects | cells | kpis | self._unpublished

    def _about(self, settled: Settled, now: int) -> list[Output]:
        """Summary, findings and announcements of a case; the announcer comes last, since it remembers what it said."""
        outputs, key, reference = [], settled.case.key.encode(), self.ledger.reference
        if settled.contribution.summary:
            added = contributes(settled.contribution, reference.rules.zone, now)
            summary = settled.contribution.summary
            types = area_types(reference, summary["areas"])
            told = CaseSummary(**summary, area_types=types, contributes=added)
            outputs.append(Output(self.names.cases, key, bounded(told.to_json())))
        elif settled.summary_before or self._retell is not None:
            outputs.append(Output(self.names.cases, key, None))
        outputs += of_findings(self.names.dead_letters, settled, now, retell=self._retell)
        since = self.state.announces_from
        outputs += self.announcer.tell(settled, reference, now, now if since is None else since)
        return outputs

    def _status(self, now: int) -> Output:
        position = self.position
        value = {
            "v": STATUS_VERSION,
            "made_with": SUMMARY_VERSION,
            "as_of": now,
            "published": self.board.published_at,
            "clock": position.clock,
            "processed": {
                name: {
                    "next_offset": topic.next_offset,
                    "start": topic.start,
                    "refused": self._refused.get(name, {}),
                    **topic.counts,
                }
                for name, topic in position.topics.items()
            },
            "cases": len(self.ledger.cases),
            "defects": len(self._defects()),
            "rows_set_aside": self.set_aside,
            "gaps": [gap for topic in position.topics.values() for gap in topic.gaps],
            "unknown_fields": self.ledger.unknown_fields,
            "unlisted": self.ledger.unlisted | dict(self.ledger.reference.network.unlisted),
            "drift": self.auditor.drift,
            "calendar_ends": calendar_ends(self.ledger.reference, now),
        }
        return Output(self.names.partials, STATUS_KEY, orjson.dumps(value))

    def rows(self, table: str) -> Mapping[bytes, Any]:
        if table == self.names.ledger:
            return {key.encode(): case for key, case in self.ledger.cases.items()}
        if table == self.names.kpis:
            return {key.encode(): record for key, record in self.board.published.items()}
        return {}

    def metrics(self) -> Mapping[str, Any]:
        return {"cases": len(self.ledger.cases), "defects": len(self._defects()), "drift": self.auditor.drift}


def _told_with(reference: Reference) -> str:
    """With what summaries were made: this program, a network, rules."""
    return f"{SUMMARY_VERSION}/{reference.version}/{crc32(repr(reference.rules).encode()):08x}"
