"""The working calendar that is shipped with gridpulse; lists that were loaded hold over it."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from schemas.policy import WorkingCalendar
from streams.agents.dead_letters import of_calendar
from streams.cases.findings import CALENDAR_NOT_LOADED
from streams.cases.reference import Reference
from streams.cells.totals import Totals
from streams.dimensions.periods import day_end, day_start, local_day
from streams.dimensions.scopes import ALL, cell
from streams.lane.batch import Output
from streams.sla.calendar import Calendar

SUFFIX = ".toml"
TOLD = "calendar_missing"  # in the position: the first day without a list that was told last


@cache
def load() -> Calendar:
    """All shipped lists, in the order of their names."""
    lists = (file for file in (files("streams.sla") / "calendars").iterdir() if file.name.endswith(SUFFIX))
    return Calendar().with_lists(
        WorkingCalendar.model_validate_json(
            orjson.dumps({"calendar": file.name.removesuffix(SUFFIX), **tomllib.loads(file.read_text("utf-8"))})
        )
        for file in sorted(lists, key=lambda file: file.name)
    )


def calendar_ends(reference: Reference, now: int) -> int:
    """The first instant from `now` on (seconds since the epoch) that no list has; deadlines beyond are provisional."""
    zone = reference.rules.zone
    today = local_day(now, zone)
    last = reference.calendar.covered_until(today)
    return day_start(today, zone) if last is None else day_end(last, zone)


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
