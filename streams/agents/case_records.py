"""The records about a case whose contribution was replaced: its summary, its findings, announcements of its clocks."""

import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.case_summary import CaseSummary
from streams.agents.announcing import Announcer, area_types
from streams.agents.dead_letters import of_findings
from streams.cases.contribution import EMPTY, contributes
from streams.cases.interface import AnyLedger, Evaluation
from streams.cells.partials import bounded
from streams.lane.batch import Output
from streams.wiring.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection


class CaseRecords:
    """Of one source partition.

    `rules_before`: the findings that any case may have published before, where it is not known which case had which;
    every summary and finding is then published or withdrawn anew. None: only changes are.
    """

    def __init__(self, names: Names, ledger: AnyLedger, announcer: Announcer) -> None:
        self._names, self._ledger, self._announcer = names, ledger, announcer
        self.rules_before: Collection[str] | None = None

    def of(self, evaluation: Evaluation, now: int, since: int) -> list[Output]:
        """All that is written about a case; deadlines before `since` are not announced (epoch seconds).

        A case that our code breaks on is flagged and counts nothing; the others go on.
        """
        try:
            return self._of(evaluation, now, since)
        except Exception:  # noqa: BLE001  # see above
            self._ledger.flag(evaluation, traceback.format_exc())
            nothing = replace(evaluation, contribution=EMPTY)
            withdrawn = of_findings(self._names.dead_letters, nothing, now, rules_before=self.rules_before)
            return [Output(self._names.cases, evaluation.case.key.encode(), None), *withdrawn]

    def _of(self, evaluation: Evaluation, now: int, since: int) -> list[Output]:
        """The announcer comes last, since it remembers what it announced."""
        outputs, key, reference = [], evaluation.case.key.encode(), self._ledger.reference
        summary = evaluation.contribution.summary
        if summary:
            added = contributes(evaluation.contribution, reference.rules.zone, now)
            record = CaseSummary(**summary, area_types=area_types(reference, summary["areas"]), contributes=added)
            outputs.append(Output(self._names.cases, key, bounded(record.to_json())))
        elif evaluation.summary_before or self.rules_before is not None:
            outputs.append(Output(self._names.cases, key, None))
        outputs += of_findings(self._names.dead_letters, evaluation, now, rules_before=self.rules_before)
        outputs += self._announcer.announce(evaluation, reference, now, since)
        return outputs
