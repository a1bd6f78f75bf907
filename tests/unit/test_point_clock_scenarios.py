"""Each clock of points from readings alone: it breaks by itself, ends, is taken back by late proof."""

from dataclasses import replace
from typing import get_args

import pytest

from schemas.event import format_instant
from schemas.sla_breach import PointClockId
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.sla.policy import shipped
from tests.support.lives import promising
from tests.support.point_clocks import DEAD, FAR, FINE, NOON, OVER, QUARTER, Desk
from tests.support.points import AREA, MINUTE, frame, point, reading
from tests.support.points import MIDNIGHT as DAY_START

DAY = 86_400


def test_there_is_no_other_clock_of_points():
    assert [rule.clock for rule in shipped().clocks if rule.kind == "point"] == list(get_args(PointClockId))


def test_out_of_limits_for_15_minutes_is_kept_and_for_one_second_more_is_broken():
    desk = Desk().values(FINE, OVER, OVER)
    begin = NOON + QUARTER
    assert desk.advance_to(begin + QUARTER).of("L15a") == []
    desk.advance_to(begin + QUARTER + 1)
    assert desk.of("L15a") == [("breached", begin)]
    record = desk.last("L15a")
    assert (record["deadline_at"], record["detected_at"]) == tuple(
        format_instant(begin + at) for at in (QUARTER, QUARTER + 1)
    )
    assert (record["kind"], record["case"], record["open"], record["areas"]) == ("point", "A/P", True, ["A"])
    assert (record["about"]["state"], record["about"]["value_centivolts"]) == ("over", 24_000)
    assert desk.late() == {"L15a|breached": 1}
    assert [clock["status"] for clock in desk.summaries["P"]["clocks"]] == ["breached"]


def test_back_within_limits_it_ends_late_and_what_it_was_is_told_once_more_at_30_minutes():
    desk = Desk().values(FINE, OVER, OVER, OVER, FINE)
    begin = NOON + QUARTER
    desk.advance_to(begin + 4 * QUARTER)
    assert desk.of("L15a") == [("breached", begin), ("breached", begin), ("met_late", begin)]
    record = desk.last("L15a")
    assert record["stopped_by"] == {
        "fact": "within", "occurred_at": format_instant(begin + 3 * QUARTER), "event_id": None, "source": None,
    }  # fmt: skip
    assert (desk.due("L15a"), desk.late(), desk.summaries["P"]) == ((1, 0), {}, {})


def test_back_within_limits_in_time_is_a_promise_kept_of_which_nobody_hears():
    desk = Desk().values(FINE, OVER, FINE, OVER, FINE).advance_to(NOON + 5 * QUARTER)
    assert (desk.of("L15a"), desk.due("L15a")) == ([], (2, 2))


def test_a_late_value_within_limits_takes_the_breach_back():
    desk = Desk().values(FINE, OVER, OVER)
    begin = NOON + QUARTER
    desk.advance_to(begin + QUARTER + 60)
    desk.send(reading(begin + 10 * MINUTE, FINE, phase="A", delivered=desk.now)).advance_to(desk.now + 1)
    assert desk.of("L15a") == [("breached", begin), ("retracted", begin)]
    assert (desk.last("L15a")["open"], desk.due("L15a")) == (False, (1, 1))
    assert desk.advance_to(begin + 2 * QUARTER + 1).of("L15a")[2:] == [("breached", begin + QUARTER)]


def test_a_late_value_that_was_out_moves_the_begin():
    desk = Desk().values(FINE, OVER, OVER)
    begin = NOON + QUARTER
    desk.advance_to(begin + QUARTER + 60)
    desk.send(reading(begin - 5 * MINUTE, OVER, phase="A", delivered=desk.now)).advance_to(desk.now + 1)
    assert desk.of("L15a") == [("breached", begin), ("breached", begin - 5 * MINUTE), ("retracted", begin)] or desk.of(
        "L15a"
    ) == [("breached", begin), ("retracted", begin), ("breached", begin - 5 * MINUTE)]
    assert desk.due("L15a") == (1, 0)


@pytest.mark.parametrize(("volts", "status"), [((OVER, DEAD), []), ((OVER, OVER, DEAD), ["breached", "breached"])])
def test_who_says_nothing_of_limits_any_more_keeps_no_promise_and_takes_none_back(volts, status):
    desk = Desk().values(FINE, *volts).advance_to(NOON + 4 * QUARTER)
    assert [told for told, _ in desk.of("L15a")] == status
    if status:
        record = desk.last("L15a")
        assert (record["open"], record["stopped_by"]["fact"]) == (False, "unknown")
    assert desk.due("L15a") == (len(status) // 2, 0)


def test_silence_leaves_unknown_how_it_went_on():
    desk = Desk().values(OVER).advance_to(NOON + 4 * QUARTER)
    assert desk.of("L15a") == [("breached", NOON), ("breached", NOON)]
    assert (desk.last("L15a")["open"], desk.last("L15a")["stopped_by"]["fact"]) == (False, "unknown")
    assert desk.last("L15a")["stopped_by"]["occurred_at"] == format_instant(NOON + 3 * QUARTER // 2)


def test_of_all_phases_together_it_is_one_run():
    desk = Desk(point(phases=["A", "B"]))
    for minute, phase, volts in ((0, "A", OVER), (10, "B", OVER), (10, "A", FINE), (20, "B", FINE)):
        at = NOON + minute * MINUTE
        desk.send(reading(at, volts, phase=phase, delivered=at)).advance_to(at)
    desk.advance_to(NOON + 21 * MINUTE)
    assert desk.of("L15a") == [("breached", NOON), ("met_late", NOON)]


def test_far_out_for_over_a_minute_is_critical():
    desk = Desk().values(FINE, FAR, OVER, interval=MINUTE)
    desk.advance_to(NOON + 3 * MINUTE)
    assert (desk.of("L15b"), desk.due("L15b")) == ([], (1, 1))
    desk = Desk().values(FINE, FAR, FAR, OVER, FAR, FINE, interval=MINUTE).advance_to(NOON + 6 * MINUTE)
    assert desk.of("L15b") == [("breached", NOON + MINUTE), ("met_late", NOON + MINUTE)]
    assert (desk.last("L15b")["severity"], desk.last("L15b")["stopped_by"]["fact"]) == ("critical", "eased")
    assert desk.due("L15b") == (2, 1)


@pytest.mark.parametrize(("volts", "severe"), [(253, False), (253.01, True), (187, False), (186.99, True)])
def test_15_percent_itself_is_not_far(volts, severe):
    desk = Desk().values(FINE, volts).advance_to(NOON + QUARTER + 61)
    assert bool(desk.of("L15b")) is severe


def test_a_silent_point_is_late_after_three_intervals_and_warned_of_before():
    desk = Desk().values(FINE)
    assert desk.advance_to(NOON + 3 * QUARTER).of("L17") == [("at_risk", NOON)]
    assert desk.last("L17")["detected_at"] == format_instant(NOON + 9 * QUARTER // 4)
    desk.advance_to(NOON + 3 * QUARTER + 1)
    assert desk.of("L17")[1:] == [("breached", NOON)]
    assert (desk.late(), desk.summaries["P"]["state"]) == ({"L17|breached": 1}, "silent")
    assert desk.advance_to(NOON + 30 * QUARTER - 1).of("L17")[2:] == []
    desk.values(FINE, since=NOON + 30 * QUARTER).advance_to(NOON + 30 * QUARTER + 1)
    assert desk.of("L17")[2:] == [("met_late", NOON)]
    assert (desk.due("L17"), desk.late(), desk.summaries["P"]) == ((1, 0), {}, {})


@pytest.mark.parametrize(("missing", "due"), [(0, (0, 0)), (1, (1, 1)), (2, (1, 1)), (3, (1, 0))])
def test_up_to_two_readings_may_be_missing(missing, due):
    desk = Desk().values(FINE).values(FINE, since=NOON + (missing + 1) * QUARTER)
    assert desk.advance_to(desk.now + 1).due("L17") == due


def test_a_backlog_proves_that_the_point_was_not_silent():
    desk = Desk().values(FINE).advance_to(NOON + 5 * QUARTER)
    assert desk.late() == {"L17|breached": 1}
    said = [FINE] * 4
    desk.send(frame(NOON + QUARTER, said, QUARTER, phase="A", delivered=desk.now, value_kind="instantaneous"))
    desk.advance_to(desk.now + 1)
    assert [status for status, _ in desk.of("L17")] == ["at_risk", "breached", "retracted"]
    assert (desk.late(), desk.due("L17")) == ({}, (0, 0))


def test_a_mean_is_read_at_the_end_of_its_interval():
    desk = Desk()
    desk.send(reading(NOON, FINE, phase="A", value_kind="mean", interval_seconds=QUARTER)).advance_to(NOON)
    assert desk.advance_to(NOON + 3 * QUARTER).of("L17") == [("at_risk", NOON)]
    assert desk.advance_to(NOON + 3 * QUARTER + 1).of("L17")[1:] == [("breached", NOON)]


def test_a_point_that_was_never_heard_of_is_not_late():
    desk = Desk(point("never")).advance_to(NOON + DAY)
    assert (desk.records, desk.late()) == ([], {})


def test_a_point_that_the_network_does_not_have_any_more_is_not_late():
    desk = Desk(point("P"), point("Q")).values(FINE).advance_to(NOON + 5 * QUARTER)
    assert desk.late() == {"L17|breached": 1}
    reference = desk.ledger.reference
    desk.ledger.refer(replace(reference, network=Network.from_records([AREA, point("Q")])))
    desk.advance_to(desk.now + 1)
    assert (desk.of("L17")[-1], desk.late(), desk.due("L17")) == (("retracted", NOON), {}, (0, 0))


def test_what_began_before_midnight_and_before_the_days_that_were_sealed_goes_on():
    desk = Desk()
    begin = DAY_START + DAY - QUARTER
    days = 6
    desk.values(*[OVER] * (days * 96), since=begin)
    assert [status for status, _ in desk.of("L15a")] == ["breached", "breached"]
    assert {cycle for _, cycle in desk.of("L15a")} == {begin}
    assert any(isinstance(held, bytes) for point in desk.ledger._points.values() for held in point.days.values())
    desk.restart().values(FINE, since=begin + days * DAY).advance_to(begin + days * DAY + 1)
    assert desk.of("L15a")[2:] == [("met_late", begin)]
    assert desk.due("L15a") == (1, 0)


@pytest.mark.parametrize("again", [DAY_START + DAY + 9 * 3600, DAY_START + DAY + 20 * MINUTE])
def test_who_falls_silent_after_midnight_was_last_heard_of_on_the_day_before(again):
    desk = Desk().values(*[FINE] * 48, since=NOON + 5 * MINUTE)
    last = DAY_START + DAY - 10 * MINUTE
    desk.values(FINE, since=again).advance_to(again + 1)
    late = again > last + 3 * QUARTER
    assert desk.of("L17")[-1:] == ([("met_late", last)] if late else [])
    first = {name: count for name, (count, _) in desk.ledger.partials.sums["all|2026-06-03"].items() if "L17" in name}
    assert first == {"sla_due|L17": 1} | ({} if late else {"sla_on_time|L17": 1})
    sums = desk.ledger.partials.sums
    assert desk.restart().ledger.partials.sums == sums


def test_far_out_is_known_of_a_day_that_was_sealed():
    desk = Desk().values(FINE, FAR, FAR, FINE, *[FINE] * (5 * 96))
    assert any(isinstance(held, bytes) for point in desk.ledger._points.values() for held in point.days.values())
    assert desk.restart().due("L15b") == (1, 0)


def test_after_a_restart_nothing_is_told_twice():
    desk = Desk().values(FINE, OVER, OVER).advance_to(NOON + 3 * QUARTER)
    told = list(desk.records)
    assert told
    assert desk.restart().advance_to(NOON + 3 * QUARTER + 1).records == told


@pytest.mark.parametrize("minutes", [5, 90])
def test_what_was_applied_and_not_settled_is_told_after_a_restart(minutes):
    """A breach that was over is taken back by a late value, or told of by late ones, across the death of a worker."""
    desk = Desk().values(FINE, OVER, OVER, OVER, FINE, FINE, FINE).advance_to(NOON + 7 * QUARTER)
    assert desk.of("L15a")[-1] == ("met_late", NOON + QUARTER)
    desk.send(reading(NOON + QUARTER + 5 * MINUTE, FINE, phase="A", interval_seconds=QUARTER, delivered=desk.now))
    desk.send(reading(NOON + QUARTER + 20 * MINUTE, FINE, phase="A", interval_seconds=QUARTER, delivered=desk.now))
    desk.send(reading(NOON + QUARTER + 35 * MINUTE, FINE, phase="A", interval_seconds=QUARTER, delivered=desk.now))
    desk.restart().advance_to(desk.now + minutes)
    assert desk.of("L15a")[-1] == ("retracted", NOON + QUARTER)


def test_another_policy_holds_for_runs_that_begin_on_its_day_or_later():
    desk = Desk().values(OVER, FINE)
    changed = promising(Reference(desk.ledger.reference.network, Rules()), L15a={"limits": [{"limit": 5}]})
    desk.ledger.refer(replace(changed, network=Network.from_records([AREA, point()])))
    desk.advance_to(NOON + QUARTER + 1)
    assert desk.of("L15a") == [("met_late", NOON)]
    assert desk.last("L15a")["policy"] == "test"
    assert desk.due("L15a") == (1, 0)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_silence_of_days_ends_with_the_first_value_of_a_day(restarted):
    desk = Desk().values(FINE)
    heard = DAY_START + 4 * DAY + 9 * 3600
    desk.advance_to(heard + 5).send(reading(heard, FINE, phase="A", delivered=desk.now))
    if restarted:
        desk.restart()
    desk.advance_to(heard + 6)

    assert desk.of("L17")[-1] == ("met_late", NOON)


def test_what_is_long_over_stands_when_all_is_told_anew_after_a_restart():
    desk = Desk().values(FINE, OVER, OVER, OVER, *[FINE] * (3 * 96))
    told = list(desk.records)
    assert desk.of("L15a")[-1] == ("met_late", NOON + QUARTER)
    desk.restart().ledger.refer(desk.ledger.reference)
    assert desk.advance_to(desk.now + 1).records == told
