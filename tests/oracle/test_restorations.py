"""Worked examples of restoration times of sustained interruptions: by outage, by customer, by region."""

import pytest

MINUTE = 60
DAY = "2026-06-03"
NAMES = ("mean", "p50", "p90")


@pytest.fixture
def grid(both):
    both.area("A")
    both.area("B", region="south")
    return both


def times(grid, when, scope="all", of="time"):
    """Mean, P50, P90 as (minutes * n, n), minutes, minutes; None where there is no restoration."""
    said = grid.said(when, *(f"restoration_{of}_{name}|{scope}|kind=fault|{DAY}" for name in NAMES))
    (above, below), *percentiles = [each[:2] for each in said]
    if above is None:
        assert percentiles == [(None, None)] * 2
        return None
    return above // MINUTE, below // MINUTE, *(minutes for minutes, _ in percentiles)


def interrupt(grid, name, since, until, areas):
    grid.outage(name, "started", f"06-03 {since}", areas=areas)
    grid.outage(name, "restored", f"06-03 {until}")


def test_trips_of_a_breaker_are_no_restorations(grid):
    """Three trips of a minute, and 60, 120 and 180 minutes: 120 in the mean and in the middle, not 60.5 and 1."""
    for number in range(3):
        interrupt(grid, f"T{number}", f"08:0{number}", f"08:0{number + 1}", {"A": 500})
    for number, until in enumerate(("09:00", "10:00", "11:00")):
        interrupt(grid, f"R{number}", "08:00", until, {"A": 10})
    assert times(grid, "06-03 12:00") == (360, 3, 120, 180)
    assert times(grid, "06-03 12:00", of="time_customers") == (3600, 30, 120, 180)


def test_trips_before_a_lockout_are_no_restorations(grid):
    for cycle, (since, until) in enumerate((("08:00", "08:01"), ("08:02", "08:03"), ("08:04", "10:04")), 1):
        grid.outage("X", "started", f"06-03 {since}", areas={"A": 500}, cycle=cycle)
        grid.outage("X", "restored", f"06-03 {until}", cycle=cycle)
    assert times(grid, "06-03 12:00") == (120, 1, 120, 120)


@pytest.mark.parametrize(("end", "found"), [("08:05:00", None), ("08:05:01", (5, 1, 6, 6))])
def test_five_minutes_are_no_restoration(grid, end, found):
    interrupt(grid, "X", "08:00", end, {"A": 7})
    assert times(grid, "06-03 09:00") == found


def test_an_outage_of_nobody_has_no_restoration_and_one_of_unknown_many_has(grid):
    """12 hours with 0 customers, 5,000 for an hour, and 2 hours of which nobody says how many that were."""
    interrupt(grid, "Z", "00:00", "12:00", {"A": 0})
    interrupt(grid, "X", "08:00", "09:00", {"A": 5000})
    assert times(grid, "06-03 13:00") == (60, 1, 60, 60)
    interrupt(grid, "U", "08:00", "10:00", {"A": None})
    assert times(grid, "06-03 13:00") == (180, 2, 60, 120)
    assert times(grid, "06-03 13:00", of="time_customers") == (5000 * 60, 5000, 60, 60)


def test_a_region_is_restored_when_its_last_customer_is(grid):
    """1,000 in the north for 30 minutes, 1 in the south for six hours: read at 09:00 and at 15:00."""
    grid.outage("X", "started", "06-03 08:00", areas={"A": 1000, "B": 1})
    grid.outage("X", "step_restored", "06-03 08:30", areas={"A": 0})
    assert times(grid, "06-03 09:00", "region=north") == (30, 1, 30, 30)
    assert times(grid, "06-03 09:00") is None
    opened = grid.said("06-03 09:00", *(
        f"outages_open|{scope}|kind=all|now" for scope in ("all", "region=north", "region=south")
    ))  # fmt: skip
    assert [each.numerator for each in opened] == [1, 0, 1]
    grid.outage("X", "restored", "06-03 14:00")
    assert times(grid, "06-03 15:00", "region=north") == (30, 1, 30, 30)
    assert times(grid, "06-03 15:00", "region=south") == times(grid, "06-03 15:00") == (360, 1, 360, 360)
    assert times(grid, "06-03 15:00", of="time_customers") == (30 * 1000 + 360, 1001, 30, 30)


def test_customers_that_come_later_count_from_when_they_lost_supply(grid):
    grid.outage("X", "started", "06-03 08:00", areas={"A": 10})
    grid.outage("X", "extended", "06-03 09:00", areas={"B": 20})
    grid.outage("X", "restored", "06-03 10:00")
    assert times(grid, "06-03 11:00", "region=south") == (60, 1, 60, 60)
    assert times(grid, "06-03 11:00") == (120, 1, 120, 120)
    assert times(grid, "06-03 11:00", of="time_customers") == (10 * 120 + 20 * 60, 30, 60, 120)


@pytest.mark.parametrize(
    ("areas", "until", "due"),
    [({"A": 9}, "08:02", 0), ({"A": 0}, "10:00", 0), ({"A": 9}, "10:00", 1), ({"A": None}, "10:00", 1)],
)
def test_only_what_customers_noticed_has_to_be_published(grid, areas, until, due):
    """L8b, the restoration published within 5 minutes: not of a trip of two minutes, nor of an outage of nobody."""
    interrupt(grid, "X", "08:00", until, areas)
    (breaches,) = grid.said("06-03 12:00", f"sla_breaches|all|clock=L8b|{DAY}")
    assert breaches.numerator == due
