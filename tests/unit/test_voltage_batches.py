"""Values that come a day at once: the point is silent when a batch is overdue, and not between two of them."""

import pytest

from tests.support.point_clocks import Desk
from tests.support.points import MIDNIGHT, cell, frame, point
from tests.support.voltage_tables import BATCHES, DAY, HOUR

QUARTER = 900


def batch(start=MIDNIGHT):
    """The 15-minute means of a day."""
    return frame(start, [220] * 96, QUARTER, phase="A")


@pytest.mark.parametrize("example", BATCHES, ids=str)
def test_a_batch_that_is_overdue_is_silence(example):
    delivery, hours, silent, status = example
    desk = Desk(point(delivery_interval_seconds=delivery))
    midnight = MIDNIGHT + DAY
    desk.advance_to(midnight).send(batch())
    desk.advance_to(midnight + hours * HOUR)

    assert cell(desk.ledger, "now").get("voltage_points_silent|D", 0) == silent
    told = desk.of("L17")
    assert (told[-1][0] if told else None) == status


def test_a_batch_each_day_breaks_no_clock():
    desk = Desk(point(delivery_interval_seconds=DAY))
    for number in range(1, 5):
        midnight = MIDNIGHT + number * DAY
        desk.advance_to(midnight + HOUR).send(batch(midnight - DAY)).advance_to(midnight + HOUR)
    desk.advance_to(midnight + 20 * HOUR)
    assert desk.records == []
    assert desk.due("L17") == (0, 0)
    assert desk.summaries.get("P", {}) == {}


def test_a_missing_batch_breaks_it_and_its_late_delivery_proves_that_there_was_none():
    desk = Desk(point(delivery_interval_seconds=DAY))
    midnight = MIDNIGHT + DAY
    desk.advance_to(midnight).send(batch()).advance_to(midnight + 73 * HOUR)
    assert [status for status, _ in desk.of("L17")] == ["at_risk", "breached"]
    assert desk.due("L17") == (1, 0)

    for number in range(1, 4):
        desk.send(batch(MIDNIGHT + number * DAY))
    desk.advance_to(midnight + 73 * HOUR + 60)
    assert desk.of("L17")[-1][0] == "retracted"
    assert desk.due("L17") == (0, 0)


def test_after_a_restart_the_clock_goes_on():
    desk = Desk(point(delivery_interval_seconds=DAY))
    midnight = MIDNIGHT + DAY
    desk.advance_to(midnight).send(batch()).advance_to(midnight + 60 * HOUR).restart().advance_to(midnight + 73 * HOUR)
    assert [status for status, _ in desk.of("L17")] == ["at_risk", "breached"]


def test_between_two_batches_the_state_is_neither_silent_nor_within():
    desk = Desk(point(delivery_interval_seconds=DAY))
    midnight = MIDNIGHT + DAY
    desk.advance_to(midnight).send(frame(MIDNIGHT, [*[220] * 95, 0], QUARTER, phase="A")).advance_to(
        midnight + 12 * HOUR
    )
    assert desk.summaries["P"]["state"] == "awaiting_batch"
