"""Variants of promises that somebody might launder, by the definition of each: in the service and in the oracle."""

import pytest

from tests.oracle.promises import BROKEN, KEPT, NOT_DUE, fault, plan, planned, stands
from tests.support.lives import at, order, outage


@pytest.mark.parametrize("estimate", ["03 08:00", "03 07:50"])
def test_an_estimate_that_was_over_when_it_was_told_is_broken(estimate):
    """At 08:05 of an interruption that began at 08:00: at no instant could it have come true."""
    life = fault(("03 08:05", estimate), restored="03 09:05")
    assert stands(life[:2], "03 09:00", "L7") == [(1, "breached", True, *BROKEN)]
    assert stands(life, "03 10:00", "L7") == [(1, "met_late", False, *BROKEN)]


def test_an_estimate_that_was_told_and_over_before_the_interruption_is_none_of_it():
    life = [outage("etr", "03 07:30", etr=at("03 07:50")), *fault(restored="03 09:05")]
    assert stands(life, "03 10:00", "L7") == []


def test_a_planned_outage_that_begins_after_the_end_of_its_plan_overruns_it():
    window = plan("12 09:00", "12 12:00")
    life = planned(("announced", "01 09:00", window), begin="12 12:30", end="12 14:00")
    assert stands(life[:2], "12 13:00", "L11") == [(1, "breached", True, *BROKEN)]
    assert stands(life, "13 12:00", "L11") == [(1, "met_late", False, *BROKEN)]


def test_supply_that_is_taken_again_after_the_end_of_the_plan_overruns_it():
    window = plan("12 09:00", "12 12:00")
    life = planned(("announced", "01 09:00", window), begin="12 09:00", end="12 11:00")
    life += [outage("started", "12 13:00", kind="planned", cycle=2, areas={"A": 3})]
    life += [outage("restored", "12 14:00", cycle=2)]
    assert stands(life, "13 12:00", "L11") == [(1, "met", False, *KEPT), (2, "met_late", False, *BROKEN)]


TEMPORARY = plan("05 09:00", "05 12:00")


@pytest.mark.parametrize(
    ("announced", "status"),
    [
        ([], "breached"),
        ([("announced", "03 19:00", TEMPORARY)], "met"),  # in time for its plan; that it began early is L11b's
        ([("announced", "03 20:00:01", TEMPORARY)], "met_late"),
        ([("announced", "03 23:00", TEMPORARY)], "met_late"),
    ],
)
def test_what_begins_before_its_notice_is_due_has_to_be_known_by_its_begin(announced, status):
    """Planned for 06-05 09:00, begun 37 hours early, and over before the notice of 24 hours would have been due."""
    said = [("scheduled", "02 09:00", TEMPORARY), *announced]
    life = planned(*said, begin="03 20:00", end="03 22:00", kind="temporary")
    due = KEPT if status == "met" else BROKEN
    assert stands(life, "06 12:00", "L12") == [(1, status, False, *due)]


def test_a_restoration_has_to_be_published_although_the_file_was_closed_at_once():
    life = [
        outage("started", "03 08:00", areas={"A": 10}),
        outage("restored", "03 08:30"),
        outage("closed", "03 08:33"),
    ]
    assert stands(life, "03 08:34", "L8b") == [(1, "unproven", False, *NOT_DUE)]
    assert stands(life, "03 10:00", "L8b") == [(1, "breached", False, *BROKEN)]
    published = outage("info_published", "03 08:34", about="restoration")
    assert stands([*life, published], "03 10:00", "L8b") == [(1, "met", False, *KEPT)]


@pytest.mark.parametrize(
    ("ending", "clocks"),
    [
        ("closed", [("void", NOT_DUE), ("breached", BROKEN), ("breached", BROKEN)]),
        ("cancelled", [("void", NOT_DUE)] * 3),
    ],
)
def test_a_closing_before_the_report_does_not_unsay_the_arrival(ending, clocks):
    life = [order("created", "03 08:00"), order(ending, "03 07:50")]
    found = stands(life, "03 12:00", "L1", "L3a", "L3b")
    assert found == [(1, status, False, *due) for status, due in clocks]
