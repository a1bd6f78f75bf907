"""The letter that says from which day on no list of the working calendar is loaded."""

from collections.abc import Iterator
from typing import Any

from streams.agents.dead_letters import of_calendar
from streams.cases.findings import CALENDAR_NOT_LOADED
from streams.cells.totals import Totals
from streams.dimensions.periods import local_day
from streams.dimensions.scopes import ALL, cell
from streams.lane.batch import Output
from streams.reference.calendars import calendar_ends
from streams.reference.reference import Reference

TOLD = "calendar_missing"  # in the position: the first day without a list that was told last


class MissingCalendar:
    """The one letter about the first day that no list has, while deadlines of any case reach it."""

    def __init__(self, letters: str) -> None:
        self._letters = letters

    def look(self, kept: dict[str, Any], reference: Reference, totals: Totals, at: int) -> Iterator[Output]:
        """What to write at read time `at`; `kept` is of the position, and has what was told last."""
        missing = None
        if totals.value(cell(ALL), f"findings|{CALENDAR_NOT_LOADED}"):
            missing = local_day(calendar_ends(reference, at), reference.rules.zone)
        told = kept.get(TOLD)
        if missing == told:
            return
        kept[TOLD] = missing
        yield from of_calendar(self._letters, told, missing, at)
