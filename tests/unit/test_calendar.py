"""The working calendar: the schedules of 2025 and 2026 (DOMAIN 1.4.3), files of one's own, and days beyond them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.policy import WorkingCalendar
from streams.kpis.kpi import WORKING_DAYS_GRACE_SECONDS
from streams.reference import calendars
from streams.reference.reference import Commitments, Reference
from streams.reference.rules import Rules
from streams.sla.calendar import Calendar, Schedule, day_zero
from tests.support.calendar_days import DUE_DAYS, FIRST, LAST, OFF, WORKED
from tests.support.lives import ZONE

BUILT_IN = calendars.load()


def instant(text: str) -> int:
    from datetime import datetime  # noqa: PLC0415  # of this test only

    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp())


def worked(day: date) -> bool:
    """By hand: the days of the schedules, else Monday to Friday."""
    return day.isoformat() in WORKED or (day.isoformat() not in OFF and day.weekday() < 5)


@pytest.mark.parametrize(("accepted", "days", "due"), DUE_DAYS)
def test_due_days_of_the_domain(accepted, days, due):
    assert BUILT_IN.due_day(accepted, days) == (due, False)


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [("2026-02-13", 5, "2026-02-20"), ("2026-09-18", 5, "2026-09-25"), ("2026-12-30", 2, "2027-01-01")],
)
def test_without_a_list_it_is_monday_to_friday_and_provisional(accepted, days, due):
    assert Calendar().due_day(accepted, days) == (due, True)


def test_74_a_result_that_depends_on_a_day_of_2027_is_provisional():
    assert BUILT_IN.due_day("2026-12-24", 5) == ("2026-12-31", False)
    assert BUILT_IN.due_day("2026-12-25", 5) == ("2027-01-01", True)
    assert BUILT_IN.due_day("2024-12-31", 1) == ("2025-01-02", False)


@given(st.dates(FIRST, LAST), st.integers(0, 40))
def test_it_is_a_day_stepper(first, days):
    day, left, provisional = first, days, False
    while left:
        day += timedelta(days=1)
        provisional |= day > LAST
        left -= worked(day) if day <= LAST else day.weekday() < 5
    assert BUILT_IN.due_day(first.isoformat(), days) == (day.isoformat(), provisional)


@given(st.dates(date(2024, 11, 1), date(2027, 2, 28)), st.integers(0, 500))
def test_working_days_between_are_counted_one_by_one(first, length):
    last = first + timedelta(days=length)
    days = [first + timedelta(days=n) for n in range(1, length + 1)]
    counted = sum(worked(day) if FIRST <= day <= LAST else day.weekday() < 5 for day in days)
    assert BUILT_IN.working_days_between(first.isoformat(), last.isoformat()) == counted
    assert BUILT_IN.working_days_between(last.isoformat(), first.isoformat()) == -counted


@pytest.mark.parametrize(
    ("accepted", "cutoff", "day"),
    [
        ("2026-09-18T17:45:00", None, "2026-09-18"),
        ("2026-09-18T17:30:00", "17:30", "2026-09-18"),
        ("2026-09-18T17:30:01", "17:30", "2026-09-19"),
        ("2026-12-31T23:59:59", "17:30", "2027-01-01"),
    ],
)
def test_day_zero_is_that_of_the_acceptance_or_the_next_after_the_cutoff(accepted, cutoff, day):
    assert day_zero(instant(accepted), ZONE, cutoff) == day


def listed(name: str, first: str, last: str, **fields: object) -> WorkingCalendar:
    return WorkingCalendar.model_validate({"calendar": name, "valid_from": first, "valid_to": last, **fields})


def test_a_list_that_was_loaded_holds_over_the_built_in_one():
    year = listed("2027", "2027-01-01", "2027-12-31", working=["2027-01-02"])
    week = listed("week", "2026-09-14", "2026-09-20", off=[{"from": "2026-09-18", "to": "2026-09-18"}])
    calendar = Reference(rules=Rules(calendar=BUILT_IN), commitments=Commitments.from_records([week, year])).calendar

    assert calendar.due_day("2026-12-31", 1) == ("2027-01-01", False)
    assert calendar.due_day("2026-12-31", 2) == ("2027-01-02", False)
    assert calendar.due_day("2026-09-17", 1) == ("2026-09-21", False)  # neither the 18th nor the Sunday of the list
    assert BUILT_IN.with_lists([year]).due_day("2026-09-18", 1) == ("2026-09-20", False)
    assert calendar != BUILT_IN
    assert repr(BUILT_IN.with_lists([])) == repr(BUILT_IN) == f"Calendar({BUILT_IN.version})"


def test_days_outside_its_validity_are_not_a_lists_business():
    schedule = Schedule(
        (date(2026, 1, 5), date(2026, 1, 9)), ((date(2026, 1, 9), date(2026, 1, 12)),), (date(2026, 1, 10),)
    )
    assert Calendar([schedule]).due_day("2026-01-08", 1) == ("2026-01-12", True)
    before, after = Schedule((date(2026, 1, 1), date(2026, 1, 4))), Schedule((date(2026, 1, 10), date(2026, 1, 16)))
    for others in ([before, after, schedule], [schedule, before, after]):
        assert Calendar(others).due_day("2026-01-09", 1) == ("2026-01-12", False)


def test_finality_waits_for_seven_working_days_of_every_day_of_the_lists():
    days = [FIRST + timedelta(days=n) for n in range(700)]
    longest = max((date.fromisoformat(BUILT_IN.due_day(day.isoformat(), 7)[0]) - day).days for day in days)
    assert longest == 18
    assert longest * 86_400 < WORKING_DAYS_GRACE_SECONDS
