"""The letter about the first day for which no list of the working calendar is loaded."""

from collections.abc import Iterator

from streams.agents.dead_letters import of_calendar
from streams.cases.findings import CALENDAR_NOT_LOADED
from streams.cells.totals import Totals
from streams.dimensions.periods import local_day
from streams.dimensions.scopes import ALL, NOW, Cell
from streams.lane.batch import Output
from streams.reference.calendars import calendar_ends
from streams.reference.reference import Reference


class MissingCalendar:
    """The one letter about the first day that no list has, while deadlines of any case reach it."""

    def __init__(self, letters: str) -> None:
        self._letters = letters
        self.missing: str | None = None  # the day that the letter names; None: there is no letter

    def letters(self, reference: Reference, totals: Totals, at: int) -> Iterator[Output]:
        """The letter, or its tombstone, where the day changed since the last call; `at` is the read time."""
        missing = None
        if totals.value(Cell(ALL, NOW), f"findings|{CALENDAR_NOT_LOADED}"):
            missing = local_day(calendar_ends(reference, at), reference.rules.zone)
        before, self.missing = self.missing, missing
        if missing != before:
            yield from of_calendar(self._letters, before, missing, at)
