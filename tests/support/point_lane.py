"""A ledger of points over random records, with restarts: time that only grows, and a log."""

import orjson
from hypothesis import strategies as st

from streams.agents.announcing import PREFIX, Announcer
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.reference.reference import Reference
from tests.support.points import MIDNIGHT, frame, ledger, point, reading

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


class Lane:
    """Time that only grows, and a log that survives a restart."""

    def __init__(self):
        self.ledger = ledger(point(phases=["A", "B"]), point("Q", monitored_from=None), point("R"))
        self.now, self.log, self.told = MIDNIGHT - DAY, {}, {}

    def advance(self, now):
        self.now = max(self.now, now)
        self.ledger.due(self.now)
        list(self.ledger.evaluate(self.now))
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
        for evaluation in self.ledger.evaluate(self.now):
            for output in self.announcer.announce(evaluation, self.ledger.reference, self.now, 0):
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
