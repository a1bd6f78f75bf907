"""Complaints: DOMAIN.md 1.4 and edge cases 63 to 65 and 70, states, ages, void endings."""

import itertools

import pytest

from streams.cases.registry import COMPLAINT
from streams.kpis.complaints_open import AGES, STATES
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.support.lives import REFERENCE, at, complaint, look, measures, value

DAY = "2026-06-03"  # a Wednesday
ALL = f"all|{DAY}"


def accepted(when="03 08:00", **fields):
    return complaint("accepted", when, **fields)


def day(events, *names, now="04 00:00", cell=ALL, reference=REFERENCE):
    seen = look(COMPLAINT, events, now, reference)
    return tuple(value(seen, name, cell) for name in names)


def closure(events, now="10 00:00", cell=ALL):
    """accepted, cohort, closed of it, closed that day, first closed that day, of these reopened"""
    names = ("complaints_opened", "complaints_cohort", "complaints_cohort_closed", "complaints_closed")
    return day(events, *names, "complaints_first_closed", "complaints_reopened", now=now, cell=cell)


def replies(events, now, **kwargs):
    """due, on time"""
    return day(events, "complaint_replies_due", "complaint_replies_on_time", now=now, **kwargs)


def state(events, now="04 00:00"):
    return look(COMPLAINT, events, now).summary["state"]


# -- closing, reopening, withdrawing -----------------------------------------------------------------------------------


def test_63_a_reopened_case_leaves_the_closed_and_comes_back_once():
    lifecycle = [accepted(), complaint("replied", "03 09:00"), complaint("closed", "03 10:00")]
    assert closure(lifecycle) == (1, 1, 1, 1, 1, 0)

    lifecycle.append(complaint("reopened", "04 09:00"))
    assert closure(lifecycle) == (1, 1, 0, 0, 1, 1)
    assert state(lifecycle, "04 10:00") == "reopened"
    assert replies(lifecycle, "30 00:00") == (1, 1), "the first reply answered, whatever followed"

    lifecycle.append(complaint("closed", "05 10:00"))
    assert closure(lifecycle) == (1, 1, 1, 0, 1, 1)
    assert closure(lifecycle, cell="all|2026-06-05") == (0, 0, 0, 1, 0, 0)

    lifecycle += [complaint("reopened", "06 09:00"), complaint("closed", "07 10:00")]
    assert closure(lifecycle) == (1, 1, 1, 0, 1, 1), "reopened twice, counted once"
    assert closure(lifecycle, cell="all|2026-06-05") == (0, 0, 0, 0, 0, 0), "the second closing is none any more"
    assert closure(lifecycle, cell="all|2026-06-07") == (0, 0, 0, 1, 0, 0)


def test_63_a_breach_stays_one_after_a_reopening():
    late = [accepted(), complaint("closed", "12 10:00")]
    assert replies(late, "12 11:00") == (1, 0)
    assert replies([*late, complaint("reopened", "12 12:00")], "13 00:00") == (1, 0)


def test_64_closed_twice_is_closed_once():
    once = complaint("closed", "03 10:00")
    assert closure([accepted(), once, once]) == (1, 1, 1, 1, 1, 0)
    again = [accepted(), once, complaint("closed", "04 10:00")]
    assert closure(again) == (1, 1, 1, 1, 1, 0)
    assert closure(again, cell="all|2026-06-04") == (0, 0, 0, 0, 0, 0), "repeated, it has not moved"


def test_65_closed_before_the_acceptance_is_known_waits_for_it():
    closed = complaint("closed", "03 10:00")
    alone = look(COMPLAINT, [closed], "03 11:00")
    assert measures(alone) == {("now", "complaints_by_state|incomplete"): (1, 0)}
    assert (alone.summary["state"], alone.summary["open"], alone.findings) == ("incomplete", False, ())
    assert closure([closed, accepted()]) == (1, 1, 1, 1, 1, 0)


@pytest.mark.parametrize("ending", ["closed", "withdrawn"])
def test_an_ending_before_the_acceptance_is_void_and_at_it_valid(ending):
    early = look(COMPLAINT, [accepted(), complaint(ending, "03 07:59:59")], "03 12:00")
    assert early.findings == ("closed_before_accepted",)
    assert (early.summary["state"], early.summary["open"]) == ("contradictory", False)
    assert measures(early) == {
        (DAY, "customer_cases_accepted|complaint"): (1, 0),
        (DAY, "complaints_opened"): (1, 0),
        (DAY, "complaints_cohort"): (1, 0),
        ("now", "complaints_by_state|contradictory"): (1, 0),
        ("now", "findings|closed_before_accepted"): (1, 0),
    }
    equal = look(COMPLAINT, [accepted(), complaint(ending, "03 08:00")], "03 12:00")
    missing = ("closed_without_reply",) if ending == "closed" else ()
    assert (equal.findings, equal.summary["state"]) == (missing, ending)


def test_a_valid_closing_resolves_the_contradiction_and_the_finding_stays():
    lifecycle = [
        accepted(),
        complaint("closed", "03 07:00"),
        complaint("replied", "03 08:30"),
        complaint("closed", "03 09:00"),
    ]
    assert closure(lifecycle) == (1, 1, 1, 1, 1, 0)
    assert look(COMPLAINT, lifecycle, "03 12:00").findings == ("closed_before_accepted",)
    wrong = complaint("closed", "03 07:00")
    right = [
        accepted(),
        wrong,
        complaint("replied", "03 09:00"),
        complaint("closed", "03 09:00", corrects=wrong.event_id),
    ]
    assert look(COMPLAINT, right, "03 12:00").findings == ()


def test_70_withdrawn_is_out_of_the_closure_and_still_accepted():
    lifecycle = [accepted(), complaint("withdrawn", "03 09:00")]
    assert closure(lifecycle) == (1, 0, 0, 0, 0, 0)
    assert day(lifecycle, "customer_cases_accepted|complaint", "complaint_replies_due", now="30 00:00") == (1, 0)
    assert state(lifecycle) == "withdrawn"
    assert value(look(COMPLAINT, lifecycle, "04 00:00"), "complaints_open", "all|now") == 0


def test_a_withdrawal_ends_the_case_for_good():
    lifecycle = [accepted(), complaint("withdrawn", "03 09:00"), complaint("reopened", "03 10:00")]
    assert (state(lifecycle), closure(lifecycle)) == ("withdrawn", (1, 0, 0, 0, 0, 0))
    assert closure([*lifecycle, complaint("closed", "03 11:00")]) == (1, 0, 0, 0, 0, 0)
    together = [accepted(), *(complaint(name, "03 09:00") for name in ("reopened", "withdrawn", "closed"))]
    assert (state(together), closure(together)) == ("withdrawn", (1, 0, 0, 0, 1, 0)), "closed, withdrawn, reopened"


def test_at_one_instant_a_reopening_follows_a_closing():
    lifecycle = [accepted(), complaint("reopened", "03 09:00"), complaint("closed", "03 09:00")]
    assert (state(lifecycle), closure(lifecycle)) == ("reopened", (1, 1, 0, 0, 1, 1))


# -- open now ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], "accepted"),
        (["assigned"], "assigned"),
        (["assigned", "returned"], "returned"),
        (["assigned", "returned", "transferred"], "assigned"),
        (["assigned", "contacted"], "in_progress"),
        (["contacted", "replied"], "replied"),
        (["replied", "contacted"], "replied"),
        (["replied", "closed", "reopened"], "reopened"),
        (["replied", "closed", "reopened", "assigned"], "assigned"),
        (["replied", "closed", "reopened", "replied"], "replied"),
        (["forwarded", "ruled", "linked", "survey_sent", "rated"], "accepted"),
        (["replied", "closed"], "closed"),
    ],
)
def test_the_state_is_where_the_last_move_led(moves, expected):
    lifecycle = [accepted(), *(complaint(name, f"03 09:{minute:02}") for minute, name in enumerate(moves))]
    for order in itertools.islice(itertools.permutations(lifecycle), 6):
        assert state(order) == expected
    seen = look(COMPLAINT, lifecycle, "03 12:00")
    assert value(seen, "complaints_open", "all|now") == (expected != "closed")
    assert value(seen, f"complaints_by_state|{expected}", "all|now") == (expected in STATES)
    assert value(seen, "complaints_open_by_age|wd_0_1", "all|now") == (expected != "closed")


def test_a_future_fact_has_not_happened_yet():
    seen = look(COMPLAINT, [accepted(), complaint("closed", "03 09:00")], "03 08:58")
    assert (seen.summary["state"], seen.next_due_at) == ("accepted", at("03 09:00"))


@pytest.mark.parametrize(
    ("now", "age"),
    [
        ("09-18 10:00", "wd_0_1"),  # Friday
        ("09-20 23:59:59", "wd_0_1"),  # worked Sunday
        ("09-21 00:00", "wd_2_3"),
        ("09-23 00:00", "wd_4_5"),
        ("09-27 23:59:59", "wd_4_5"),  # three days off
        ("09-28 00:00", "wd_6_7"),
        ("09-30 00:00", "wd_gt_7"),
        ("12-30 00:00", "wd_gt_7"),
    ],
)
def test_ages_are_in_working_days(now, age):
    seen = look(COMPLAINT, [accepted("09-18 10:00")], now)
    assert [name for name in AGES if value(seen, f"complaints_open_by_age|{name}", "all|now")] == [age]


def test_an_age_ends_at_a_midnight_and_goes_on_through_a_reopening():
    lifecycle = [accepted("09-18 10:00"), complaint("replied", "09-18 11:00")]
    assert look(COMPLAINT, lifecycle, "09-20 10:00").next_due_at == at("09-21 00:00")
    lifecycle += [complaint("closed", "09-19 10:00"), complaint("reopened", "09-22 10:00")]
    assert value(look(COMPLAINT, lifecycle, "09-23 00:00"), "complaints_open_by_age|wd_4_5", "all|now") == 1


# -- where it counts ---------------------------------------------------------------------------------------------------


def test_only_a_complaint_counts_as_one():
    report = [accepted(case_kind="fault_report"), complaint("closed", "03 07:00")]
    seen = look(COMPLAINT, report, "20 00:00")
    assert measures(seen) == {
        (DAY, "customer_cases_accepted|fault_report"): (1, 0),
        ("now", "findings|closed_before_accepted"): (1, 0),
    }
    assert (seen.summary["open"], seen.summary["reply_deadline_at"]) == (False, None)


def test_it_counts_in_its_area_category_and_level():
    seen = look(COMPLAINT, [accepted(category="outage", level="major")], "03 09:00")
    scopes = {cell.rpartition("|")[0] for cell, measure in seen.measures if measure == "complaints_opened"}
    assert scopes == {"all", "region=north", "region=north,area_type=urban", "category=outage", "level=major"}
    unknown = look(COMPLAINT, [accepted(area=None)], "03 09:00")
    scopes = {cell.rpartition("|")[0] for cell, measure in unknown.measures if measure == "complaints_open"}
    assert scopes == {
        *("all", "region=unknown", "region=unknown,area_type=unknown"),
        *("category=unknown", "level=unknown"),
    }


def test_a_void_acceptance_leaves_the_case_incomplete():
    first = accepted()
    lifecycle = [first, complaint("replied", "03 09:00"), accepted("03 08:00", void=True)]
    assert look(COMPLAINT, lifecycle, "03 12:00").summary["state"] == "incomplete"


def test_the_summary_has_the_clocks():
    lifecycle = [accepted(level="general"), complaint("contacted", "03 08:30"), complaint("closed", "03 10:00")]
    summary = dict(look(COMPLAINT, lifecycle, "03 12:00", Reference(REFERENCE.network, Rules())).summary)
    clocks = [(clock["clock"], clock["status"], clock["ended_at"]) for clock in summary.pop("clocks")]
    assert clocks == [("L18", "met", at("03 08:30")), ("L19", "unproven", at("03 10:00"))]
    assert summary == {
        "case": "X",
        "kind": "complaint",
        "state": "closed",
        "case_kind": "complaint",
        "category": None,
        "level": "general",
        "regions": ["north"],
        "areas": ["A"],
        "customer": None,
        "accepted_at": at("03 08:00"),
        "contacted_at": at("03 08:30"),
        "replied_at": None,
        "closed_at": at("03 10:00"),
        "contact_deadline_at": at("04 08:00"),
        "reply_deadline_at": at("10 23:59:59"),
        "unit": None,
        "findings": ["calendar_not_loaded", "closed_without_reply"],
        "open": False,
        "as_of": at("03 12:00"),
    }
