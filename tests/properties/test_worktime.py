"""Deadlines in minutes, office hours and working days equal a minute stepper, with pauses and holidays."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from streams.reference import calendars
from streams.sla.calendar import Calendar
from streams.sla.worktime import Progress, WorkTime
from tests.properties.worktime_stepper import MINUTE, Stepper
from tests.support.calendar_days import DUE_DAYS, FIRST, LAST, OFF, WORKED

CASES = 10_000
HOURS = (
    (("08:00", "12:00"), ("14:00", "18:00")),
    (("08:30", "12:00"), ("13:30", "17:30")),
    (("00:00", "24:00"),),
    (("09:00", "17:00"),),
    (("22:00", "24:00"),),
)
CUTOFFS = (None, None, "17:30", "11:59", "23:59")
# Around special days: worked weekends, long holidays, ends of months and of years, the end of the lists.
ANCHORS = (
    "2025-01-24",
    "2025-12-30",
    "2026-02-12",
    "2026-04-30",
    "2026-06-18",
    "2026-09-17",
    "2026-09-29",
    "2026-12-23",
)
LISTED = calendars.load()
DAYS = {
    "off": frozenset(map(date.fromisoformat, OFF)),
    "worked": frozenset(map(date.fromisoformat, WORKED)),
    "listed": (FIRST, LAST),
}
UNLISTED = {"off": frozenset(), "worked": frozenset(), "listed": (date(1999, 1, 1), date(1999, 1, 1))}


def instant(text, zone="Asia/Shanghai"):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def case(rng):
    """A start, a limit, pauses and a calendar, in whole minutes."""
    zone = rng.choice(("Asia/Shanghai",) * 4 + ("America/New_York",))
    start = instant(rng.choice(ANCHORS), zone) + MINUTE * rng.choice(
        (rng.randrange(4 * 1440), 480, 720, 840, 1050, 1080, 1439)
    )
    unit = rng.choice(("minutes", "working_minutes", "working_minutes", "working_days"))
    limit = rng.randint(1, 4) if unit == "working_days" else rng.randint(1, 900)
    pauses, at = [], start
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        at += MINUTE * rng.randrange(600)
        until = None if rng.random() < 0.1 else at + MINUTE * rng.randint(1, 900)
        pauses.append((at, until))
        if until is None:
            break
        at = until + MINUTE * rng.randint(1, 300)
    known = rng.random() < 0.8
    return zone, start, unit, limit, tuple(pauses), rng.choice(HOURS), rng.choice(CUTOFFS), known


@pytest.mark.proof
@pytest.mark.parametrize("part", range(10))
def test_deadlines_equal_those_of_a_minute_stepper(part):
    rng = random.Random(part)
    for _ in range(CASES // 10):
        zone, start, unit, limit, pauses, hours, cutoff, known = drawn = case(rng)
        stepper = Stepper(zone, **(DAYS if known else UNLISTED), hours=hours, cutoff=cutoff)
        rules = WorkTime(zone, LISTED if known else Calendar(), hours, cutoff)
        progress = Progress(unit, limit, start, rules, pauses)
        expected = stepper.deadline(unit, limit, start, pauses)

        found = progress.deadline()

        assert (found and tuple(found)) == expected, drawn
        assert progress.total == MINUTE * stepper.total(unit, limit, start)
        if found is not None:
            assert progress.elapsed(found.at + (unit == "working_days")) == progress.total
            assert progress.at_share(100) == found.at + (unit == "working_days")
            assert progress.permille(found.at) in {1000, 999}


@pytest.mark.parametrize(("accepted", "days", "due"), DUE_DAYS)
def test_due_dates_of_the_domain(accepted, days, due):
    rules = WorkTime("Asia/Shanghai", LISTED, HOURS[0], None)
    end = instant((date.fromisoformat(due) + timedelta(days=1)).isoformat())
    for clock in ("00:00:00", "17:45:00", "23:59:59"):
        progress = Progress("working_days", days, instant(f"{accepted}T{clock}"), rules)
        assert progress.deadline() == (end - 1, False)


def test_lunch_and_nights_do_not_count():
    rules = WorkTime("Asia/Shanghai", LISTED, HOURS[0], None)
    progress = Progress("working_minutes", 300, instant("2026-09-18T11:00"), rules)  # a Friday before a worked Sunday
    assert progress.deadline() == (instant("2026-09-18T18:00"), False)
    assert progress.elapsed(instant("2026-09-18T13:00")) == 3600
    later = Progress("working_minutes", 301, instant("2026-09-18T11:00"), rules)
    assert later.deadline() == (instant("2026-09-20T08:01"), False)


def test_a_pause_moves_the_deadline_by_the_time_that_would_have_run():
    rules = WorkTime("Asia/Shanghai", LISTED, HOURS[0], None)
    pause = (instant("2026-06-03T11:00"), instant("2026-06-03T15:00"))  # two hours of work and lunch
    progress = Progress("working_minutes", 240, instant("2026-06-03T10:00"), rules, (pause,))
    assert progress.deadline() == (instant("2026-06-03T18:00"), False)
    assert Progress("minutes", 240, instant("2026-06-03T10:00"), rules, (pause,)).deadline() == (
        instant("2026-06-03T18:00"),
        False,
    )
