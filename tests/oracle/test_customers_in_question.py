"""Worked examples of numbers that an outage ledger per case cannot make right: each says whom it leaves in question."""

import pytest

MINUTE = 60
DAY = "2026-06-03"
OUT, CI = "customers_out|all|kind=all|now", f"saifi|all|kind=all|{DAY}"
CMI = f"caidi|all|kind=fault|{DAY}"


@pytest.fixture
def grid(both):
    both.area("A")
    both.area("B", region="south", customers=300)
    return both


def test_customers_of_a_merged_outage_are_in_question(grid):
    """A (500 since 08:00) is merged into B (200 since 08:30) at 09:00; with both it were 700 out."""
    grid.outage("X", "started", "06-03 08:00", areas={"A": 500})
    grid.outage("Y", "started", "06-03 08:30", areas={"B": 200})
    grid.outage("X", "merged", "06-03 09:00", into="Y")
    out, north, south, ci, cmi = grid.said(
        "06-03 09:30", OUT, "customers_out|region=north|kind=fault|now", "customers_out|region=south|kind=fault|now",
        CI, CMI,
    )  # fmt: skip
    assert out == (200, 1, {"merged_after_start": 500}, None)
    assert north == (0, 1, {"merged_after_start": 500}, None)
    assert south == (200, 1, {}, None)
    assert ci[2] == cmi[2] == {"merged_after_start": 500}


@pytest.mark.parametrize(
    ("when", "restored", "now"),
    [("06-04 08:59:59", None, 500), ("06-04 09:00", None, 0), ("06-03 10:30", "06-03 10:00", 0)],
)
def test_a_merged_outage_is_in_question_now_for_a_day_or_until_it_is_restored(grid, when, restored, now):
    grid.outage("X", "started", "06-03 08:00", areas={"A": 500})
    grid.outage("X", "merged", "06-03 09:00", into="Y")
    if restored:
        grid.outage("X", "restored", restored)
    out, ci = grid.said(when, OUT, CI)
    assert out == (0, 1, {"merged_after_start": now} if now else {}, None)
    assert ci[2] == {"merged_after_start": 500}


def test_an_outage_split_and_not_ended_counts_beside_its_parts(grid):
    grid.outage("P", "started", "06-03 08:00", areas={"A": 600})
    grid.outage("P", "split", "06-03 09:00", into=["Q", "R"])
    grid.outage("Q", "started", "06-03 08:00", areas={"A": 400})
    grid.outage("R", "started", "06-03 08:00", areas={"A": 200})
    out, opened, ci = grid.said("06-03 09:30", OUT, "outages_open|all|kind=all|now", CI)
    assert out == (1200, 1, {"split_without_end": 600}, None)
    assert opened == (3, 1, {"split_without_end": 600}, None)
    assert ci[2] == {"split_without_end": 600}


def test_who_was_back_before_the_split_is_not_in_question(grid):
    grid.outage("P", "started", "06-03 08:00", areas={"A": 600})
    grid.outage("P", "step_restored", "06-03 08:30", areas={"A": 250})
    grid.outage("P", "restored", "06-03 09:00")
    grid.outage("P", "split", "06-03 09:00", into=["Q"])
    out, ci = grid.said("06-03 09:30", OUT, CI)
    assert (out, ci[0], ci[2]) == ((0, 1, {}, None), 600, {})


def test_more_out_than_served(grid):
    """Of 300 in the area 350 in one outage, 360 with another one; two interruptions of a customer are none."""
    grid.outage("X", "started", "06-03 08:00", areas={"B": 350})
    grid.outage("Y", "started", "06-03 08:00", areas={"B": 10})
    grid.outage("Z", "started", "06-03 05:00", areas={"B": 200})
    grid.outage("Z", "restored", "06-03 06:00")
    grid.outage("Z", "started", "06-03 06:30", areas={"B": 200}, cycle=2)
    grid.outage("Z", "restored", "06-03 07:00", cycle=2)
    south, all_, ci = grid.said("06-03 09:00", "customers_out|region=south|kind=fault|now", OUT, CI)
    assert south == (360, 1, {"more_affected_than_served": 50, "more_out_than_served": 60}, None)
    assert all_ == (360, 1, {"more_affected_than_served": 50}, None)
    assert ci[2] == {"more_affected_than_served": 50}


def test_a_number_that_nobody_said_is_at_most_the_customers_of_the_area(grid):
    grid.outage("X", "started", "06-03 08:00", areas={"B": None, "A": 7})
    out, south, ci = grid.said("06-03 09:00", OUT, "customers_out|region=south|kind=all|now", CI)
    assert out == (7, 1, {"customers_unknown": 300}, None)
    assert south == (0, 1, {"customers_unknown": 300}, None)
    assert (ci[0], ci[2]) == (7, {"customers_unknown": 300})


def test_a_number_said_later_is_one_from_then_on(grid):
    grid.outage("X", "started", "06-03 08:00", areas={"B": None})
    grid.outage("X", "step_restored", "06-03 08:30", areas={"B": 40})
    out, cmi = grid.said("06-03 09:00", OUT, CMI)
    assert (out, cmi) == ((40, 1, {}, None), (40 * 30 * MINUTE, 40 * MINUTE, {"customers_unknown": 300}, None))


def test_an_area_that_the_network_does_not_have(grid):
    grid.outage("X", "started", "06-03 08:00", areas={"nowhere": 9000, "A": 1})
    out, unknown, cmi = grid.said("06-03 09:00", OUT, "customers_out|region=unknown|kind=fault|now", CMI)
    assert out == (9001, 1, {"area_unknown": 9000}, None)
    assert unknown == (9000, 1, {"area_unknown": 9000}, None)
    assert cmi[2] == {"area_unknown": 9000}


# 1000 are out from 08:00, 400 of them from 08:40 on; then at 09:30 something is said that cannot be. Read at 10:00:
# 600 for 40 minutes and 400 for 120 are 72,000; were the 700 believed, 60,000 and nobody out.
@pytest.mark.parametrize(
    ("event", "said", "out", "minutes", "finding"),
    [
        ("step_restored", {"A": (None, 700)}, 400, 72_000, {"more_restored_than_remained": 300}),
        ("step_restored", {"A": (0, 700)}, 0, 60_000, {"more_restored_than_remained": 300}),
        ("step_restored", {"A": (None, 400)}, 0, 60_000, {}),
        ("step_restored", {"A": (1500, None)}, 400, 72_000, {"remaining_against_event": 1100}),
        ("extended", {"A": (100, None)}, 400, 72_000, {"remaining_against_event": 300}),
        ("extended", {"A": (500, None)}, 500, 75_000, {}),
        ("step_restored", {"B": (None, 30)}, 400, 72_000, {"more_restored_than_remained": 30}),
        ("step_restored", {"B": (30, None)}, 400, 72_000, {"remaining_against_event": 30}),
        ("step_restored", {"": (None, 700)}, 400, 72_000, {"more_restored_than_remained": 300}),
        ("step_restored", {"": (600, None)}, 400, 72_000, {"remaining_against_event": 200}),
        ("step_restored", {"A": (100, 200)}, 100, 63_000, {"restored_disagrees_with_remaining": 100}),
    ],
)
def test_the_last_good_number_stays(grid, event, said, out, minutes, finding):  # noqa: PLR0917  a row of the table
    grid.outage("X", "started", "06-03 08:00", areas={"A": 1000})
    grid.outage("X", "step_restored", "06-03 08:40", areas={"A": 400})
    areas = [{"area": area or None, "remaining": left, "restored": back} for area, (left, back) in said.items()]
    grid.outage("X", event, "06-03 09:30", areas=areas)
    now, cmi = grid.said("06-03 10:00", OUT, CMI)
    assert (now, cmi[0], cmi[2]) == ((out, 1, finding, None), minutes * MINUTE, finding)


def test_an_area_that_serves_nobody_has_a_figure(grid):
    """0 is a figure: who is out there is beyond it, now and on the day, and not divided by nothing."""
    grid.area("Z", region="east", customers=0)
    grid.outage("X", "started", "06-03 08:00", areas={"Z": 5})
    now, day, all_day = grid.said("06-03 09:00", "customers_out|region=east|kind=fault|now", *(
        f"saifi|{scope}|kind=fault|2026-06-03" for scope in ("region=east", "all")
    ))  # fmt: skip
    assert now[:3] == (5, 1, {"more_affected_than_served": 5, "more_out_than_served": 5})
    assert day[:3] == (None, None, {"more_affected_than_served": 5})
    assert (all_day.numerator, all_day.findings) == (5, {"more_affected_than_served": 5})
