"""Points do not depend on order, repetition, batching, sealing or restarts; every record keeps its own timestamp."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases.audit import Audit
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.reference.reference import Reference
from tests.unit.test_points import MIDNIGHT, frame, ledger, point, reading

DAY = 86_400
SLOTS = st.integers(-4, 8).map(lambda n: MIDNIGHT - 900 + 900 * n) | st.integers(0, 2).map(lambda n: MIDNIGHT + n * DAY)
VOLTS = st.sampled_from((220, 221, 240, 190, 245, 180, 0, None))
DELAYS = st.sampled_from((0, 60, 2 * DAY - 1, 2 * DAY, 2 * DAY + 1000, 5 * DAY))
SAID = {
    "revision": st.sampled_from((0, 0, 1)),
    "source": st.sampled_from(("a", "a", "b")),
    "phase": st.sampled_from(("A", "B")),
}
TEN_MINUTES = {"value_kind": "mean", "interval_seconds": 600}
NAMES = st.sampled_from(("P", "P", "Q", "unknown"))


@st.composite
def records(draw):
    slot, written = draw(SLOTS), draw(DELAYS)
    said = {name: draw(values) for name, values in SAID.items()} | {"name": draw(NAMES)}
    if draw(st.booleans()):
        delivered = slot + max(written, draw(DELAYS))
        said |= draw(st.sampled_from(({}, TEN_MINUTES)))
        return reading(slot, draw(VOLTS), recorded_at=slot + written, delivered=delivered, **said)
    volts = draw(st.lists(VOLTS, min_size=1, max_size=5))
    return frame(slot, volts, draw(st.sampled_from((600, 900))), delivered=slot + 5 * 900 + draw(DELAYS), **said)


END = MIDNIGHT + 12 * DAY
TIMES = st.integers(0, 9 * 24).map(lambda hours: MIDNIGHT + 3600 * hours + 61)


class Lane:
    """Time that only grows, and a log that survives a restart."""

    def __init__(self):
        self.ledger = ledger(point(phases=["A", "B"]), point("Q", monitored_from=None), point("R"))
        self.now, self.log, self.told = MIDNIGHT - DAY, {}, {}

    def advance(self, now):
        self.now = max(self.now, now)
        self.ledger.due(self.now)
        list(self.ledger.settle(self.now))
        self.save()

    def save(self):
        self.log.update(self.ledger.unsaved())
        for cell, value in self.ledger.partials.take_dirty(self.now):
            self.told.pop(cell, None) if value is None else self.told.update({cell: value})

    def restart(self):
        unsettled = self.ledger.unsettled()
        self.save()
        partials = Partials()
        for cell, value in self.told.items():
            partials.load(cell, value)
        self.ledger = PointLedger(partials, self.ledger.reference, lambda _: True)
        self.ledger.load(self.log.items(), self.now, unsettled)

    def refer(self):
        reference = self.ledger.reference
        self.ledger.refer(Reference(reference.network, reference.rules))

    def run(self, steps):
        for step in steps:
            if isinstance(step, int):
                self.advance(step)
            elif isinstance(step, str):
                getattr(self, step)()
            else:
                self.ledger.apply("voltage", [step], self.now)
        return self


def anew(lane):
    other = Lane()
    other.ledger.load(lane.log.items(), lane.now)
    return other.ledger.partials.sums


@given(st.lists(records() | TIMES | st.sampled_from(("restart", "refer")), max_size=25))
@settings(max_examples=200, deadline=None)
def test_after_any_history_the_partials_are_the_fold_of_the_points(steps):
    lane = Lane().run(steps)
    lane.advance(lane.now + 1)

    assert lane.ledger.partials.sums == anew(lane)
    assert not lane.ledger.defects


@given(st.lists(records(), max_size=10), st.lists(st.sampled_from(("restart", "refer")), max_size=3), st.randoms())
@settings(max_examples=200, deadline=None)
def test_order_repetition_sealing_and_restarts_do_not_show(events, others, random):
    plain = Lane().run([*sorted(events, key=lambda event: event.timestamp), END])
    disturbed = []
    for event in sorted(events, key=lambda event: event.timestamp + random.randint(0, DAY * 1000 - 1)):
        disturbed += [event, event.timestamp // 1000, random.choice([*disturbed, event])]
        disturbed += [random.choice(others)] if others else []
    other = Lane().run([*disturbed, *events[:3], END])

    assert other.ledger.partials.sums == plain.ledger.partials.sums
    points = ({key: case.findings for key, case in lane.ledger._points.items()} for lane in (plain, other))
    assert next(points) == next(points)


@given(st.lists(records() | TIMES, max_size=15))
@settings(max_examples=60, deadline=None)
def test_an_audit_finds_nothing_whatever_happens_during_it(steps):
    lane = Lane()
    lane.advance(MIDNIGHT)
    audit = lane.ledger.audit = Audit(lane.ledger)
    for step in steps:
        lane.run([step])
        audit.step()
    while not audit.step():
        pass

    assert audit.drift == 0
