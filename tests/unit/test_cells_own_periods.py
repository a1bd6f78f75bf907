"""What is no sum of days: a month and the last 30 days have cells of their own beside those of their days."""

import orjson
import pytest

from streams.cells.totals import Totals
from streams.dimensions.periods import day_start, origin
from streams.dimensions.scopes import Change
from streams.kpis import KPIS
from streams.publish.candidates import Candidates
from streams.publish.catalogue import Catalogue
from streams.publish.outlook import known_scopes
from tests.support.kpi_board import World, network

ZONE = "Asia/Shanghai"
DAY, NEXT, WEEK, MONTH = "2026-06-03", "2026-06-04", "2026-W23", "2026-06"
AT = day_start(NEXT, ZONE) + 3600
PASSED, JUDGED = "voltage_en50160_passed|D", "voltage_en50160_points|D"
RATE, POINTS, SECONDS = "voltage_rate_ppb|D", "voltage_points|D", "voltage_compliant_seconds|D"


def cell(measures, at=AT):
    return orjson.dumps({"v": 1, "as_of": at, "measures": measures})


@pytest.fixture(params=["asked before", "asked after"])
def totals(request):
    """Two days, their month and 30 days; a window that was asked for before is kept up to date."""
    totals = Totals(1, ZONE, marks=False)
    totals.apply(0, "status", orjson.dumps({"v": 1, "as_of": AT}))
    if request.param == "asked before":
        assert totals.measures("all", MONTH) == totals.measures("all", "last30d") == {}
    totals.apply(0, f"all|{DAY}", cell({RATE: 500, POINTS: 1, SECONDS: 10}))
    totals.apply(0, f"all|{NEXT}", cell({RATE: 900, POINTS: 1, SECONDS: 30}))
    totals.apply(0, f"all|{MONTH}", cell({RATE: 800, POINTS: 1}))
    totals.apply(0, "all|last30d", cell({RATE: 790, POINTS: 2}))
    return totals


def test_a_period_is_the_sum_of_its_days_and_its_own_cell(totals):
    assert totals.measures("all", DAY) == {RATE: 500, POINTS: 1, SECONDS: 10}
    assert totals.measures("all", MONTH) == {RATE: 800, POINTS: 1, SECONDS: 40}
    assert totals.measures("all", "last30d") == {RATE: 790, POINTS: 2, SECONDS: 40}
    assert totals.days("all") == {DAY, NEXT}
    assert totals.months("all") == {MONTH}


def test_a_cell_of_its_own_is_replaced_and_goes(totals):
    totals.apply(0, f"all|{MONTH}", cell({RATE: 801, POINTS: 1}))
    totals.apply(0, "all|last30d", None)
    totals.apply(0, f"all|{DAY}", cell({RATE: 501, POINTS: 1, SECONDS: 11}))
    assert totals.measures("all", MONTH) == {RATE: 801, POINTS: 1, SECONDS: 41}
    assert totals.measures("all", "last30d") == {SECONDS: 41}


def test_its_change_is_news_of_that_period_only(totals):
    found = Candidates(Catalogue(kpi for kpi in KPIS if kpi.role == "voltage"), lambda _scope: True)
    touched = found.add_changes([Change("all", MONTH, RATE)], totals, NEXT)
    assert {key.rpartition("|")[2] for key in touched} == {MONTH}
    assert "voltage_compliance|all|monitoring_class=D|2026-06" in touched
    assert not any(key.startswith(("voltage_compliance_time", "voltage_coverage")) for key in touched)


def test_a_week_is_its_own_cell_alone(totals):
    assert totals.weeks("all") == set()
    assert totals.measures("all", WEEK) == {}
    totals.apply(0, f"all|{WEEK}", cell({PASSED: 1, JUDGED: 2}))
    assert totals.measures("all", WEEK) == {PASSED: 1, JUDGED: 2}
    assert totals.weeks("all") == {WEEK}
    assert totals.months("all") == {MONTH}
    totals.apply(0, f"all|{WEEK}", None)
    assert totals.measures("all", WEEK) == {}


def test_news_of_a_week_is_news_of_no_other_period(totals):
    found = Candidates(Catalogue(kpi for kpi in KPIS if kpi.role == "voltage"), lambda _scope: True)
    touched = found.add_changes([Change("all", WEEK, PASSED)], totals, NEXT)
    assert touched == {f"voltage_en50160|all|monitoring_class={group}|{WEEK}" for group in ("D", "all")}


def test_at_midnight_and_after_a_restart_weeks_are_looked_at(totals):
    totals.apply(0, f"all|{WEEK}", cell({PASSED: 1, JUDGED: 1}))
    catalogue = Catalogue(kpi for kpi in KPIS if kpi.role == "voltage")
    rolled, everything = Candidates(catalogue, lambda _scope: True), Candidates(catalogue, lambda _scope: True)
    rolled.add_periods(["all"], "2026-06-07", "2026-06-08")
    everything.add_all(["all"], totals)
    assert {"2026-W23", "2026-W24"} <= {period for _, period in rolled.by_place}
    assert WEEK in {period for _, period in everything.by_place}


def test_growth_counts_from_the_first_midnight_of_a_month():
    assert origin("2026-06", ZONE) == day_start("2026-06-01", ZONE)
    assert origin("last30d", ZONE) == origin("now", ZONE) == 0


def test_an_area_has_records_only_while_something_is_in_it():
    world = World(zone=ZONE, network=network(("T1", "north", "urban", "2026-01-01", 10)))
    assert not any("area=" in scope for scope in known_scopes(world.network))
