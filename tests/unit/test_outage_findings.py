"""Each rule for contradictions between the facts of an outage: raised, harmless beyond its rule, described."""

from pathlib import Path

import pytest

from streams.cases.findings import FINDINGS
from streams.cases.registry import OUTAGE
from tests.support.lives import look, outage, value

LATER = "05 00:00"
DAY = "all|2026-06-03"


def start():
    return outage("started", "03 08:00", areas={"A": 100})


def step(when, remaining, restored=None):
    return outage("step_restored", when, areas=[{"area": "A", "remaining": remaining, "restored": restored}])


def end(when="03 10:00", **fields):
    return outage("restored", when, **fields)


@pytest.mark.parametrize(
    ("name", "lifecycle", "customer_seconds"),
    [
        ("end_before_start", [start(), end("03 07:00")], 0),
        ("end_without_start", [start(), end(), end("03 11:00", cycle=2)], 100 * 7200),
        ("cycles_overlap", [start(), outage("started", "03 09:00", cycle=2), end(), end("03 11:00", cycle=2)], 720_000),
        ("entry_before_start", [start(), step("03 07:00", 50), end()], 100 * 7200),
        ("remaining_after_end", [start(), end(), step("03 11:00", 50)], 100 * 7200),
        ("restored_disagrees_with_remaining", [start(), step("03 09:00", 40, 50), end()], 60 * 3600 + 40 * 7200),
        ("more_restored_than_remained", [start(), step("03 09:00", None, 101), end()], 100 * 7200),
        ("remaining_against_event", [start(), step("03 09:00", 101), end()], 100 * 7200),
        ("remaining_against_event", [start(), outage("extended", "03 09:00", areas={"A": 99}), end()], 100 * 7200),
        ("closed_without_restoration", [start(), outage("closed", "03 09:00")], 100 * (40 * 3600)),
        ("split_without_end", [start(), outage("split", "03 09:00", into=["P"]), end()], 100 * 7200),
        ("area_unknown", [outage("started", "03 08:00", areas={"": 1}), end()], 7200),
        ("customers_unknown", [outage("started", "03 08:00", areas={"A": None}), end()], 0),
        ("more_affected_than_served", [outage("started", "03 08:00", areas={"A": 10_001}), end()], 10_001 * 7200),
    ],
)
def test_each_rule(name, lifecycle, customer_seconds):
    seen = look(OUTAGE, lifecycle, LATER)
    assert seen.findings == tuple(seen.summary["findings"]) == (name,)
    assert value(seen, f"findings|{name}", "all|now") == 1
    assert seen.summary["customer_seconds_out"] == customer_seconds
    assert value(seen, "interruption_seconds|fault", DAY, LATER) == customer_seconds


def test_a_contradictory_cycle_leaves_the_other_cycles():
    lifecycle = [start(), end(), outage("started", "03 12:00", cycle=2, areas={"A": 50}), end("03 11:00", cycle=2)]
    seen = look(OUTAGE, lifecycle, LATER)
    assert (seen.findings, seen.summary["state"], seen.summary["open"]) == (
        ("end_before_start",),
        "contradictory",
        False,
    )
    assert value(seen, "customer_interruptions|fault", DAY) == 100
    assert value(seen, "interruption_seconds|fault", DAY) == 100 * 7200
    assert value(seen, "outages_by_state|fault|contradictory", "all|now") == 1
    assert look(OUTAGE, [lifecycle[0], *lifecycle[2:]], LATER).summary["customers_out"] == 100


def test_a_restored_count_without_remaining_counts_down():
    lifecycle = [start(), step("03 09:00", None, 30), end()]
    seen = look(OUTAGE, lifecycle, LATER)
    assert (seen.findings, seen.summary["customer_seconds_out"]) == ((), 30 * 3600 + 70 * 7200)


def test_a_closed_outage_without_restoration_stays_open():
    assert look(OUTAGE, [start(), outage("closed", "03 09:00")], LATER).summary["open"]
    closed = look(OUTAGE, [start(), end(), outage("closed", "03 11:00")], LATER)
    assert (closed.findings, closed.summary["state"]) == ((), "closed")


def test_closed_after_its_restoration_and_interrupted_again_is_open():
    lifecycle = [start(), end(), outage("closed", "03 10:30"), outage("started", "03 11:00", cycle=2, areas={"A": 1})]
    seen = look(OUTAGE, lifecycle, LATER)
    assert (seen.findings, seen.summary["open"]) == (("fact_after_closing",), True)
    again = look(OUTAGE, [*lifecycle, outage("closed", "03 11:00")], LATER)
    assert again.findings == ("closed_without_restoration",)


def test_every_finding_has_its_row_in_the_docs():
    rows = (Path(__file__).parents[2] / "docs" / "findings.md").read_text().splitlines()
    assert [row.split("`")[1] for row in rows if row.startswith("| `")] == list(FINDINGS)
