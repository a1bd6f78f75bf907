import zlib
from datetime import date, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import PartialRecord
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.dimensions import periods, scopes

ZONE = "Asia/Shanghai"
OUT = ("all|now", "customers_out|fault")
LOST = ("all|2026-06-03", "interruption_seconds|fault")
MIDNIGHT = periods.day_start("2026-06-03", ZONE)


def status(at: int) -> bytes:
    return orjson.dumps({"v": 1, "as_of": at})


def partial(at: int, **measures: int | list[int]) -> bytes:
    return orjson.dumps({"v": 1, "as_of": at, "measures": {name.replace("__", "|"): m for name, m in measures.items()}})


# -- scopes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["north", "城南", "a|b", "a,b=c", "100%", "", "all", "%7C", "\n"])
def test_scopes_keep_any_name(name):
    scope = scopes.region_area_type(name, name)
    assert scopes.fields(scope) == (("region", name), ("area_type", name))
    assert scopes.split(scopes.cell(scope, "2026-06-03")) == (scope, "2026-06-03")
    assert scopes.cell(scope).count("|") == 1
    assert scopes.grouping(scope) == "region,area_type"
    assert scopes.grouping(scopes.crew(name)) == "crew"


def test_a_scope_has_one_owner():
    assert scopes.owner("all", 4) == zlib.crc32(b"all") % 4
    assert {scopes.owner(scopes.region(str(n)), 4) for n in range(100)} == {0, 1, 2, 3}


# -- periods -----------------------------------------------------------------------------------------------------------


def test_the_local_day_turns_at_local_midnight():
    assert periods.local_day(MIDNIGHT - 1, ZONE) == "2026-06-02"
    assert periods.local_day(MIDNIGHT, ZONE) == "2026-06-03"
    assert MIDNIGHT % 86_400 == 16 * 3600  # UTC+8


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/Sao_Paulo", "2018-11-04", 23),  # midnight itself is skipped
        ("America/Havana", "2025-11-02", 25),  # the first hour comes twice
        ("Asia/Shanghai", "2026-03-29", 24),
    ],
)
def test_a_day_has_23_24_or_25_hours_and_every_second_is_in_one(zone, day, hours):
    start, end = periods.day_start(day, zone), periods.day_end(day, zone)
    assert end - start == hours * 3600
    assert [periods.local_day(t, zone) for t in (start, end - 1)] == [day, day]
    assert periods.local_day(start - 1, zone) < day < periods.local_day(end, zone)


def test_a_week_is_seven_local_days_from_monday_on():
    assert periods.days("2026-W23", "2026-06-03") == ("2026-06-01", "2026-06-02", "2026-06-03")
    assert periods.days("2026-W24", "2026-06-07") == ()
    of_two_years = periods.days("2026-W53", "2027-06-01")
    assert (len(of_two_years), of_two_years[0], of_two_years[-1]) == (7, "2026-12-28", "2027-01-03")
    assert periods.period_end("2026-W53", ZONE) == periods.day_start("2027-01-04", ZONE)
    assert periods.origin("2026-W23", ZONE) == periods.day_start("2026-06-01", ZONE)
    assert [periods.kind(period) for period in ("2026-W23", "2026-06", "2026-06-03")] == ["week", "month", "day"]


@pytest.mark.parametrize(("week", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W23", 168)])
def test_a_week_in_which_clocks_change_is_an_hour_shorter_or_longer(week, hours):
    zone = "Europe/Berlin"
    end = periods.period_end(week, zone)
    assert end is not None
    assert end - periods.origin(week, zone) == hours * 3600


@given(st.dates(date(1, 1, 8), date(9999, 12, 20)))
def test_every_day_is_in_the_week_it_names_and_in_no_other(day):
    week, last = periods.week_of(day.isoformat()), date.max.isoformat()
    assert day.isoformat() in periods.days(week, last)
    for other in (day - timedelta(7), day + timedelta(7)):
        assert day.isoformat() not in periods.days(periods.week_of(other.isoformat()), last)


def test_windows_end_today():
    assert periods.days("2026-06", "2026-06-03") == ("2026-06-01", "2026-06-02", "2026-06-03")
    assert len(periods.days("2026-05", "2026-06-03")) == 31
    assert periods.days("2026-07", "2026-06-30") == ()
    assert periods.days("last30d", "2026-03-01")[0] == "2026-01-31"
    assert len(periods.days("last30d", "2024-03-01")) == 30
    assert periods.period_end("2026-02", ZONE) == periods.day_start("2026-03-01", ZONE)
    assert periods.period_end("last30d", ZONE) is None
    assert periods.origin("now", ZONE) == 0
    assert periods.origin("2026-06-03", ZONE) == MIDNIGHT


# -- partials ----------------------------------------------------------------------------------------------------------


def test_a_contribution_replaces_the_one_before():
    partials = Partials()
    partials.replace({}, {OUT: (10, 0), LOST: (-100, 10)})
    assert orjson.loads(dict(partials.take_dirty(5))["all|2026-06-03"] or b"") == {
        "v": 1,
        "as_of": 5,
        "measures": {"interruption_seconds|fault": [-100, 10]},
    }
    partials.replace({OUT: (10, 0), LOST: (-100, 10)}, {LOST: (-100, 10)})
    assert partials.take_dirty(6) == [("all|now", None)]


def test_what_comes_back_to_what_was_told_is_not_told_again():
    partials = Partials()
    partials.replace({}, {OUT: (10, 0)})
    partials.take_dirty(1)
    partials.replace({OUT: (10, 0)}, {OUT: (11, 0)})
    partials.replace({OUT: (11, 0)}, {OUT: (10, 0)})
    assert not partials.dirty
    assert partials.take_dirty(2) == []


def test_after_recovery_only_differences_are_told():
    told = Partials()
    told.replace({}, {OUT: (10, 0), LOST: (5, 1), ("region=a|now", "customers_out|fault"): (3, 0)})
    after = Partials()
    for cell, value in told.take_dirty(1):
        after.load(cell, value)
    after.rebuild([{OUT: (4, 0)}, {OUT: (6, 0)}, {LOST: (5, 2)}])
    assert [(cell, value is None) for cell, value in after.take_dirty(2)] == [
        ("all|2026-06-03", False),
        ("region=a|now", True),
    ]
    assert after.drift({"all|now": {"customers_out|fault": (10, 0)}, "all|2026-06-03": {LOST[1]: (5, 2)}}) == 0
    assert after.drift({"all|now": {"customers_out|fault": (9, 0)}}) == 2


def test_a_partial_record_is_what_the_contract_says():
    partials = Partials()
    partials.replace({}, {OUT: (10, 0), LOST: (-5, 1)})
    for _, value in partials.take_dirty(7):
        assert PartialRecord.model_validate_json(value or b"").as_of == 7


def test_a_record_of_another_version_is_refused():
    with pytest.raises(ValueError, match="version 2"):
        Partials().load("all|now", orjson.dumps({"v": 2, "as_of": 1, "measures": {}}))


# -- totals ------------------------------------------------------------------------------------------------------------


def test_marks_are_a_barrier():
    totals = Totals(2, ZONE, marks=True)
    assert totals.as_of is None
    assert not totals.complete
    totals.apply(0, "all|now", partial(100, customers_out__fault=5))
    totals.apply(0, "status", status(100))
    totals.apply(0, "all|now", partial(200, customers_out__fault=7))
    totals.apply(0, "status", status(200))
    assert list(totals.advance()) == []
    totals.apply(1, "all|now", partial(100, customers_out__fault=1))
    totals.apply(1, "status", status(100))
    assert list(totals.advance()) == [(100, {("all", "now", "customers_out|fault")})]
    assert totals.value(("all", "now"), "customers_out") == 6
    totals.apply(1, "status", status(200))
    totals.apply(0, "all|now", None)  # belongs to the next mark
    totals.apply(0, "status", status(300))
    totals.apply(1, "status", status(300))
    seen = [(at, totals.measures("all", "now")) for at, _ in totals.advance()]
    assert [at for at, _ in seen] == [200, 300]
    assert totals.measures("all", "now") == {"customers_out|fault": 1}
    assert totals.complete


def test_each_mark_is_seen_with_its_own_values():
    totals = Totals(1, ZONE, marks=True)
    for at in (MIDNIGHT + 100, MIDNIGHT + 200):
        totals.apply(0, "all|2026-06-03", partial(at, seconds=[at - MIDNIGHT, 2]))
        totals.apply(0, "status", status(at))
    totals.apply(0, "status", status(MIDNIGHT + 250))
    assert [totals.value(("all", "2026-06-03"), "seconds") for _ in totals.advance()] == [300, 600, 700]
    assert totals.grows(("all", "2026-06-03"))


def test_live_everything_is_taken_at_the_oldest_read_time():
    totals = Totals(2, ZONE, marks=False, stale_after=10)
    totals.apply(0, "status", status(MIDNIGHT + 100))
    assert not totals.complete  # source 1 is missing
    assert totals.apply(0, "all|2026-06-03", partial(MIDNIGHT + 100, seconds=[0, 1])) == {
        ("all", "2026-06-03", "seconds")
    }
    totals.apply(1, "all|2026-06-03", partial(MIDNIGHT + 104, seconds=[0, 10]))
    assert totals.value(("all", "2026-06-03"), "seconds") == 100 + 1000
    assert (totals.as_of, totals.newest, totals.complete) == (MIDNIGHT + 100, MIDNIGHT + 104, True)
    totals.apply(1, "status", status(MIDNIGHT + 111))
    assert not totals.complete  # source 0 stands still
    assert totals.value(("all", "2026-06-03"), "seconds") == 100 + 1000
    totals.apply(0, "status", status(MIDNIGHT + 110))
    assert totals.value(("all", "2026-06-03"), "seconds") == 110 + 1100


def test_windows_follow_their_days():
    totals = Totals(1, ZONE, marks=True)

    def at(time: int, **days: int | None) -> None:
        for day, amount in days.items():
            value = None if amount is None else partial(time, n=amount)
            totals.apply(0, f"all|{day[1:].replace('_', '-')}", value)
        totals.apply(0, "status", status(time))
        list(totals.advance())

    def windows() -> list[int]:
        return [totals.measures("all", period).get("n", 0) for period in ("2026-05", "2026-06", "last30d")]

    at(MIDNIGHT, d2026_05_04=1, d2026_05_05=10, d2026_06_01=100, d2026_06_04=1000)
    assert windows() == [11, 100, 110]  # tomorrow is in no window yet, 4 May has left the rolling one
    at(MIDNIGHT + 5, d2026_06_03=10_000, d2026_05_04=2, d2026_05_05=None)
    assert windows() == [2, 10_100, 10_100]
    at(MIDNIGHT + 86_400, d2026_05_05=10)
    assert windows() == [12, 11_100, 11_100]
