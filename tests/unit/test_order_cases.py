"""Work orders: DOMAIN.md 1.2 and edge cases 38 to 43, states, crews."""

import itertools

import pytest

from streams.cases.registry import ORDER
from streams.reference.network import Network
from streams.reference.reference import Reference
from tests.support.lives import area, at, look, measures, order, value

DAY = "2026-06-03"
ALL = f"all|{DAY}"
NAMES = ("arrivals", "arrivals_due", "arrivals_on_time", "arrival_seconds")


def clock(events, now="04 00:00", cell=ALL, **kwargs):
    """arrivals, due, on time, seconds"""
    seen = look(ORDER, events, now, **kwargs)
    return tuple(value(seen, name, cell) for name in NAMES)


def test_the_example_ticket():
    lifecycle = [
        order("created", "03 08:03"),
        order("dispatched", "03 08:06", crew="k1"),
        order("arrived", "03 08:41"),
    ]
    assert clock(lifecycle) == (1, 1, 1, 38 * 60)
    for cell in (ALL, f"region=north|{DAY}", f"region=north,area_type=urban|{DAY}", f"crew=k1|{DAY}"):
        assert value(look(ORDER, lifecycle, "04 00:00"), "arrival_minutes|38", cell) == 1


def test_38_the_crew_was_there_before_it_was_dispatched():
    lifecycle = [
        order("created", "03 08:00"),
        order("arrived", "03 08:10"),
        order("dispatched", "03 08:12", crew="k1"),
    ]
    assert clock(lifecycle) == (1, 1, 1, 600)
    assert clock(lifecycle, cell=f"crew=k1|{DAY}") == (1, 1, 1, 600)
    assert look(ORDER, lifecycle, "03 09:00").summary["state"] == "on_site"


@pytest.mark.parametrize(("when", "due"), [("03 08:44", 0), ("03 08:45", 0), ("03 08:45:01", 1), ("03 08:46", 1)])
def test_40_cancelled_without_arrival_it_is_due_only_if_the_deadline_had_passed(when, due):
    assert clock([order("created", "03 08:00"), order("cancelled", when)]) == (0, due, 0, 0)


@pytest.mark.parametrize("when", ["03 08:01", "03 08:44", "03 08:45", "03 08:45:01"])
def test_closed_without_arrival_it_is_due_at_its_deadline_and_not_on_time(when):
    lifecycle = [order("created", "03 08:00"), order("closed", when)]
    assert clock(lifecycle) == (0, 1, 0, 0)
    early = look(ORDER, lifecycle, when)
    assert (value(early, "arrivals_due", ALL), early.findings) == (
        int(when > "03 08:45"),
        ("closed_without_arrival",),
    )
    assert not any(each.open for each in early.clocks)
    assert value(look(ORDER, lifecycle, "03 08:45:01"), "arrivals_due", ALL) == 1


@pytest.mark.parametrize(
    ("ending", "ended", "arrived", "counted"),
    [
        ("cancelled", "08:30", "08:40", (0, 0, 0, 0)),
        ("cancelled", "08:30", "08:50", (0, 0, 0, 0)),
        ("cancelled", "08:45", "08:45:01", (0, 0, 0, 0)),
        ("cancelled", "08:30", "08:30", (1, 1, 1, 1800)),
        ("cancelled", "08:30", "08:20", (1, 1, 1, 1200)),
        ("cancelled", "08:46", "08:50", (1, 1, 0, 3000)),
        ("closed", "08:30", "08:40", (1, 1, 1, 2400)),
        ("closed", "08:30", "08:50", (1, 1, 0, 3000)),
        ("closed", "08:30", "08:20", (1, 1, 1, 1200)),
    ],
)
def test_an_arrival_after_a_cancellation_answers_no_report_and_one_after_the_closing_does(
    ending, ended, arrived, counted
):
    lifecycle = [order("created", "03 08:00"), order(ending, f"03 {ended}"), order("arrived", f"03 {arrived}")]
    for events in itertools.permutations(lifecycle):
        assert clock(events) == counted


@pytest.mark.parametrize("name", ["returned", "field_complete"])
def test_returned_or_done_without_arrival_it_stays_due(name):
    assert clock([order("created", "03 08:00"), order(name, "03 08:10")]) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("name", "late", "on_time", "minutes"),
    [("A", "08:45", 1, 45), ("A", "08:45:01", 0, 46), ("B", "09:30", 1, 90), ("C", "10:00:01", 0, 121)],
)
def test_42_on_time_compares_seconds_with_the_limit_of_the_area_type(name, late, on_time, minutes):
    lifecycle = [order("created", "03 08:00", area=name), order("arrived", f"03 {late}")]
    assert clock(lifecycle)[:3] == (1, 1, on_time)
    assert value(look(ORDER, lifecycle, "04 00:00"), f"arrival_minutes|{minutes}", ALL) == 1


@pytest.mark.parametrize("name", ["U", "not on any map", None])
def test_43_without_an_area_type_the_urban_limit_holds(name):
    lifecycle = [order("created", "03 08:00", area=name), order("arrived", "03 08:46")]
    assert clock(lifecycle)[:3] == (1, 1, 0)
    assert look(ORDER, lifecycle, "03 09:00").findings == ("area_type_unknown",)


def test_43_a_type_that_becomes_known_re_evaluates():
    lifecycle = [order("created", "03 08:00", area="U"), order("arrived", "03 08:46")]
    known = Reference(Network.from_records([area("U", "south", "rural")]))
    assert clock(lifecycle, reference=known)[:3] == (1, 1, 1)
    assert look(ORDER, lifecycle, "03 09:00", known).findings == ()


def test_44_an_arrival_reported_late_retracts_the_breach():
    lifecycle = [order("created", "03 08:03")]
    assert clock(lifecycle, "03 08:48") == (0, 0, 0, 0)
    assert look(ORDER, lifecycle, "03 08:48").next_due_at == at("03 08:48:01")
    assert clock(lifecycle, "03 08:48:01") == (0, 1, 0, 0)
    assert clock([*lifecycle, order("arrived", "03 08:40")], "03 09:10") == (1, 1, 1, 37 * 60)


def test_an_arrival_belongs_to_the_day_of_the_report():
    lifecycle = [order("created", "03 23:50"), order("arrived", "04 00:10")]
    assert clock(lifecycle, "04 09:00") == (1, 1, 1, 1200)
    assert clock(lifecycle, "04 09:00", cell="all|2026-06-04") == (0, 0, 0, 0)
    assert clock(lifecycle[:1], "04 09:00") == (0, 1, 0, 0)
    assert clock(lifecycle[:1], "04 09:00", cell="all|2026-06-04") == (0, 0, 0, 0)


def test_arrived_before_the_report_is_a_finding_and_neither_arrived_nor_due():
    lifecycle = [order("created", "03 08:00"), (early := order("arrived", "03 07:50"))]
    assert clock(lifecycle) == (0, 0, 0, 0)
    assert look(ORDER, lifecycle, "04 00:00").findings == ("arrival_before_report",)
    corrected = order("arrived", "03 08:20", corrects=early.event_id)
    assert clock([*lifecycle, corrected]) == (1, 1, 1, 1200)
    voided = order("arrived", "03 07:50", corrects=early.event_id, void=True)
    assert clock([*lifecycle, voided]) == (0, 1, 0, 0)


def test_the_first_arrival_counts_whichever_is_reported_first():
    lifecycle = [order("created", "03 08:00"), order("arrived", "03 08:30"), order("arrived", "03 08:20")]
    for events in itertools.permutations(lifecycle):
        assert clock(events) == (1, 1, 1, 1200)


def test_an_arrival_belongs_to_the_crew_that_had_the_order_then():
    lifecycle = [
        order("created", "03 08:00"),
        order("dispatched", "03 08:05", crew="k1"),
        order("reassigned", "03 08:15", crew="k2"),
        order("arrived", "03 08:30"),
        order("reassigned", "03 09:00", crew="k3"),
    ]
    assert clock(lifecycle, cell=f"crew=k2|{DAY}")[:3] == (1, 1, 1)
    seen = look(ORDER, lifecycle, "03 09:30")
    assert {scope for scope in ("crew=k1", "crew=k2", "crew=k3") if measures(seen, scope)} == {"crew=k2", "crew=k3"}
    assert measures(seen, "crew=k3") == {("now", "orders_open|dispatched"): (1, 0)}


K1, K2 = {"crew": "k1"}, {"crew": "k2"}


@pytest.mark.parametrize(
    ("steps", "crew"),
    [
        ([("dispatched", "08:05", K1)], "k1"),
        ([("dispatched", "08:05", K1), ("reassigned", "08:45", K2)], "k2"),
        ([("dispatched", "08:05", K1), ("reassigned", "08:45:01", K2)], "k1"),
        ([("dispatched", "08:46", K1)], None),
        ([("dispatched", "08:05", K1), ("returned", "08:20", {})], None),
        ([("dispatched", "08:05", K1), ("returned", "08:20", {}), ("dispatched", "08:50", K2)], None),
        ([("dispatched", "08:05", K1), ("returned", "08:20", {}), ("dispatched", "08:30", K2)], "k2"),
        ([("dispatched", "08:05", K1), ("returned", "08:50", {})], "k1"),
    ],
)
def test_a_breach_is_that_of_the_crew_at_the_deadline(steps, crew):
    lifecycle = [order("created", "03 08:00"), *(order(name, f"03 {when}", **fields) for name, when, fields in steps)]
    assert clock(lifecycle) == (0, 1, 0, 0)
    assert [name for name in ("k1", "k2") if clock(lifecycle, cell=f"crew={name}|{DAY}")[1]] == ([crew] if crew else [])


@pytest.mark.parametrize(("again", "crew"), [([], "k1"), ([order("dispatched", "03 08:40", **K2)], "k2")])
def test_after_a_return_the_crew_that_comes_is_who_is_given_it_next_or_had_it_last(again, crew):
    lifecycle = [order("created", "03 08:00"), order("dispatched", "03 08:05", **K1), order("returned", "03 08:10")]
    seen = look(ORDER, lifecycle, "03 08:20")
    assert (seen.summary["crew"], measures(seen, "crew=k1")) == (None, {})
    assert clock([*lifecycle, order("arrived", "03 08:30"), *again], cell=f"crew={crew}|{DAY}") == (1, 1, 1, 1800)


@pytest.mark.parametrize("work_type", ["reconnection", "rectification", "inspection"])
def test_only_repairs_have_the_arrival_clock(work_type):
    lifecycle = [order("created", "03 08:00", work_type=work_type, area=None), order("arrived", "03 08:20")]
    seen = look(ORDER, lifecycle, "04 00:00")
    assert measures(seen) == {("now", "orders_open|on_site"): (1, 0)}
    assert seen.findings == ()


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], "created"),
        (["dispatched"], "dispatched"),
        (["dispatched", "accepted"], "accepted"),
        (["dispatched", "accepted", "en_route"], "en_route"),
        (["dispatched", "en_route", "accepted"], "en_route"),
        (["arrived"], "on_site"),
        (["arrived", "waiting"], "waiting"),
        (["arrived", "waiting", "resumed"], "on_site"),
        (["arrived", "field_complete"], "field_complete"),
        (["dispatched", "returned"], "returned"),
        (["dispatched", "returned", "dispatched"], "dispatched"),
        (["arrived", "reassigned"], "dispatched"),
    ],
)
def test_states_follow_time_not_delivery(steps, state):
    extra = {"dispatched": {"crew": "k"}, "reassigned": {"crew": "k"}, "waiting": {"reason": "material"}}
    lifecycle = [order("created", "03 08:00")]
    lifecycle += [order(name, f"03 08:{minute:02}", **extra.get(name, {})) for minute, name in enumerate(steps, 1)]
    for events in (lifecycle, lifecycle[::-1]):
        seen = look(ORDER, events, "03 08:40")
        assert (seen.summary["state"], seen.summary["open"]) == (state, True)
        assert value(seen, f"orders_open|{state}", "region=north|now") == 1


@pytest.mark.parametrize("ending", ["cancelled", "closed"])
def test_an_ended_order_is_not_open_whatever_comes_after(ending):
    lifecycle = [order("created", "03 08:00"), order(ending, "03 08:10"), order("field_complete", "03 08:20")]
    seen = look(ORDER, lifecycle, "03 08:30")
    assert (seen.summary["state"], seen.summary["open"]) == (ending, False)
    assert "fact_after_closing" in seen.findings
    assert not any(each.open for each in seen.clocks)
    ahead = look(ORDER, lifecycle, "03 08:06")
    assert (ahead.summary["state"], ahead.next_due_at) == ("created", at("03 08:10"))


def test_an_order_without_its_creation_is_incomplete():
    seen = look(ORDER, [order("arrived", "03 08:20")], "03 09:00")
    assert measures(seen) == {("now", "orders_open|incomplete"): (1, 0)}
