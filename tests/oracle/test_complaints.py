"""DOMAIN.md 1.4 and the edge cases of complaints in its section 4, by hand, against the oracle alone."""

import pytest

from streams.oracle.engine import Oracle
from streams.oracle.records import from_files
from streams.settings import Settings
from tests.oracle.lines import at

JUNE = "2026-06"
NOTHING = (None, None)


@pytest.fixture
def desk(lines):
    lines.area("A")
    return Desk(lines)


class Desk:
    """Where complaints are taken in."""

    def __init__(self, lines):
        self.lines, self.ratios = lines, lines.ratios

    def say(self, case, event_type, when, **said):
        self.lines.complaint(case, event_type, when, **said)

    def accept(self, case, when, **said):
        self.say(case, "accepted", when, **({"case_kind": "complaint", "area": "A"} | said))

    def life(self, case, **moments):
        for event_type, when in moments.items():
            (self.accept if event_type == "accepted" else self.say)(
                *((case, when) if event_type == "accepted" else (case, event_type, when))
            )


def test_a_month(desk):
    """1.4.1: 120 opened, 96 closed of which 6 reopened and 4 of these still open; 14 more from May's backlog.

    Flow counts each case once, by its present closing: the 4 that are open again have none.
    """
    for number in range(120):
        desk.accept(f"J{number}", "06-02 09:00")
        if number < 96:
            desk.say(f"J{number}", "closed", "06-10 09:00")
        if number < 6:
            desk.say(f"J{number}", "reopened", "06-12 09:00")
        if number < 2:
            desk.say(f"J{number}", "closed", "06-14 09:00")
    for number in range(14):
        desk.accept(f"M{number}", "05-28 09:00")
        desk.say(f"M{number}", "closed", "06-05 09:00")
    closing = ("complaint_closure_flow", "complaint_reopen_share", "complaints_opened", "complaints_closed")
    names = ("complaint_closure_cohort", *closing)
    cohort, flow, reopened, opened, closed = desk.ratios("06-30 23:00", *(f"{name}|all|-|{JUNE}" for name in names))
    assert (cohort, flow, opened) == ((92, 120), (106, 120), (120, 1))
    assert reopened == (6, 110)
    assert closed == (106, 1)


@pytest.mark.parametrize(
    ("accepted", "working_days", "due"),
    [
        ("02-13", 5, "02-27"),
        ("06-18", 5, "06-26"),
        ("09-18", 1, "09-20"),
        ("09-18", 5, "09-24"),
        ("09-18", 7, "09-29"),
        ("09-29", 1, "09-30"),
        ("09-29", 5, "10-12"),
        ("09-29", 7, "10-14"),
        ("09-29", 10, "10-19"),
    ],
)
def test_working_days(desk, accepted, working_days, due):
    """1.4.3, 66 and 67: due until the midnight that ends the day, then late without anything arriving (68)."""
    desk.accept("C", f"{accepted} 17:45")
    desk.lines.promise(L19={"limits": [{"limit": working_days}]})
    desk.ratios("12-30 00:00")
    midnight = at(f"{due} 23:59:59") + 1
    key = f"complaint_reply_on_time|all|-|2026-{accepted}"
    with Oracle(Settings(), list(from_files([desk.lines.file]))) as oracle:
        before, after = (oracle.cells(when, ["complaint_reply_on_time"])[key][4:6] for when in (midnight - 1, midnight))
    assert (before, after) == (NOTHING, (0, 1))


def test_another_cut_off(desk):
    desk.accept("C", "09-18 17:30:00")
    desk.accept("D", "09-18 17:30:01")
    desk.lines.promise(cutoff="17:30")
    desk.ratios("12-30 00:00")
    with Oracle(Settings(), list(from_files([desk.lines.file]))) as oracle:
        found = [oracle.cells(at(f"09-{day} 00:00"), ["complaints_overdue"]) for day in (24, 25, 26)]
    # Saturday 09-19 as day 0 moves nothing: the next working day is the Sunday, for both.
    assert [cells["complaints_overdue|all|-|now"].numerator for cells in found] == [0, 2, 2]


def test_a_year_without_a_calendar(desk):
    """74: Monday to Friday, and Friday 2027-01-01 is one of them."""
    desk.accept("C", "12-29 10:00")
    desk.ratios("12-31 00:00")
    days = [at("12-31 23:59:59") + 1 + 86_400 * n for n in (4, 5)]  # Tuesday 2027-01-05 is the 5th working day
    with Oracle(Settings(), list(from_files([desk.lines.file]))) as oracle:
        found = [oracle.cells(day, ["complaints_overdue"])["complaints_overdue|all|-|now"].numerator for day in days]
    assert found == [0, 1]


@pytest.mark.parametrize(
    ("moments", "contact"),
    [
        ({"contacted": "06-04 09:00:00"}, (1, 1)),
        ({"contacted": "06-04 09:00:01"}, (0, 1)),
        ({"replied": "06-03 10:00"}, (1, 1)),
        ({}, (0, 1)),
        ({"withdrawn": "06-04 09:00"}, NOTHING),
        ({"withdrawn": "06-04 09:00:01"}, (0, 1)),
        ({"contacted": "06-03 08:59:59"}, (0, 1)),
        ({"contacted": "06-03 09:00"}, (1, 1)),
        ({"contacted": "06-03 10:00", "withdrawn": "06-03 11:00"}, (1, 1)),
    ],
)
def test_contact_within_24_hours(desk, moments, contact):
    desk.life("C", accepted="06-03 09:00", **moments)
    assert desk.ratios("06-05 00:00", "complaint_contact_on_time|all|-|2026-06-03") == [contact]


@pytest.mark.parametrize(("clock", "contact"), [("09:00:00", NOTHING), ("09:00:01", (0, 1))])
def test_contact_falls_due_by_itself(desk, clock, contact):
    desk.life("C", accepted="06-03 09:00")
    assert desk.ratios(f"06-04 {clock}", "complaint_contact_on_time|all|-|2026-06-03") == [contact]


@pytest.mark.parametrize(
    ("moments", "reply"),
    [
        ({"replied": "06-10 23:59:59"}, (1, 1)),
        ({"replied": "06-11 00:00"}, (0, 1)),
        ({"closed": "06-10 12:00"}, (0, 1)),  # a closing is no reply
        ({"replied": "06-10 11:00", "closed": "06-10 12:00"}, (1, 1)),
        ({"replied": "06-04 11:00", "closed": "06-04 12:00", "reopened": "06-05 12:00"}, (1, 1)),
        ({"closed": "06-04 12:00", "reopened": "06-05 12:00"}, (0, 1)),
        ({"closed": "06-03 08:00"}, (0, 1)),
    ],
)
def test_reply_by_the_fifth_working_day(desk, moments, reply):
    desk.life("C", accepted="06-03 09:00", **moments)
    assert desk.ratios("06-20 00:00", "complaint_reply_on_time|all|-|2026-06-03") == [reply]


COHORT, FLOW = "complaint_closure_cohort|all|-|2026-06-03", "complaint_closure_flow|all|-|2026-06-03"
OPEN = "complaints_open|all|-|now"


@pytest.mark.parametrize(
    ("moments", "cohort", "opened", "closed"),
    [
        ({"closed": "06-03 12:00"}, (1, 1), 0, 1),
        ({"closed": "06-03 09:00"}, (1, 1), 0, 1),
        ({"closed": "06-03 08:59:59"}, (0, 1), 0, 0),
        ({"closed": "06-03 12:00", "reopened": "06-03 13:00"}, (0, 1), 1, 0),
        ({"closed": "06-03 12:00", "reopened": "06-03 12:00"}, (0, 1), 1, 0),
        ({"withdrawn": "06-03 12:00"}, NOTHING, 0, 0),
        ({"withdrawn": "06-03 12:00", "closed": "06-03 13:00"}, NOTHING, 0, 0),
        ({}, (0, 1), 1, 0),
    ],
)
def test_closing_reopening_withdrawing(desk, moments, cohort, opened, closed):
    """63 and 70; what closes before it opens is neither closed nor open."""
    desk.life("C", accepted="06-03 09:00", **moments)
    found = desk.ratios("06-04 00:00", COHORT, OPEN, FLOW, "complaints_opened|all|-|2026-06-03")
    assert found == [cohort, (opened, 1), (closed, 1), (1, 1)]


def test_a_day_that_closes_and_accepts_none(desk):
    """Its flow has nothing below the line; the closings are there all the same, on their day and in their category."""
    desk.accept("C", "06-02 09:00", category="service")
    desk.say("C", "closed", "06-05 09:00")
    day, before = "2026-06-05", "2026-06-02"
    keys = [
        f"complaint_closure_flow|all|-|{day}",
        *(f"complaints_closed|all|-|{period}" for period in (day, before, JUNE)),
        f"complaints_closed|category=service|-|{day}",
    ]
    assert desk.ratios("06-05 12:00", *keys) == [NOTHING, (1, 1), (0, 1), (1, 1), (1, 1)]


def test_a_closing_that_does_not_hold_is_none(desk):
    """Reopened it is closed no more; closed again it counts on that day alone."""
    desk.life("C", accepted="06-02 09:00", closed="06-03 09:00", reopened="06-03 10:00")
    keys = [f"complaints_closed|all|-|2026-06-{day}" for day in ("03", "04")]
    assert desk.ratios("06-03 23:00", *keys[:1]) == [(0, 1)]
    desk.say("C", "closed", "06-04 09:00")
    assert desk.ratios("06-04 23:00", *keys) == [(0, 1), (1, 1)]


def test_closed_again(desk):
    """63: one reopening, and no two closings; 64: closed twice is closed once, when it was closed first."""
    desk.life("C", accepted="06-02 09:00", closed="06-03 09:00", reopened="06-03 10:00")
    desk.say("C", "closed", "06-04 09:00")
    desk.say("C", "closed", "06-05 09:00")
    keys = [f"complaint_closure_flow|all|-|{JUNE}", f"complaint_reopen_share|all|-|{JUNE}"]
    flow, reopened, other = desk.ratios("06-06 00:00", *keys, "complaint_reopen_share|all|-|2026-06-03")
    assert (flow, reopened, other) == ((1, 1), (1, 1), (1, 1))


def test_closed_before_it_was_heard_of(desk):
    """65: nothing but a case that is incomplete, until its acceptance comes."""
    desk.say("C", "closed", "06-03 12:00")
    state = "complaints_by_state|all|state=incomplete|now"
    assert desk.ratios("06-03 13:00", state, OPEN) == [(1, 1), (0, 1)]
    desk.accept("C", "06-03 09:00", arrives="06-03 14:00")
    assert desk.ratios("06-03 15:00", state, COHORT) == [(0, 1), (1, 1)]


def test_a_backlog_cleared(desk):
    """73: 130 %."""
    for number in range(13):
        desk.life(f"M{number}", accepted="06-02 09:00", closed="06-03 12:00")
    for number in range(10):
        desk.life(f"J{number}", accepted="06-03 09:00")
    assert desk.ratios("06-04 00:00", FLOW) == [(13, 10)]


def test_fault_reports_are_no_complaints(desk):
    desk.accept("F", "06-03 09:00", case_kind="fault_report")
    desk.accept("C", "06-03 09:00", category="outage", level="major")
    intake = "customer_cases_accepted|all|case_kind={}|2026-06-03"
    keys = [intake.format(kind) for kind in ("all", "fault_report", "complaint")]
    opened = [f"complaints_opened|{scope}|-|2026-06-03" for scope in ("all", "category=outage", "level=major")]
    assert desk.ratios("06-04 00:00", *keys, *opened) == [(2, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("day", "age"),
    [("09-19", "wd_0_1"), ("09-21", "wd_2_3"), ("09-24", "wd_4_5"), ("09-29", "wd_6_7"), ("09-30", "wd_gt_7")],
)
def test_ages_in_working_days(desk, day, age):
    """The Sunday 09-20 is worked, Friday 09-25 to Sunday 09-27 are not; the age goes on through a reopening."""
    desk.life("C", accepted="09-18 09:00", closed="09-18 10:00", reopened="09-18 11:00")
    assert desk.ratios(f"{day} 12:00", f"complaints_open_by_age|all|age={age}|now") == [(1, 1)]
