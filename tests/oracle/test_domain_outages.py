"""The worked examples of DOMAIN.md about outages, by hand, against the oracle alone."""

import pytest

MINUTE = 60


def outage_1(lines):
    lines.outage("O1", "started", "06-03 08:00", areas={"A": 1000})
    lines.outage("O1", "step_restored", "06-03 08:40", areas={"A": 400})
    lines.outage("O1", "step_restored", "06-03 09:30", areas={"A": 100})
    lines.outage("O1", "restored", "06-03 12:00")


@pytest.fixture
def data_set_r(lines):
    """1.1.1: 10,000 customers served, five outages in June."""
    lines.area("A")
    outage_1(lines)
    lines.outage("O2", "started", "06-10 22:30", areas={"A": 200})
    lines.outage("O2", "restored", "06-11 00:30")
    lines.outage("O3", "started", "06-15 09:00", areas={"A": 500}, kind="planned")
    lines.outage("O3", "restored", "06-15 13:00")
    lines.outage("O4", "started", "06-20 10:00", areas={"A": 2000})
    lines.outage("O4", "restored", "06-20 10:02")
    lines.outage("O5", "started", "06-21 10:00", areas={"A": 300})
    lines.outage("O5", "restored", "06-21 10:04")
    return lines


def test_data_set_r(data_set_r):
    month = data_set_r.ratios(
        "06-30 23:59",
        "saidi|all|kind=fault|2026-06",
        "saidi|all|kind=all|2026-06",
        "saifi|all|kind=fault|2026-06",
        "saifi|all|kind=all|2026-06",
        "caidi|all|kind=fault|2026-06",
        "caidi|all|kind=all|2026-06",
    )
    saidi_fault, saidi_all, saifi_fault, saifi_all, caidi_fault, caidi_all = (above / below for above, below in month)
    assert (saidi_fault, saidi_all) == (9.9, 21.9)
    assert (saifi_fault, saifi_all) == (0.12, 0.17)
    assert (caidi_fault, round(caidi_all, 2)) == (82.5, 128.82)


def test_an_interruption_over_midnight_counts_on_the_day_it_began(data_set_r):
    (before, after) = data_set_r.ratios(
        "06-30 23:59", "caidi|all|kind=fault|2026-06-10", "caidi|all|kind=all|2026-06-11"
    )
    assert before == (24_000 * MINUTE, 200 * MINUTE)
    assert after == (None, None)


def test_restoration_times(data_set_r):
    mean, p50, p90 = data_set_r.ratios(
        "06-30 23:59", *(f"restoration_time_{name}|all|kind=all|2026-06" for name in ("mean", "p50", "p90"))
    )
    # 240, 120 and 240 minutes; those of 2 and 4 minutes are momentary interruptions.
    assert mean == (600 * MINUTE, 3 * MINUTE)
    assert (p50, p90) == ((240, 1), (240, 1))


@pytest.mark.parametrize(
    ("when", "minutes"), [("06-03 08:50", 44_000), ("06-03 10:00", 63_000), ("06-03 12:30", 75_000)]
)
def test_live_accumulation(lines, when, minutes):
    """1.1.5; what lies ahead of the read time has not happened yet."""
    lines.area("A")
    outage_1(lines)
    assert lines.ratios(when, "saidi|all|kind=fault|2026-06-03") == [(minutes * MINUTE, 10_000 * MINUTE)]


def test_restored_within_the_threshold_is_momentary_for_those(lines):
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 1000})
    lines.outage("O", "step_restored", "06-03 08:03", areas={"A": 600})
    lines.outage("O", "restored", "06-03 09:00")
    caidi = "caidi|all|kind=fault|2026-06-03"
    assert lines.ratios("06-03 10:00", caidi) == [(36_000 * MINUTE, 600 * MINUTE)]


@pytest.mark.parametrize(("end", "interruptions"), [("08:05:00", 0), ("08:05:01", 300)])
def test_five_minutes_are_momentary(lines, end, interruptions):
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 300})
    lines.outage("O", "restored", f"06-03 {end}")
    assert lines.ratios("06-03 10:00", "saifi|all|kind=fault|2026-06-03") == [(interruptions, 10_000)]


def test_another_threshold(lines):
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 300})
    lines.outage("O", "restored", "06-03 08:04")
    saifi = "saifi|all|kind=fault|2026-06-03"
    assert lines.ratios("06-03 10:00", saifi, momentary_threshold_seconds=180) == [(300, 10_000)]


def test_repetition_disorder_and_a_corrected_start(lines):
    """Section 4: 1, 2, 3, 5 and 9."""
    lines.area("A")
    lines.outage("O", "restored", "06-03 12:00")
    lines.outage("O", "step_restored", "06-03 09:30", areas={"A": 100}, step="s2", arrives="06-03 12:01")
    lines.outage("O", "step_restored", "06-03 08:40", areas={"A": 400}, step="s1", arrives="06-03 12:02")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 1000}, arrives="06-03 12:03")
    lines.again(1)
    lines.again(2)
    saidi = "saidi|all|kind=fault|2026-06-03"
    assert lines.ratios("06-03 13:00", saidi) == [(75_000 * MINUTE, 10_000 * MINUTE)]
    lines.outage("O", "started", "06-03 07:30", areas={"A": 1000}, arrives="06-03 13:00")
    assert lines.ratios("06-03 13:00", saidi) == [(105_000 * MINUTE, 10_000 * MINUTE)]


def test_what_was_cancelled_leaves_nothing(lines):
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 1000})
    lines.outage("O", "cancelled", "06-03 08:30")
    cells = lines.cells("06-03 09:00")
    assert not [key for key, cell in cells.items() if cell.present]
    assert cells["customers_out|all|kind=all|now"].numerator == 0


def test_nobody_affected(lines):
    """24: an open outage, no customer; CAIDI is undefined."""
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 0})
    ratios = lines.ratios("06-03 09:00", "outages_open|all|kind=fault|now", "caidi|all|kind=all|2026-06-03")
    assert ratios == [(1, 1), (None, None)]


def test_restored_before_it_began_is_contradictory(lines):
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 1000})
    lines.outage("O", "restored", "06-03 07:00")
    state, opened = lines.ratios(
        "06-03 09:00", "outages_by_state|all|kind=fault,state=contradictory|now", "outages_open|all|kind=fault|now"
    )
    assert (state, opened) == ((1, 1), (0, 1))


def test_interrupted_again(lines):
    """14: a second interruption, and a second restoration; the first is unchanged."""
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 100})
    lines.outage("O", "restored", "06-03 09:00")
    lines.outage("O", "started", "06-03 09:10", areas={"A": 100}, cycle=2)
    lines.outage("O", "restored", "06-03 09:40", cycle=2)
    saifi, mean = lines.ratios(
        "06-03 10:00", "saifi|all|kind=fault|2026-06-03", "restoration_time_mean|all|kind=fault|2026-06-03"
    )
    assert (saifi, mean) == ((200, 10_000), (90 * MINUTE, 2 * MINUTE))


def test_a_kind_told_later_moves_everything(lines):
    """28, and 30: who did not pay is in no number."""
    lines.area("A")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 100}, kind="planned")
    lines.outage("O", "started", "06-03 08:00", areas={"A": 100}, kind="fault")
    lines.outage("N", "started", "06-03 08:00", areas={"A": 7}, kind="non_payment")
    keys = [f"customers_out|all|kind={kind}|now" for kind in ("fault", "planned", "all")]
    assert lines.ratios("06-03 09:00", *keys) == [(100, 1), (0, 1), (100, 1)]


def test_an_area_that_nobody_knows(lines):
    lines.area("A", customers=50)
    lines.outage("O", "started", "06-03 08:00", areas={"X": 10, "A": 5})
    keys = (
        "customers_out|region=unknown|kind=all|now",
        "outages_open|all|kind=all|now",
        "saidi|all|kind=all|2026-06-03",
    )
    assert lines.ratios("06-03 08:10", *keys) == [(10, 1), (1, 1), (None, None)]
    cells = lines.cells("06-03 08:10")
    assert cells["saidi|region=unknown|kind=all|2026-06-03"].denominator is None
    assert cells["saidi|region=north|kind=all|2026-06-03"].denominator == 50 * MINUTE


def test_what_admission_refuses(lines):
    """22, 23: by the record's own time stamp only, and by the contract. Old outages are admitted, null dates not."""
    lines.area("A")
    lines.outage("F", "started", "06-03 08:05", areas={"A": 1}, arrives="06-03 08:00")
    lines.outage("G", "started", "06-03 08:06", areas={"A": 1}, arrives="06-03 08:00")
    lines.outage("H", "started", "04-01 08:00", areas={"A": 1}, arrives="06-03 08:00")
    lines.outage("N", "started", "1970-01-01T00:00:00+00:00", areas={"A": 1}, arrives="06-03 08:00")
    lines.outage("I", "started", "06-03 08:00", areas={"A": -1})
    lines.outage("J", "started", "06-03 08:00", areas={"A": 1}, occurred_at="2026-06-03T08:00:00")
    lines.outage("K", "started", "06-03 08:00", areas=[{"area": "A", "customers": 1}, {"area": "A", "customers": 2}])
    lines.outage("L", "started", "06-03 08:00", areas={"A": 1}, outage_id="another")
    lines.outage("M", "exploded", "06-03 08:00")
    lines.add("grid.outages.v1", "P", "06-03 08:00", "no JSON")
    assert lines.ratios("06-03 09:00", "outages_open|all|kind=all|now") == [(2, 1)]
