"""Each clock of the shipped policy from events alone: it warns, breaks, is kept, pauses where it can, is taken back."""

from dataclasses import replace
from typing import Any, NamedTuple, get_args

import pytest

from schemas.codec import encode
from schemas.event import format_instant
from schemas.sla_breach import CaseClockId
from streams.reference.network import Network
from streams.sla.policy import shipped
from tests.support.case_clocks import ACCEPTED, CALL, Desk
from tests.support.lives import REFERENCE, area, at, complaint, order, outage, promising

PLAN = {"start": at("20 09:00"), "end": at("20 12:00")}


def z(text: str) -> str:
    """A local time of June as the records have it."""
    return format_instant(at(text))


FAULT = outage("started", "03 08:00", areas={"A": 10})
MAJOR, REOPENED = complaint("accepted", "03 08:00", level="major"), complaint("reopened", "03 10:00")


class Scenario(NamedTuple):
    """A clock: what begins it, its deadline, the event that keeps it (by its time), and each warning before."""

    clock: str
    begin: list[Any]
    deadline: str
    stop: Any
    warnings: list[tuple[int, str]]
    escalates: str | None
    fact: str


def told(cls_name, **said):
    maker = {"order": order, "outage": outage, "complaint": complaint}
    kind, name = cls_name.split(".")
    return lambda when: maker[kind](name, when, **said)


SCENARIOS = (
    Scenario(
        "L1", [CALL], "03 08:05", told("order.dispatched", crew="k"), [(60, "03 08:03")], "03 08:10", "dispatched"
    ),
    Scenario(
        "L2",
        [CALL, order("dispatched", "03 08:02", crew="k")],
        "03 08:07",
        told("order.accepted"),
        [(75, "03 08:05:45"), (90, "03 08:06:30")],
        "03 08:12",
        "accepted",
    ),
    Scenario(
        "L3a",
        [CALL],
        "03 08:45",
        told("order.arrived"),
        [(70, "03 08:31:30"), (90, "03 08:40:30")],
        "03 09:30",
        "arrived",
    ),
    Scenario(
        "L3b", [CALL], "03 09:00", told("order.arrived"), [(75, "03 08:45"), (90, "03 08:54")], "03 10:00", "arrived"
    ),
    Scenario(
        "L5",
        [CALL, order("arrived", "03 08:30")],
        "03 11:30",
        told("order.field_complete"),
        [(75, "03 10:45")],
        "03 14:30",
        "field_complete",
    ),
    Scenario(
        "L6",
        [FAULT],
        "03 09:45",
        told("outage.etr", etr=at("03 12:00")),
        [(75, "03 09:18:45"), (90, "03 09:34:30")],
        "03 11:30",
        "etr_told",
    ),
    Scenario(
        "L7",
        [FAULT, outage("etr", "03 08:20", etr=at("03 10:00"))],
        "03 10:10",
        told("outage.restored"),
        [(77, "03 09:45")],
        None,
        "restored",
    ),
    Scenario(
        "L8a",
        [outage("confirmed", "03 08:00", kind="fault")],
        "03 08:05",
        told("outage.info_published", about="fault"),
        [(75, "03 08:03:45"), (90, "03 08:04:30")],
        "03 08:10",
        "info_fault",
    ),
    Scenario(
        "L8b",
        [FAULT, outage("restored", "03 09:00")],
        "03 09:05",
        told("outage.info_published", about="restoration"),
        [(75, "03 09:03:45"), (90, "03 09:04:30")],
        "03 09:10",
        "info_restoration",
    ),
    Scenario(
        "L9",
        [FAULT],
        "03 12:00",
        told("outage.restored"),
        [(75, "03 11:00"), (90, "03 11:36")],
        "03 16:00",
        "restored",
    ),
    Scenario(
        "L11",
        [outage("started", "20 09:00", kind="planned", plan=PLAN, areas={"A": 5})],
        "20 12:10",
        told("outage.restored"),
        [(78, "20 11:30")],
        None,
        "restored",
    ),
    Scenario(
        "L12",
        [outage("scheduled", "03 09:00", kind="planned", plan=PLAN)],
        "13 09:00",
        told("outage.announced", plan=PLAN),
        [(75, "10 21:00"), (90, "12 09:00")],
        None,
        "notice",
    ),
    Scenario(
        "L13",
        [order("created", "03 08:00", work_type="reconnection")],
        "04 08:00",
        told("order.field_complete"),
        [(83, "04 04:00")],
        "05 08:00",
        "field_complete",
    ),
    Scenario("L18", [ACCEPTED], "04 08:00", told("complaint.contacted"), [(75, "04 02:00")], "05 08:00", "contacted"),
    Scenario("L19", [ACCEPTED], "10 23:59:59", told("complaint.replied"), [(80, "10 00:00")], "18 00:00", "replied"),
    Scenario(
        "L20",
        [MAJOR],
        "03 08:15",
        told("complaint.forwarded"),
        [(75, "03 08:11:15"), (90, "03 08:13:30")],
        "03 08:30",
        "forwarded",
    ),
    Scenario(
        "L21",
        [ACCEPTED, complaint("closed", "03 09:00"), REOPENED],
        "10 23:59:59",
        told("complaint.replied"),
        [(80, "10 00:00")],
        "18 00:00",
        "replied",
    ),
)


def test_every_shipped_clock_has_a_scenario_and_every_clock_there_is_is_shipped():
    """Those of points are in test_point_clock_scenarios; one against an early begin is decided at once."""
    rules = [rule for rule in shipped().clocks if rule.kind != "point"]
    assert [scenario.clock for scenario in SCENARIOS] == [rule.clock for rule in rules if not rule.early]
    assert {rule.clock for rule in rules} == set(get_args(CaseClockId))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.clock)
def test_it_warns_and_breaks_by_itself_once_each(scenario):
    desk = Desk()
    desk.send(*scenario.begin)
    desk.advance_to(at(scenario.deadline) + 1)
    expected = [("at_risk", percent, z(when)) for percent, when in scenario.warnings]
    after = at(scenario.deadline) + 1
    assert [(status, level) for status, level, _ in desk.of(scenario.clock)] == [
        *((status, level) for status, level, _ in expected),
        ("breached", 100),
    ]
    assert desk.of(scenario.clock)[:-1] == expected
    record = desk.last(scenario.clock)
    assert (record["deadline_at"], record["open"], record["stopped_by"]) == (z(scenario.deadline), True, None)
    assert record["detected_at"] == z_at(after)
    if scenario.escalates:
        desk.advance_to(scenario.escalates)
        assert desk.of(scenario.clock)[-1] == ("breached", 200, z(scenario.escalates))
    desk.advance_to(at(scenario.escalates or scenario.deadline) + 2)
    assert len(desk.of(scenario.clock)) == len(expected) + 1 + bool(scenario.escalates)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.clock)
def test_kept_at_the_deadline_it_is_met(scenario):
    desk = Desk()
    desk.send(*scenario.begin)
    desk.advance_to(scenario.deadline)
    desk.send(stop := scenario.stop(at(scenario.deadline)))
    desk.advance_to(at(scenario.deadline) + 5)
    assert desk.statuses(scenario.clock) == [*("at_risk" for _ in scenario.warnings), "met"]
    record = desk.last(scenario.clock)
    assert (record["open"], record["stopped_by"]) == (
        False,
        {
            "fact": scenario.fact,
            "occurred_at": z(scenario.deadline),
            "event_id": stop.event_id,
            "source": "oms",
        },
    )
    assert due(desk, scenario.clock) == (1, 1)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.clock)
def test_proof_that_comes_late_takes_the_breach_back(scenario):
    desk = Desk()
    desk.send(*scenario.begin)
    desk.advance_to(at(scenario.deadline) + 60)
    assert due(desk, scenario.clock) == (1, 0)
    desk.send(scenario.stop(at(scenario.deadline)))
    desk.advance_to(at(scenario.deadline) + 90)
    assert desk.statuses(scenario.clock)[-2:] == ["breached", "retracted"]
    assert desk.last(scenario.clock)["stopped_by"]["fact"] == scenario.fact
    assert due(desk, scenario.clock) == (1, 1)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.clock)
def test_stopped_a_second_late_it_is_met_late(scenario):
    desk = Desk()
    desk.send(*scenario.begin, scenario.stop(at(scenario.deadline) + 1))
    desk.advance_to(at(scenario.deadline) + 2)
    assert desk.statuses(scenario.clock)[-1] == "met_late"
    assert due(desk, scenario.clock) == (1, 0)


def due(desk: Desk, clock: str) -> tuple[int, int]:
    """Due and on time, of all days."""
    sums = [measures for cell, measures in desk.ledger.partials.sums.items() if cell.startswith("all|")]
    return tuple(sum(each.get(f"{name}|{clock}", (0, 0))[0] for each in sums) for name in ("sla_due", "sla_on_time"))


def z_at(instant: int) -> str:
    return format_instant(instant)


def test_waiting_for_the_customer_pauses_the_repair_and_nothing_else():
    desk = Desk()
    desk.send(CALL, order("arrived", "03 08:30"))
    desk.advance_to("03 10:50")
    desk.send(order("waiting", "03 10:55", reason="customer"))
    desk.advance_to("03 13:00")
    assert desk.of("L5") == [("at_risk", 75, z("03 10:45")), ("paused", None, z("03 10:55"))]
    assert (desk.last("L5")["deadline_at"], desk.last("L5")["elapsed_permille"]) == (None, 805)
    desk.send(order("resumed", "03 13:00"))
    desk.advance_to("03 13:35")
    assert desk.of("L5")[2:] == [("at_risk", 75, z("03 13:00"))]
    assert desk.last("L5")["deadline_at"] == z("03 13:35")
    assert desk.advance_to("03 13:35:01").of("L5")[-1] == ("breached", 100, z("03 13:35:01"))


def test_waiting_for_material_pauses_nothing():
    desk = Desk()
    desk.send(CALL, order("arrived", "03 08:30"), order("waiting", "03 10:00", reason="material"))
    assert desk.advance_to("03 11:30:01").statuses("L5")[-1] == "breached"


@pytest.mark.parametrize(("when", "status"), [("03 08:45", "void"), ("03 08:45:01", "breached")])
def test_40_cancelled_up_to_the_deadline_nothing_was_broken(when, status):
    desk = Desk()
    desk.send(CALL)
    desk.advance_to("03 08:45")
    desk.send(order("cancelled", when))
    desk.advance_to("03 09:30")
    record = desk.last("L3a")
    assert (record["status"], record["open"], record["stopped_by"]["fact"]) == (status, False, "cancelled")


def test_a_cancelled_outage_never_was_one():
    desk = Desk()
    desk.send(FAULT)
    desk.advance_to("03 12:00:01")
    desk.send(outage("cancelled", "03 12:30"))
    desk.advance_to("03 12:30")
    assert desk.statuses("L9")[-2:] == ["breached", "retracted"]
    assert (desk.last("L9")["started_at"], desk.last("L9")["stopped_by"]) == (None, None)


def test_each_dispatch_is_a_run_of_its_own():
    desk = Desk()
    desk.send(CALL, order("dispatched", "03 08:01", crew="a"))
    desk.advance_to("03 08:10")
    desk.send(order("reassigned", "03 08:10", crew="b"))
    desk.advance_to("03 08:11")
    assert desk.statuses("L2") == ["at_risk", "at_risk", "breached", "breached"]  # the last: ended by the next dispatch
    assert (desk.last("L2")["open"], desk.last("L2")["stopped_by"]["fact"]) == (False, "reassigned")
    desk.send(order("accepted", "03 08:12"))
    assert desk.advance_to("03 08:20").statuses("L2", 2) == []


def test_an_estimate_that_was_passed_stays_broken_when_it_is_moved():
    desk = Desk()
    desk.send(FAULT, outage("etr", "03 08:20", etr=at("03 10:00")))
    desk.advance_to("03 10:10:01")
    desk.send(outage("etr", "03 10:11", etr=at("03 11:00")))
    desk.advance_to("03 10:30")
    assert desk.statuses("L7") == ["at_risk", "breached", "breached"]  # the last: over, since it was moved
    record = desk.last("L7")
    assert (record["open"], record["deadline_at"], record["stopped_by"]["fact"]) == (False, z("03 10:10"), "etr_told")
    assert desk.advance_to("03 11:10:01").statuses("L7", 10_001) == ["at_risk", "breached"]
    assert desk.last("L7", 10_001)["deadline_at"] == z("03 11:10")
    desk.send(outage("restored", "03 11:20"))
    assert due(desk, "L7") == (2, 0)


def test_the_area_of_an_order_decides_and_of_several_the_strictest():
    desk = Desk()
    desk.send(order("created", "03 08:00", area="C"))
    assert desk.advance_to("03 10:00:01").last("L3a")["deadline_at"] == z("03 10:00")
    both = Desk()
    both.send(outage("started", "03 08:00", areas={"B": 1, "C": 1}))
    assert both.advance_to("03 10:30:01").last("L6")["deadline_at"] == z("03 10:30")


def test_what_lay_before_the_begin_is_passed_over_but_what_was_told_goes_on():
    desk = Desk(since=at("03 08:45"))
    desk.send(CALL)
    desk.advance_to("03 09:30")
    assert desk.statuses("L1") == []
    assert desk.statuses("L3a")[0] == "at_risk"
    assert desk.statuses("L3a")[-1] == "breached"


def test_a_version_holds_for_the_cases_that_begin_on_its_day_or_later():
    reference = promising(valid_from="2026-06-04", L3a={"limits": [{"limit": 10}]})
    desk = Desk(reference)
    desk.send(CALL)
    assert desk.advance_to("03 08:45:01").last("L3a")["policy"] == "default"
    next_day = Desk(reference)
    next_day.send(order("created", "04 00:00"))
    record = next_day.advance_to("04 00:10:01").last("L3a")
    assert (record["deadline_at"], record["policy"]) == (z("04 00:10"), "test")
    assert record["policy_hash"] != desk.last("L3a")["policy_hash"]


def test_beyond_the_calendar_a_deadline_is_provisional():
    desk = Desk()
    desk.ledger.take("complaints", b"C", encode(complaint("accepted", "12-30 08:00")), at("12-30 08:00"), 0)
    desk.advance_to("12-30 08:00")
    desk.advance_to(at("12-31 23:59:59") + 6 * 86_400 + 1)
    assert (desk.last("L19")["status"], desk.last("L19")["provisional"]) == ("breached", True)
    assert not desk.last("L18")["provisional"]


def test_the_log_says_after_a_restart_what_was_told_before():
    desk = Desk()
    desk.send(CALL)
    desk.advance_to("03 08:50")
    again = Desk()
    cases = again.announcer.load([*desk.rows.items(), *desk.ledger.unsaved()])
    again.ledger.load(cases, at("03 08:50"))
    again.now = desk.now
    again.ledger.refer(again.ledger.reference)
    assert again.advance_to("03 08:50").records == []
    assert again.advance_to("03 09:30").statuses("L3a") == ["breached"]  # told again at twice the limit
    assert desk.advance_to("03 09:30").of("L3a")[-1:] == again.of("L3a")


def test_facts_and_cells_do_not_depend_on_what_was_told():
    loud, quiet = Desk(), Desk(since=10**10)
    for desk in (loud, quiet):
        desk.send(CALL)
        desk.advance_to("03 10:00")
    assert loud.records
    assert not quiet.records
    assert loud.ledger.partials.sums == quiet.ledger.partials.sums


def test_important_customers_may_have_a_limit_of_their_own():
    reference = promising(L9={"limits": [{"limit": 60, "important": True}, {"limit": 240}]})
    for important, deadline in ((0, "03 12:00"), (2, "03 09:00")):
        desk = Desk(reference)
        desk.send(outage("started", "03 08:00", areas=[{"area": "A", "customers": 5, "important": important}]))
        assert desk.advance_to("03 12:00:01").last("L9")["deadline_at"] == z(deadline)


def test_43_an_area_that_becomes_known_moves_the_deadline_and_takes_the_breach_back():
    desk = Desk()
    desk.send(order("created", "03 08:00", area="new"))
    desk.advance_to("03 08:50")
    known = Network.from_records([area("new", "south", "rural")])
    desk.ledger.refer(replace(REFERENCE, network=known))
    desk.advance_to("03 08:51")
    assert desk.statuses("L3a")[-2:] == ["breached", "retracted"]
    record = desk.last("L3a")
    assert (record["open"], record["deadline_at"], record["area_types"]) == (True, z("03 09:30"), ["rural"])
    assert desk.advance_to("03 09:30:01").statuses("L3a")[-2:] == ["at_risk", "breached"]


def test_a_policy_of_later_cases_moves_no_promise_that_was_made():
    desk = Desk()
    desk.send(CALL)
    desk.advance_to("03 08:20")
    desk.ledger.refer(promising(valid_from="2026-06-04", L3a={"limits": [{"limit": 1}]}))
    desk.advance_to("03 08:45:01")
    assert desk.statuses("L3a") == ["at_risk", "at_risk", "breached"]


def test_a_closed_outage_is_late_with_its_news_and_waits_for_them_no_longer():
    desk = Desk()
    desk.send(FAULT, outage("restored", "03 09:00"), outage("closed", "03 09:30"))

    desk.advance_to("03 10:00")

    assert desk.statuses("L8b")[-1] == "breached"
    assert not desk.last("L8b")["open"]
    assert desk.last("L8b")["stopped_by"]["fact"] == "closed"
