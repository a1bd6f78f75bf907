"""What is announced of points depends on what was known when: not on order, repetition, columns, or restarts."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.agents.announcing import PREFIX, Announcer
from streams.cases.point import State
from streams.cases.point_clocks import clocks_at
from streams.cases.point_runs import runs_since
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.sla.announcements import BEGINS
from tests.properties.test_points import DAY, MIDNIGHT, Lane, records
from tests.properties.test_points_columns import bursts, lives

LATER = st.integers(0, 30).map(lambda hours: MIDNIGHT + 3600 * hours + 61)


class Loud(Lane):
    """A lane that announces; `alone` keeps every point out of the columns."""

    def __init__(self, *, alone=False):
        super().__init__()
        self.alone, self.announcer, self.records = alone, Announcer("breaches", "ledger"), []

    def advance(self, now):
        self.now = max(self.now, now)
        if self.alone:
            for point in self.ledger._points.values():
                self.ledger._mark_alone(point)
        self.ledger.due(self.now)
        for settled in self.ledger.settle(self.now):
            for output in self.announcer.tell(settled, self.ledger.reference, self.now, 0):
                if output.key.startswith(PREFIX):
                    self.log[output.key] = output.value
                else:
                    self.records.append((output.key, output.value))
        self.save()

    def restart(self):
        unsettled = orjson.loads(orjson.dumps(self.ledger.unsettled()))
        self.save()
        partials = Partials()
        for cell, value in self.told.items():
            partials.load(cell, value)
        self.ledger = PointLedger(partials, self.ledger.reference, lambda _: True)
        self.announcer = Announcer("breaches", "ledger")
        self.ledger.load([*self.announcer.load(self.log.items())], self.now, unsettled, self.announcer.logs)

    def said(self):
        """All records; of one instant in the order of their keys, for points are settled in no order."""
        return sorted(self.records, key=lambda told: (orjson.loads(told[1])["detected_at"], told[0]))


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
        assert {key for key, clock in clocks.items() if clock.status in BEGINS} <= log.keys()
        for key, entry in log.items():
            assert entry["status"] == (clocks[key].status if key in clocks else "gone")
            if key in clocks and clocks[key].status in ("breached", "met_late"):
                assert entry["told"] == clocks[key].status
        assert point.state.late == () or point.state != State()
