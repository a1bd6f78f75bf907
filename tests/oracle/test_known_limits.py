"""What is known to be missing, as docs/scope.md says it: worked examples, so that nobody is surprised by the number."""

from deploy import scope_page
from tests.oracle.meters import DAY as JUNE_3
from tests.oracle.meters import GOOD, NEXT

DAY = "2026-06-03"
DIMS = "monitoring_class=all"


def told(words):
    """Whether the page says so."""
    return words in " ".join(scope_page.render().split())


def test_the_customer_who_caused_an_outage_of_others_counts_with_them(both):
    """DL/T 836 would leave one of 100 out; no event says whether the cause is among those counted."""
    both.area("A")
    both.outage("X", "started", "06-03 08:00", areas={"A": 100}, kind="customer_caused")
    (saifi,) = both.said("06-03 09:00", f"saifi|all|kind=fault|{DAY}")
    assert saifi.numerator == 100
    assert told("the customer who caused an outage of others")


def test_after_midnight_an_outage_of_the_evening_counts_on_its_day(both):
    """At 00:10, 200 customers are out since 22:30: SAIDI of today is 0, that of yesterday grows; they are out now."""
    both.area("A")
    both.outage("X", "started", "06-03 22:30", areas={"A": 200})
    today, yesterday, now = both.said(
        "06-04 00:10", "saidi|all|kind=all|2026-06-04", f"saidi|all|kind=all|{DAY}", "customers_out|all|kind=all|now"
    )
    assert (today.numerator, yesterday.numerator, now.numerator) == (0, 200 * 100 * 60, 200)
    assert told("interruption minutes of today, whenever the outage began")


def test_a_month_before_the_first_record_is_whole(both):
    """An outage of April, told in June: all 30 days of April are below the line, not those since the first record."""
    both.area("A")
    both.outage("X", "started", "04-25 08:00", areas={"A": 200}, arrives="06-03 08:00")
    both.outage("X", "restored", "04-25 09:00", arrives="06-03 08:01")
    (april,) = both.said("06-03 09:00", "saidi|all|kind=all|2026-04")
    assert april[:2] == (200 * 3600 * 30, 60 * 10_000 * 30)


def test_a_known_outage_leaves_its_minutes_in_coverage_and_the_first_ones_after_it_in_the_rate(meters):
    """60 minutes at 0 V are suspect: in no rate, missing from coverage; 150 V after the return is an undervoltage."""
    meters.point()
    meters.lines.outage("X", "started", f"{JUNE_3} 08:00", areas={"A": 10})
    meters.lines.outage("X", "restored", f"{JUNE_3} 09:00")
    meters.frame(f"{JUNE_3} 00:00", [GOOD] * 480 + [0] * 60 + [15_000] + [GOOD] * 899)
    cells = meters.cells(NEXT)
    time, coverage = (cells[f"voltage_{name}|all|{DIMS}|{DAY}"] for name in ("compliance_time", "coverage"))
    assert (time.numerator, time.denominator) == (1379 * 60, 1380 * 60)
    assert (coverage.numerator, coverage.denominator) == (1380 * 60, 1440 * 60)
    assert told("outage minutes, and the first one after the return, taken out of the voltage rate")


def test_a_point_that_is_dead_in_a_known_outage_is_silent(meters):
    """Each meter by itself: its clock L17 is broken after three intervals, whatever is known of outages of its area."""
    meters.point()
    meters.reading("07:45", GOOD, interval_seconds=900)
    meters.lines.outage("X", "started", f"{JUNE_3} 08:00", areas={"A": 10})
    cells = meters.cells(f"{JUNE_3} 12:00")
    assert cells[f"voltage_points_silent|all|{DIMS}|now"].numerator == 1
    assert cells[f"voltage_clocks_broken|all|clock=L17|{DAY}"].numerator == 1
    assert told("the silence of points in a known outage")


def test_the_page_says_which_sums_the_indices_of_dl_t_836_lack():
    assert told("the DL/T 836 indices in h/户")
    assert told("interruptions up to the threshold and medium-voltage users are in no cell")
    assert not told("the same sums under another basis")
