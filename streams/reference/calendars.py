"""The working calendar that is shipped with gridpulse; loaded lists override it."""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files

import orjson

from schemas.policy import WorkingCalendar
from streams.dimensions.periods import day_end, day_start, local_day
from streams.reference.reference import Reference
from streams.sla.calendar import Calendar

SUFFIX = ".toml"


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
    """The first instant from `now` on (epoch seconds) that no list covers; later deadlines are provisional."""
    zone = reference.rules.zone
    return _ends(reference.calendar, local_day(now, zone), zone)


@lru_cache(maxsize=64)
def _ends(calendar: Calendar, today: str, zone: str) -> int:
    last = calendar.covered_until(today)
    return day_start(today, zone) if last is None else day_end(last, zone)
