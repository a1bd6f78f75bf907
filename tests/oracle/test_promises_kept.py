"""Worked examples of promises that somebody might launder: clocks by hand, in the service and in the oracle."""

import pytest

from streams.cases.registry import COMPLAINT, ORDER, OUTAGE
from tests.oracle.promises import (
    BROKEN,
    KEPT,
    NOT_DUE,
    OPEN_BROKEN,
    fault,
    listed,
    plan,
    planned,
    served,
    stands,
)
from tests.support.lives import at, complaint, look, order, outage

# -- estimates ---------------------------------------------------------------------------------------------------------


def test_an_estimate_that_passed_stays_broken_and_the_next_one_is_a_promise_of_its_own():
    life = fault(("03 08:05", "03 09:00"), ("03 09:30", "03 11:00"), restored="03 10:50")
    assert stands(life, "03 12:00", "L7") == [
        (1, "met_late", False, *BROKEN),
        (10_001, "met", False, *KEPT),
    ]
    assert stands(life[:3], "03 10:00", "L7") == [(1, "breached", False, *BROKEN), (10_001, "running", True, *NOT_DUE)]


@pytest.mark.parametrize(
    ("moved", "first"),
    [
        ("03 08:59:59", "void"),
        ("03 09:00", "void"),  # told at its own instant
        ("03 09:00:01", "met_late"),  # it had passed; the ten minutes of grace are no time to take it back
        ("03 09:09", "met_late"),
    ],
)
def test_an_estimate_is_taken_back_up_to_its_own_instant(moved, first):
    life = fault(("03 08:05", "03 09:00"), (moved, "03 11:00"), restored="03 10:50")
    assert [status for _, status, *_ in stands(life, "03 12:00", "L7")] == [first, "met"]


def test_restored_within_the_grace_the_estimate_was_right_although_it_was_moved():
    life = fault(("03 08:05", "03 09:00"), ("03 09:05", "03 11:00"), restored="03 09:08")
    assert stands(life[:3], "03 09:06", "L7")[0] == (1, "unproven", False, *NOT_DUE)
    assert [each[:2] for each in stands(life, "03 12:00", "L7")] == [(1, "met"), (10_001, "met")]


def test_every_estimate_that_passes_is_one_more_broken_promise():
    life = fault(("03 08:05", "03 09:00"), ("03 09:30", "03 10:00"), ("03 10:30", "03 11:00"), restored="03 12:00")
    assert [each[3:] for each in stands(life, "03 13:00", "L7")] == [BROKEN, BROKEN, BROKEN]


def test_an_estimate_told_again_or_withdrawn_is_no_way_out():
    again = fault(("03 08:05", "03 09:00"), ("03 08:30", "03 09:00"), restored="03 10:00")
    assert stands(again, "03 12:00", "L7") == [(1, "met_late", False, *BROKEN)]
    late = fault(("03 08:05", "03 09:00"), ("03 09:30", None), restored="03 10:00")
    assert stands(late, "03 12:00", "L7") == [(1, "met_late", False, *BROKEN)]
    early = fault(("03 08:05", "03 09:00"), ("03 08:30", None), restored="03 10:00")
    assert stands(early, "03 12:00", "L7") == [(1, "void", False, *NOT_DUE)]


def test_an_estimate_is_one_of_the_interruption_in_which_it_was_in_force():
    life = [
        *fault(("03 08:05", "03 09:00"), restored="03 08:30"),
        outage("started", "03 10:00", cycle=2, areas={"A": 10}),
        outage("etr", "03 10:05", etr=at("03 11:00")),
        outage("restored", "03 12:00", cycle=2),
    ]
    assert stands(life, "03 13:00", "L7") == [(1, "met", False, *KEPT), (2, "met_late", False, *BROKEN)]


# -- plans -------------------------------------------------------------------------------------------------------------


FIRST = plan("12 09:00", "12 12:00", "01 09:00")


def test_planned_and_begun_without_a_plan_is_the_worst_case_of_no_notice():
    life = planned(begin="12 09:00", end="12 12:00")
    assert stands(life[:1], "12 10:00", "L12") == [(1, "breached", True, *OPEN_BROKEN)]
    assert stands(life, "12 13:00", "L12", "L11", "L11b") == [(1, "breached", False, *BROKEN)]
    assert look(OUTAGE, life, "12 13:00").findings == ("started_without_plan",)


def test_a_plan_that_is_said_after_the_begin_is_none():
    life = [
        *planned(begin="12 09:00", end="12 12:00"),
        outage("scheduled", "12 09:30", kind="planned", plan=plan("12 09:00", "12 12:00", "01 09:00")),
    ]
    assert [each[1] for each in stands(life, "12 13:00", "L12")] == ["met"]  # it was public on 06-01, whoever planned
    silent = [*life[:2], outage("scheduled", "12 09:30", kind="planned", plan=plan("12 09:00", "12 12:00"))]
    assert [each[1] for each in stands(silent, "12 13:00", "L12")] == ["breached"]


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (plan("11 09:00", "11 12:00"), "breached"),  # to the day before, and nobody was told
        (plan("11 09:00", "11 12:00", "01 09:00"), "breached"),  # that was the notice of the plan before
        (plan("15 09:00", "15 12:00"), "breached"),  # later, but on a day that nobody was told of
        (plan("12 09:30", "12 12:00"), "met"),  # within what had been told
        (plan("12 09:00", "12 14:00"), "met"),  # begins as told; L11 is for the end
        (plan("12 08:59", "12 12:00"), "breached"),
        (plan("20 09:00", "20 12:00", "10 10:00"), "met"),  # told anew, ten days before
        (plan("17 09:59", "17 12:00", "10 10:00"), "met_late"),  # told anew, a minute too late
    ],
)
def test_notice_belongs_to_a_version_of_the_plan(moved, expected):
    begins = moved["start"]
    life = planned(("scheduled", "01 08:00", FIRST), ("scheduled", "10 10:00", moved))
    life += [outage("started", begins, kind="planned", areas={"A": 10}), outage("restored", begins + 600)]
    assert stands(life, "25 00:00", "L12")[-1][1] == expected


def test_an_announcement_is_the_notice_of_its_own_plan():
    life = planned(
        ("scheduled", "01 08:00", plan("12 09:00", "12 12:00")),
        ("announced", "02 08:00", plan("12 09:00", "12 12:00")),
        ("announced", "10 10:00", plan("11 09:00", "11 12:00")),
        begin="11 09:00",
        end="11 11:00",
    )
    assert [each[:2] for each in stands(life, "12 13:00", "L12")] == [(1, "void"), (2, "met_late")]


def test_a_plan_moved_before_anything_began_takes_its_missing_notice_with_it():
    life = planned(("scheduled", "01 08:00", plan("12 09:00", "12 12:00")))
    assert stands(life, "06 09:00", "L12") == [(1, "breached", True, *OPEN_BROKEN)]
    life += planned(("announced", "06 10:00", plan("20 09:00", "20 12:00")))
    assert [each[:2] for each in stands(life, "06 11:00", "L12")] == [(1, "void"), (2, "met")]


@pytest.mark.parametrize(
    ("begin", "status"),
    [("11 09:00", "breached"), ("12 08:49:59", "breached"), ("12 08:50", "met"), ("12 10:00", "met")],
)
def test_an_early_begin_is_seen(begin, status):
    life = planned(("scheduled", "01 08:00", FIRST), begin=begin, end="12 11:00")
    assert [each[1] for each in stands(life, "13 00:00", "L11b")] == [status]
    assert stands(life, "13 00:00", "L12") == [(1, "met", False, *KEPT)]
    early = begin < "12 09:00"
    assert ("started_before_plan" in look(OUTAGE, life, "13 00:00").findings) == early


def test_a_planned_end_that_passed_stays_passed():
    life = planned(
        ("scheduled", "01 08:00", FIRST),
        begin="12 09:00",
        end="12 13:30",
        plan=FIRST,
    )
    life += planned(("scheduled", "12 12:30", plan("12 09:00", "12 14:00")))
    assert [each[:2] for each in stands(life, "12 15:00", "L11")] == [(1, "met_late"), (10_001, "met")]
    before = planned(("scheduled", "12 11:30", plan("12 09:00", "12 14:00")))
    assert [each[:2] for each in stands([*life[:3], *before], "12 15:00", "L11")] == [(1, "void"), (10_001, "met")]


# -- what is closed ----------------------------------------------------------------------------------------------------

CALL = order("created", "03 08:00")


def test_closed_without_arrival_is_due_for_every_arrival_clock():
    life = [CALL, order("dispatched", "03 08:02", crew="k"), order("accepted", "03 08:03"), order("closed", "03 08:44")]
    assert stands(life, "03 08:44:30", "L3a", "L3b") == [(1, "unproven", False, *NOT_DUE)] * 2
    assert stands(life, "03 09:00:01", "L3a", "L3b") == [(1, "breached", False, *BROKEN)] * 2
    proved = [*life, order("arrived", "03 08:40")]
    assert stands(proved, "03 12:00", "L3a", "L3b") == [(1, "met", False, *KEPT)] * 2


@pytest.mark.parametrize("after", ["03 08:25", "03 09:30"])
@pytest.mark.parametrize("ending", ["closed", "cancelled"])
def test_an_ended_order_has_no_running_clock_whatever_is_noted_after_it(ending, after):
    life = [
        CALL,
        order("dispatched", "03 08:02", crew="k"),
        order(ending, "03 08:20"),
        order("dispatched", after, crew="k"),
        order("reassigned", after, crew="m"),
        order("arrived", after),
    ]
    for now in ("03 08:21", "03 08:44", "03 10:00", "05 00:00"):
        assert not any(each[3] for each in served(life, now))
        assert served(life, now) == listed(life, now)
    assert "fact_after_closing" in look(ORDER, life, "05 00:00").findings


def test_a_cancellation_after_the_closing_takes_nothing_back():
    life = [CALL, order("closed", "03 08:20"), order("cancelled", "03 08:30")]
    assert stands(life, "03 12:00", "L3a") == [(1, "breached", False, *BROKEN)]


def test_an_arrival_proves_the_acceptance_of_a_dispatch_that_is_noted_later():
    life = [CALL, order("arrived", "03 08:20"), order("dispatched", "03 08:25", crew="k")]
    assert stands(life, "03 20:00", "L2") == []
    assert "dispatch_noted_late" in look(ORDER, life, "03 20:00").findings
    given_back = [*life, order("returned", "03 08:30", reason="r"), order("dispatched", "03 08:40", crew="m")]
    assert stands(given_back, "03 08:41", "L2") == [(1, "running", True, *NOT_DUE)]
    taken_over = [CALL, order("arrived", "03 08:20"), order("reassigned", "03 08:25", crew="m")]
    assert stands(taken_over, "03 08:26", "L2") == [(1, "running", True, *NOT_DUE)]


def test_what_happens_to_an_outage_after_it_was_closed_or_cancelled_is_a_finding():
    closed = [
        outage("started", "03 08:00", areas={"A": 10}),
        outage("restored", "03 09:00"),
        outage("closed", "03 09:30"),
        outage("info_published", "03 09:40", about="restoration"),
    ]
    again = outage("started", "03 10:00", areas={"A": 10}, cycle=2)
    estimate = outage("etr", "03 10:00", etr=at("03 11:00"))
    late = outage("restored", "03 09:45")
    off = [
        outage("scheduled", "03 07:00", kind="planned", plan={"start": at("03 08:00"), "end": at("03 09:00")}),
        outage("cancelled", "03 07:30"),
    ]
    found = {
        name: "fact_after_closing" in look(OUTAGE, life, "03 12:00").findings
        for name, life in {
            "closed": closed,
            "again": [*closed, again],
            "estimate": [*closed, estimate],
            "late": [*closed, late],
            "cancelled": off,
            "begun": [*off, again],
        }.items()
    }
    assert found == {"closed": False, "again": True, "estimate": True, "late": True, "cancelled": False, "begun": True}


def test_a_reply_is_due_although_the_file_was_closed():
    life = [complaint("accepted", "03 08:00"), complaint("closed", "03 08:01")]
    assert stands(life, "04 08:00:01", "L18", "L19") == [
        (1, "breached", False, *BROKEN),
        (1, "unproven", False, *NOT_DUE),
    ]
    assert stands(life, "11 00:00", "L19") == [(1, "breached", False, *BROKEN)]
    reopened = [*life, complaint("reopened", "04 09:00")]
    assert [each[:3] for each in stands(reopened, "04 10:00", "L19", "L21")] == [(1, "running", True)] * 2


def test_a_withdrawn_complaint_has_no_running_clock_whatever_comes_after():
    life = [
        complaint("accepted", "03 08:00", level="major"),
        complaint("closed", "03 08:05"),
        complaint("withdrawn", "03 08:10"),
        complaint("reopened", "03 09:00"),
        complaint("assigned", "03 09:30"),
    ]
    for now in ("03 08:07", "03 08:30", "03 10:00", "20 00:00"):
        assert not any(each[3] for each in served(life, now))
        assert served(life, now) == listed(life, now)
    assert "fact_after_closing" in look(COMPLAINT, life, "20 00:00").findings


def test_a_fault_that_nobody_confirmed_has_to_be_published_from_its_begin():
    life = [outage("started", "03 08:00", areas={"A": 10})]
    assert stands(life, "03 08:05:01", "L8a") == [(1, "breached", True, *OPEN_BROKEN)]
    confirmed = [*life, outage("confirmed", "03 07:58", kind="fault")]
    assert stands(confirmed, "03 08:03:01", "L8a") == [(1, "breached", True, *OPEN_BROKEN)]


def test_each_interruption_of_a_fault_has_to_be_published():
    life = [
        outage("started", "03 08:00", areas={"A": 10}),
        outage("info_published", "03 08:03", about="fault"),
        outage("restored", "03 09:00"),
        outage("started", "03 10:00", areas={"A": 10}, cycle=2),
    ]
    first = (1, "met", False, *KEPT)
    assert stands(life, "03 10:05", "L8a") == [first, (2, "at_risk", True, *NOT_DUE)]
    assert stands(life, "03 10:05:01", "L8a") == [first, (2, "breached", True, *OPEN_BROKEN)]
    again = [*life, outage("info_published", "03 10:04", about="fault")]
    assert stands(again, "03 10:06", "L8a") == [first, (2, "met", False, *KEPT)]
    between = [*life, outage("info_published", "03 09:30", about="fault")]  # of what is over
    assert stands(between, "03 10:06", "L8a") == [first, (2, "breached", True, *OPEN_BROKEN)]
    trip = [*life, outage("restored", "03 10:03", cycle=2)]  # nobody was without supply for long
    assert stands(trip, "03 11:00", "L8a") == [first]


def test_what_was_published_before_the_fault_was_confirmed_or_had_begun_is_published():
    published = outage("info_published", "03 07:57", about="fault")
    begun = [outage("started", "03 08:00", areas={"A": 10}), published]
    assert stands(begun, "03 09:00", "L8a") == [(1, "met", False, *KEPT)]
    confirmed = [outage("confirmed", "03 07:58", kind="fault"), published]
    assert stands(confirmed, "03 09:00", "L8a") == [(1, "met", False, *KEPT)]
    assert stands([*begun, *confirmed[:1]], "03 09:00", "L8a") == [(1, "met", False, *KEPT)]


def test_a_closed_outage_has_no_running_clock_and_one_that_began_again_is_not_closed():
    life = [
        outage("started", "03 08:00", areas={"A": 10}),
        outage("closed", "03 09:30"),
        outage("restored", "03 10:00"),
    ]
    assert not any(each[3] for each in served(life, "03 10:30"))
    assert served(life, "03 10:30") == listed(life, "03 10:30")
    again = [*life, outage("started", "03 11:00", cycle=2, areas={"A": 10})]
    assert [each[:3] for each in stands(again, "03 12:00", "L9")] == [(1, "met", False), (2, "running", True)]


def test_a_reconnection_is_due_a_day_after_it_was_reported():
    life = [order("created", "03 08:00", work_type="reconnection")]
    assert stands(life, "04 08:00:01", "L13") == [(1, "breached", True, *OPEN_BROKEN)]
    done = [*life, order("field_complete", "04 08:00")]
    assert stands(done, "05 00:00", "L13") == [(1, "met", False, *KEPT)]
    assert stands([*life, order("closed", "03 09:00")], "05 00:00", "L13") == [(1, "breached", False, *BROKEN)]
