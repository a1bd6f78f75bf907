"""The worked examples of DOMAIN.md about repair orders, by hand, against the oracle alone."""

import pytest

MINUTE = 60
DAY = "2026-06-03"
ARRIVALS = (12, 18, 25, 31, 38, 44, 52, 60, 75, 130)
SHARE = f"arrival_on_time_share|all|-|{DAY}"


def test_ten_arrivals(lines):
    lines.area("A")
    for number, minutes in enumerate(ARRIVALS):
        lines.report(f"W{number}", "06-03 08:00")
        lines.order(f"W{number}", "arrived", f"06-03 {8 + minutes // 60:02}:{minutes % 60:02}")
    keys = [f"arrival_time_{name}|all|-|{DAY}" for name in ("mean", "p50", "p90")]
    mean, p50, p90, share = lines.ratios("06-03 12:00", *keys, SHARE)
    assert mean == (485 * MINUTE, 10 * MINUTE)
    assert (p50, p90, share) == ((38, 1), (75, 1), (6, 10))


def test_the_clock_runs_from_the_report(lines):
    """1.2: reported 08:03, dispatched 08:06, reached 08:41, whatever else."""
    lines.area("A")
    lines.report("W", "06-03 08:03")
    lines.order("W", "dispatched", "06-03 08:06", crew="k")
    lines.order("W", "arrived", "06-03 08:41")
    assert lines.ratios("06-03 09:00", f"arrival_time_mean|crew=k|-|{DAY}") == [(38 * MINUTE, MINUTE)]


@pytest.mark.parametrize(("arrival", "on_time"), [("08:45:00", 1), ("08:45:01", 0)])
def test_the_limit_is_on_time(lines, arrival, on_time):
    lines.area("A")
    lines.report("W", "06-03 08:00")
    lines.order("W", "arrived", f"06-03 {arrival}")
    assert lines.ratios("06-03 09:00", SHARE) == [(on_time, 1)]


@pytest.mark.parametrize(("when", "share"), [("08:45:00", (None, None)), ("08:45:01", (0, 1))])
def test_due_is_decided_by_the_read_time(lines, when, share):
    lines.area("A")
    lines.report("W", "06-03 08:00")
    assert lines.ratios(f"06-03 {when}", SHARE) == [share]


@pytest.mark.parametrize(("when", "share"), [("08:44", (None, None)), ("08:46", (0, 1))])
def test_cancelled_before_and_after_the_deadline(lines, when, share):
    lines.area("A")
    lines.report("W", "06-03 08:00")
    lines.order("W", "cancelled", f"06-03 {when}")
    assert lines.ratios("06-03 09:00", SHARE) == [share]


@pytest.mark.parametrize(("area", "on_time"), [("A", 0), ("B", 1), ("U", 0)])
def test_the_area_decides_the_limit_and_an_unknown_type_takes_the_strictest(lines, area, on_time):
    lines.area("A")
    lines.area("B", area_type="rural")
    lines.area("U", area_type=None)
    lines.report("W", "06-03 08:00", area)
    lines.order("W", "arrived", "06-03 09:30")
    assert lines.ratios("06-03 10:00", SHARE) == [(on_time, 1)]


def test_a_late_proof_of_arrival_counts(lines):
    lines.area("A")
    lines.report("W", "06-03 08:00")
    lines.order("W", "arrived", "06-03 08:40", arrives="06-03 09:10")
    assert lines.ratios("06-03 09:30", SHARE) == [(1, 1)]


def test_an_arrival_before_the_report_is_in_neither_count(lines):
    lines.area("A")
    lines.report("W", "06-03 08:00")
    lines.order("W", "arrived", "06-03 07:59")
    assert lines.ratios("06-03 09:00", SHARE) == [(None, None)]


def test_states_of_open_orders(lines):
    lines.area("A")
    for case, events in {
        "W1": [],
        "W2": [("dispatched", {"crew": "k"})],
        "W3": [("arrived", {}), ("dispatched", {"crew": "k"})],  # noted afterwards: it calls nobody back
        "W4": [("dispatched", {"crew": "k"}), ("returned", {})],
        "W5": [("arrived", {}), ("closed", {})],
    }.items():
        lines.report(case, "06-03 08:00")
        for number, (event, said) in enumerate(events, 1):
            lines.order(case, event, f"06-03 08:{number:02}", **said)
    lines.order("W6", "accepted", "06-03 08:00")
    states = ("created", "dispatched", "on_site", "returned", "incomplete", "all")
    ratios = lines.ratios("06-03 09:00", *(f"orders_open|all|state={state}|now" for state in states))
    assert [above for above, _ in ratios] == [1, 1, 1, 1, 1, 5]
    assert lines.ratios("06-03 09:00", "orders_open|crew=k|state=all|now") == [(2, 1)]


def test_a_breach_is_of_the_crew_that_has_the_order_at_the_deadline(lines):
    lines.area("A")
    lines.report("W", "06-03 08:00")
    lines.order("W", "dispatched", "06-03 08:01", crew="first")
    lines.order("W", "reassigned", "06-03 08:50", crew="second")
    cells = lines.cells("06-03 09:00")
    assert cells[f"arrival_on_time_share|crew=first|-|{DAY}"].present
    assert (
        f"arrival_on_time_share|crew=second|-|{DAY}" not in cells
        or not cells[f"arrival_on_time_share|crew=second|-|{DAY}"].present
    )
