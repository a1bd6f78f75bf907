"""Worked examples of values that are on no list of the contract, and of kinds of outages that a KPI adds up."""

import pytest

DAY = "2026-06-03"


@pytest.fixture
def grid(both):
    both.area("A")
    return both


def test_an_outage_of_an_unlisted_kind_counts_as_other(grid):
    """9,000 customers of a public safety shut-off are out, whatever the list of kinds says."""
    grid.outage("X", "started", "06-03 08:00", areas={"A": 9000}, kind="public_safety_shutoff", detected_by="drone")
    grid.outage("X", "step_restored", "06-03 08:30", areas={"A": 8000}, by="magic")
    kinds = ("other", "unknown", "fault", "all")
    out = grid.said("06-03 09:00", *(f"customers_out|all|kind={kind}|now" for kind in kinds))
    assert [each.numerator for each in out] == [8000, 0, 0, 8000]


def test_the_six_kinds_are_added_up_by_the_kpi(grid):
    for number, kind in enumerate(("fault", "upstream", "customer_caused", "planned", "temporary", "load_shedding")):
        grid.outage(kind, "started", "06-03 08:00", areas={"A": 10**number + 1}, kind=kind)
    keys = (f"saifi|all|kind={kind}|{DAY}" for kind in ("fault", "planned", "load_shedding", "all"))
    assert [each.numerator for each in grid.said("06-03 09:00", *keys)] == [114, 11_002, 100_001, 111_117]


def test_an_outage_that_only_its_cause_has_is_in_no_statistics(grid):
    grid.outage("X", "started", "06-03 08:00", areas={"A": 1}, kind="customer_caused")
    grid.outage("X", "restored", "06-03 09:00")
    grid.outage("Y", "started", "06-03 08:00", areas={"A": 100}, kind="customer_caused")
    grid.outage("Y", "restored", "06-03 10:00")
    saifi, mean = grid.said("06-03 11:00", f"saifi|all|kind=fault|{DAY}", f"restoration_time_mean|all|kind=fault|{DAY}")
    assert (saifi.numerator, mean[:2]) == (100, (120 * 60, 60))


def test_orders_and_complaints_of_unlisted_values_are_not_lost(grid):
    grid.report("W", "06-03 08:00", work_type="tree_cutting", origin="robot")
    grid.add("grid.complaints.v1", "C", "06-03 08:00", {
        "event_type": "accepted", "complaint_id": "C", "event_id": "c1", "revision": 1, "source": "crm",
        "occurred_at": "2026-06-03T08:00:00+08:00", "recorded_at": "2026-06-03T08:00:00+08:00",
        "case_kind": "complaint", "category": "billing", "level": "p1", "channel": "fax", "area": "A",
    })  # fmt: skip
    opened, by_category, by_level, orders = grid.said(
        "06-03 09:00",
        *(f"complaints_opened|{scope}|-|{DAY}" for scope in ("all", "category=other", "level=other")),
        "orders_open|all|state=created|now",
    )
    assert [each.numerator for each in (opened, by_category, by_level, orders)] == [1, 1, 1, 1]
