"""The KPI records that a partition publishes, and the letter about the working calendar that goes with them."""

import logging
import traceback
from collections.abc import Iterable

import orjson

from streams.agents.missing_calendar import MissingCalendar
from streams.cells.totals import Totals
from streams.dimensions import scopes
from streams.dimensions.scopes import Change
from streams.lane.batch import Output
from streams.publish.board import Board
from streams.reference.reference import Reference
from streams.wiring.names import Names

logger = logging.getLogger(__name__)


class KpiRecords:
    """The KPI records that the board of one partition publishes."""

    def __init__(self, names: Names, board: Board) -> None:
        self._names, self._board = names, board
        self._unpublished: dict[str, str] = {}
        self.calendar = MissingCalendar(names.dead_letters)

    @property
    def defects(self) -> dict[str, str]:
        """The tracebacks of the KPI records that our code breaks on now, by `kpi/<key>`; of all of them: `kpi/`."""
        return {f"kpi/{key}": reason for key, reason in self._board.defects.items()} | self._unpublished

    def at(
        self, at: int, totals: Totals, reference: Reference, changed: Iterable[Change], *, complete: bool
    ) -> list[Output] | None:
        """The records that are due at read time `at`; None where our code broke, and none can be made."""
        outputs: list[Output] = []
        try:
            records = self._board.evaluate(at, totals, reference.network, changed, complete=complete)
            if self._board.owns(scopes.ALL):
                outputs += self.calendar.letters(reference, totals, at)
        except Exception:
            # Nothing is published for this read time, so that its tiles become stale; the next one evaluates every key.
            logger.critical(
                "partition %s: no KPI of read time %s can be made", self._board.partition, at, exc_info=True
            )
            self._unpublished = {"kpi/": traceback.format_exc()}
            self._board.invalidate()
            return None
        self._unpublished = {}
        outputs += [
            Output(self._names.kpis, key.encode(), None if record is None else orjson.dumps(record))
            for key, record in records
        ]
        return outputs
