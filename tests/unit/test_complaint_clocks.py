"""The two clocks of a complaint: DOMAIN.md 1.4.2, edge cases 66 to 68 and 74."""

import pytest

from streams.cases.registry import COMPLAINT
from tests.support.lives import REFERENCE, at, complaint, look, promising, value

ALL = "all|2026-06-03"  # a Wednesday


def accepted(when="03 08:00", **fields):
    return complaint("accepted", when, **fields)


def day(events, *names, now="04 00:00", cell=ALL, reference=REFERENCE):
    seen = look(COMPLAINT, events, now, reference)
    return tuple(value(seen, name, cell) for name in names)


def replies(events, now, **kwargs):
    """due, on time"""
    return day(events, "complaint_replies_due", "complaint_replies_on_time", now=now, **kwargs)


def contacts(events, now):
    """due, on time"""
    return day(events, "complaint_contacts_due", "complaint_contacts_on_time", now=now)


def state(events, now="04 00:00"):
    return look(COMPLAINT, events, now).summary["state"]


def test_66_one_working_day_after_a_friday_is_the_worked_sunday():
    reference = promising(L19={"limits": [{"limit": 1}]})
    seen = look(COMPLAINT, [accepted("09-18 10:00")], "09-18 11:00", reference)
    assert seen.summary["reply_deadline_at"] == at("09-20 23:59:59")


@pytest.mark.parametrize(
    ("when", "deadline"),
    [("09-29 10:00", "10-12 23:59:59"), ("09-18 10:00", "09-24 23:59:59"), ("06-18 23:59:59", "06-26 23:59:59")],
)
def test_67_five_working_days_later_the_reply_is_due(when, deadline):
    assert look(COMPLAINT, [accepted(when)], when).summary["reply_deadline_at"] == at(deadline)


@pytest.mark.parametrize(
    ("replied", "now", "expected"),
    [
        (None, "10 23:59:59", (0, 0)),
        (None, "11 00:00", (1, 0)),
        ("03 08:00", "03 08:00", (1, 1)),
        ("10 23:59:59", "12 00:00", (1, 1)),
        ("11 00:00", "12 00:00", (1, 0)),
    ],
)
def test_68_a_reply_is_due_when_given_or_when_its_day_is_over(replied, now, expected):
    lifecycle = [accepted()] + ([complaint("replied", replied)] if replied else [])
    assert replies(lifecycle, now) == expected


def test_68_without_any_event_the_breach_comes_by_itself():
    seen = look(COMPLAINT, [accepted()], "10 23:59:59")
    assert seen.next_due_at == at("11 00:00")
    assert value(seen, "complaints_overdue", "all|now") == 0
    after = look(COMPLAINT, [accepted()], seen.next_due_at)
    assert value(after, "complaints_overdue", "all|now") == 1
    assert (
        value(
            look(COMPLAINT, [accepted(), complaint("replied", "11 00:00")], "12 00:00"), "complaints_overdue", "all|now"
        )
        == 0
    )


@pytest.mark.parametrize("name", ["contacted", "replied"])
@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        (None, "04 08:00", (0, 0)),
        (None, "04 08:00:01", (1, 0)),
        ("03 08:00", "03 08:00", (1, 1)),
        ("04 08:00", "05 00:00", (1, 1)),
        ("04 08:00:01", "05 00:00", (1, 0)),
    ],
)
def test_a_contact_is_due_when_made_or_after_24_hours_of_the_clock(name, when, now, expected):
    assert contacts([accepted()] + ([complaint(name, when)] if when else []), now) == expected


def test_a_closing_is_neither_reply_nor_contact_and_leaves_both_due_at_their_deadlines():
    lifecycle = [accepted(), complaint("closed", "03 08:01")]
    assert replies(lifecycle, "10 23:59:59") == contacts(lifecycle, "04 08:00") == (0, 0)
    assert replies(lifecycle, "11 00:00") == contacts(lifecycle, "04 08:00:01") == (1, 0)
    for now in ("03 09:00", "05 00:00", "30 00:00"):
        assert not any(clock.open for clock in look(COMPLAINT, lifecycle, now).clocks)
    proved = [*lifecycle, complaint("replied", "03 08:00:30")]
    assert replies(proved, "30 00:00") == contacts(proved, "30 00:00") == (1, 1)
    assert look(COMPLAINT, lifecycle, "03 09:00").findings == ("closed_without_reply",)
    assert look(COMPLAINT, proved, "03 09:00").findings == ()


def test_a_contact_before_the_acceptance_is_void():
    lifecycle = [accepted(), complaint("contacted", "03 07:59:59")]
    assert look(COMPLAINT, lifecycle, "03 12:00").findings == ("contact_before_accepted",)
    assert (contacts(lifecycle, "03 12:00"), contacts(lifecycle, "05 00:00"), state(lifecycle)) == (
        (0, 0),
        (1, 0),
        "accepted",
    )


@pytest.mark.parametrize(("when", "due"), [("10 23:59:59", (0, 0)), ("11 00:00", (1, 0))])
def test_withdrawn_in_time_without_an_answer_it_is_not_due(when, due):
    assert replies([accepted(), complaint("withdrawn", when)], "20 00:00") == due


@pytest.mark.parametrize(("replied", "due"), [("05 10:00", (1, 1)), ("05 10:00:01", (0, 0))])
def test_answered_up_to_the_withdrawal_the_commitment_is_met(replied, due):
    assert replies([accepted(), complaint("withdrawn", "05 10:00"), complaint("replied", replied)], "20 00:00") == due


def test_74_beyond_the_calendar_the_deadline_is_provisional_and_a_finding():
    seen = look(COMPLAINT, [accepted("12-30 10:00")], "12-30 11:00")
    assert seen.findings == ("calendar_not_loaded",)
    assert seen.summary["reply_deadline_at"] == at("12-31 23:59:59") + 6 * 86_400  # Wednesday, 6 January 2027
    assert look(COMPLAINT, [accepted("12-24 10:00")], "12-24 11:00").findings == ()


def test_the_limits_come_from_the_policy():
    reference = promising(cutoff="17:30", L18={"limits": [{"limit": 120}]}, L19={"limits": [{"limit": 7}]})
    seen = look(COMPLAINT, [accepted("09-18 17:30:01")], "09-18 18:00", reference)
    assert seen.summary["contact_deadline_at"] == at("09-18 19:30:01")
    assert seen.summary["reply_deadline_at"] == at("09-29 23:59:59")  # from Saturday on
