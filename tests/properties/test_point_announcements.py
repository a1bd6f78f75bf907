"""What is announced of points depends on what was known when: not on order, repetition, columns, or restarts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases.point import State
from streams.cases.point_clocks import clocks_at
from streams.cases.point_runs import runs_since
from streams.sla.announcements import FIRST_ANNOUNCED
from tests.support.point_lane import DAY, Loud, records
from tests.support.point_lives import bursts, lives
from tests.support.points import MIDNIGHT

LATER = st.integers(0, 30).map(lambda hours: MIDNIGHT + 3600 * hours + 61)


def undisturbed(steps):
    """Records, and marks that ascend."""
    found, last = [], 0
    for step in [*steps, MIDNIGHT + 3 * DAY]:
        if isinstance(step, str) or (isinstance(step, int) and step <= last):
            continue
        found.append(step)
        last = step if isinstance(step, int) else last
    return found


def disturbed(steps, random):
    """Between two marks in any order, some twice, with restarts."""
    found, group = [], []
    for step in steps:
        if not isinstance(step, int):
            group.append(step)
            continue
        group += random.choices(group, k=2) if group else []
        random.shuffle(group)
        for record in group:
            found += [record, "restart"] if random.random() < 0.1 else [record]
        found += [step, "refer"] if random.random() < 0.1 else [step]
        group = []
    return found


@pytest.mark.proof
@given(lives() | bursts() | st.lists(records() | LATER, max_size=20), st.randoms())
@settings(max_examples=150, deadline=None)
def test_order_repetition_columns_and_restarts_do_not_show(steps, random):
    plain, other, alone = Loud(), Loud(), Loud(alone=True)
    steps = undisturbed(steps)
    plain.run(steps)
    alone.run(steps)
    other.run(disturbed(steps, random))

    assert alone.said() == plain.said()
    assert other.said() == plain.said()
    assert other.announcer.logs == plain.announcer.logs
    assert not any(lane.ledger.defects for lane in (plain, other, alone))


@given(lives() | bursts() | st.lists(records() | LATER, max_size=20))
@settings(max_examples=150, deadline=None)
def test_the_log_says_how_every_clock_stands(steps):
    lane = Loud()
    lane.run([*steps, MIDNIGHT + 2 * DAY])
    for point in lane.ledger._points.values():
        clocks = {}
        if point.days:
            runs = runs_since(point, point.view, (0, lane.now + DAY), lane.ledger._book)
            clocks = {clock.key: clock for clock in clocks_at(point, point.view, runs, lane.now).clocks}
        log = lane.announcer.logs.get(point.key, {})
        assert {key for key, clock in clocks.items() if clock.status in FIRST_ANNOUNCED} <= log.keys()
        for key, entry in log.items():
            assert entry["status"] == (clocks[key].status if key in clocks else "gone")
            if key in clocks and clocks[key].status in ("breached", "met_late"):
                assert entry["told"] == clocks[key].status
        assert point.state.late == () or point.state != State()
