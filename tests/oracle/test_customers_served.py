"""Worked examples of SAIDI and SAIFI where the customers served are not known of every area, or not of every day."""

import pytest

MINUTE = 60
DAY, MONTH = "2026-06-20", "2026-06"
UNDEFINED = (None, None)


def ratios(said):
    return [each[:2] for each in said]


def test_an_area_without_a_figure_leaves_every_scope_that_it_is_in_without_an_index(both):
    """A8 serves 100, nobody says how many A9 does, and 9,000 of it are out for an hour: SAIFI is not 90."""
    both.area("A8", region="south", customers=100)
    both.area("A9", region="south", served=[])
    both.area("N", customers=900)
    both.outage("X", "started", "06-20 08:00", areas={"A9": 9000})
    both.outage("Y", "started", "06-20 08:00", areas={"N": 90})
    for case in "XY":
        both.outage(case, "restored", "06-20 09:00")
    said = both.said(
        "06-20 10:00",
        *(f"{kpi}|{scope}|kind=fault|{DAY}" for kpi in ("saidi", "saifi")
          for scope in ("all", "region=south", "region=north")),
        f"caidi|region=south|kind=fault|{DAY}",
    )  # fmt: skip
    north = [(90 * 60 * MINUTE, 900 * MINUTE), (90, 900)]
    assert ratios(said) == [
        UNDEFINED, UNDEFINED, north[0], UNDEFINED, UNDEFINED, north[1], (9000 * 60 * MINUTE, 9000 * MINUTE),
    ]  # fmt: skip


@pytest.mark.parametrize(("area", "defined"), [("nowhere", False), ("", True)])
def test_customers_of_an_area_that_the_network_does_not_have_are_not_divided_by_those_of_others(both, area, defined):
    """Without an area they are some of those served; an area that the network lacks serves nobody knows how many."""
    both.area("A", customers=100)
    both.outage("X", "started", "06-20 08:00", areas={area: 50})
    both.outage("P", "started", "06-20 08:00", areas={"A": 10}, kind="planned")
    places = ("all|kind=fault", "all|kind=planned", "region=unknown|kind=all")
    fault, planned, unknown = both.said("06-20 09:00", *(f"saifi|{place}|{DAY}" for place in places))
    assert fault[:3] == (50 if defined else None, 100 if defined else None, {"area_unknown": 50})
    assert (planned[:2], unknown[:2]) == ((10, 100), UNDEFINED)


def test_after_go_live_an_index_counts_since_the_first_figures(both):
    """From 06-20 on 1,000 are served; before it 500 were interrupted that nobody can divide by anything."""
    both.area("A", served=[{"from": "2026-06-20", "customers": 1000}])
    for day, customers in (("06-19", 500), ("06-20", 10), ("06-21", 20)):
        both.outage(day, "started", f"{day} 08:00", areas={"A": customers})
        both.outage(day, "restored", f"{day} 09:00")
    saifi, rolling, saidi, day, before, caidi = both.said(
        "06-21 12:00",
        *(f"saifi|all|kind=fault|{period}" for period in (MONTH, "last30d")),
        f"saidi|all|kind=fault|{MONTH}",
        *(f"saifi|all|kind=fault|{day}" for day in ("2026-06-20", "2026-06-19")),
        f"caidi|all|kind=fault|{MONTH}",
    )
    # Two days: 30 * 2 / (1000 + 1000).
    assert saifi == rolling == (30 * 2, 2 * 1000, {}, "2026-06-20")
    assert saidi == (30 * 3600 * 2, 60 * 2 * 1000, {}, "2026-06-20")
    assert day == (10, 1000, {}, None)
    assert before == (None, None, {}, None)
    assert caidi[:2] == (530 * 3600, 530 * 60)


def test_it_counts_since_the_last_area_of_a_scope_has_a_figure(both):
    """An area that is new, and served nobody before, says 0: it takes no day from the index."""
    both.area("A", served=[{"from": "2026-06-10", "customers": 100}])
    both.area("B", served=[{"from": "2026-06-20", "customers": 900}])
    both.area("C", region="south", served=[{"from": "2026-06-01", "customers": 50}])
    both.area(
        "D", region="south", served=[{"from": "2026-01-01", "customers": 0}, {"from": "2026-06-20", "customers": 7}]
    )
    both.outage("X", "started", "06-12 08:00", areas={"A": 30, "C": 5})
    both.outage("X", "restored", "06-12 09:00")
    both.outage("Y", "started", "06-20 08:00", areas={"A": 30, "nowhere": 0})
    both.outage("Y", "restored", "06-20 09:00")
    north, south, all_ = both.said("06-20 12:00", *(
        f"saifi|{scope}|kind=fault|{MONTH}" for scope in ("region=north", "region=south", "all")
    ))  # fmt: skip
    assert north == (30, 1000, {}, "2026-06-20")
    assert south == (5 * 20, 19 * 50 + 57, {}, None)
    assert all_ == (30, 1057, {}, "2026-06-20")


def test_an_open_interruption_grows_from_the_first_day_that_counts(both):
    both.area("A", served=[{"from": "2026-06-20", "customers": 1000}])
    both.outage("X", "started", "06-19 23:00", areas={"A": 500})
    both.outage("Y", "started", "06-20 01:00", areas={"A": 100})
    saidi, merged = both.said("06-20 02:00", f"saidi|all|kind=fault|{MONTH}", f"saidi|all|kind=fault|{DAY}")
    assert saidi == (100 * 3600, 60 * 1000, {}, "2026-06-20")
    assert merged == (100 * 3600, 60 * 1000, {}, None)
