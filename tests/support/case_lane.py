"""A ledger of cases over random events, with restarts: time that only grows, and a log."""

from hypothesis import strategies as st

from schemas.codec import case_id, encode
from schemas.network import Area
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.reference import calendars
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.support.strategies import COMPLAINT_EVENTS, INSTANTS, NOON, ORDER_EVENTS, OUTAGE_EVENTS

EVENTS = st.one_of(
    OUTAGE_EVENTS.map(lambda event: ("outages", event)),
    ORDER_EVENTS.map(lambda event: ("repairs", event)),
    COMPLAINT_EVENTS.map(lambda event: ("complaints", event)),
)


STEPS = st.lists(
    st.one_of(
        EVENTS,
        INSTANTS.map(lambda at: ("advance", at)),
        st.sampled_from((("evaluate", 0), ("restart", 0), ("refer", 0))),
    ),
    max_size=40,
)


NETWORK = Network.from_records(
    [
        Area(record_type="area", area="A", region="north", area_type="urban", served=[]),
        Area(record_type="area", area="B", region="south", area_type="rural", served=[]),
    ]
)
KEY = "a key of some length"  # the same in both: what is kept of a customer depends on it
PLAIN = Reference(rules=Rules(pseudonym_key=KEY))
MAPPED = Reference(NETWORK, Rules(pseudonym_key=KEY, calendar=calendars.load()))
END = NOON + 10_000


class Lane:
    """What the writer does with a ledger, in miniature: time that only grows, and a log that survives a restart."""

    def __init__(self) -> None:
        self.now, self.log, self.told, self.findings, self.states = 0, {}, {}, {}, {}
        self.ledger = Ledger(Partials(), PLAIN)

    def event(self, family, event):
        return self.ledger.take(family, case_id(event).encode(), encode(event), END, self.now)

    def advance(self, at):
        self.now = max(self.now, at)
        self.ledger.due(self.now)
        self.evaluate()

    def evaluate(self):
        for evaluation in self.ledger.evaluate(self.now):
            key = evaluation.case.key
            assert set(evaluation.findings_before) == self.findings.get(key, set()), "findings go from what was told"
            self.findings[key] = set(evaluation.contribution.findings)
            self.states[key] = evaluation.contribution.summary.get("state")
        self.log.update(self.ledger.unsaved())
        for cell, record in self.ledger.partials.take_dirty(self.now):
            self.told.pop(cell, None) if record is None else self.told.__setitem__(cell, record)

    def restart(self):
        self.evaluate()
        partials = Partials()
        for cell, record in self.told.items():
            partials.load(cell, record)
        self.ledger = Ledger(partials, self.ledger.reference)
        self.ledger.load(self.log.items(), self.now)
        assert not partials.dirty, "a restart alone changes nothing"

    def refer(self):
        self.ledger.refer(MAPPED if self.ledger.reference is PLAIN else PLAIN)

    def run(self, steps, *, end=True):
        for name, value in steps:
            if name in ("outages", "repairs", "complaints"):
                self.event(name, value)
            elif name == "advance":
                self.advance(value)
            else:
                getattr(self, name)()
        if not end:
            return self.ledger
        if self.ledger.reference is not PLAIN:
            self.ledger.refer(PLAIN)
        self.advance(END)
        return self.ledger
