"""The ledger of points against a stepper that looks at every step of time, after any history."""

from types import SimpleNamespace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import format_instant
from schemas.network import Area, Point
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.dimensions.periods import day_start, local_day, origin
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.properties.voltage_stepper import TICK, Stepper

DAY = 86_400
DISORDER = DAY // 2  # of record timestamps; a day is sealed one day after it could be
# Clocks go back, clocks go forward, the midnight is skipped, none of it; a month ends near by.
PLACES = st.sampled_from(
    (
        ("America/New_York", "2026-11-01"),
        ("Europe/Berlin", "2026-03-29"),
        ("Africa/Cairo", "2026-04-24"),
        ("Asia/Shanghai", "2026-06-30"),
        ("Asia/Shanghai", "2027-01-04"),  # the Sunday before is in 2026-W53
    )
)
POINTS = {
    "P": {"nominal_centivolts": 22_000, "phases": ["A", "B"], "monitoring_class": "D", "monitored_from": 0},
    "Q": {"nominal_centivolts": 3500, "phases": ["A"], "monitoring_class": "B", "transformer_ratio": 1000},
    "R": {"nominal_centivolts": 22_000, "phases": ["A"], "monitoring_class": "D", "monitored_from": 1},
    "N": {"nominal_centivolts": 22_000, "phases": ["A"], "monitoring_class": "D"},  # never reports
    "foreign": {"nominal_centivolts": 22_000, "phases": ["A"], "monitoring_class": "D", "area": "elsewhere"},
}
CHANGES = st.sampled_from(
    (
        {"P": {"area": "B"}},
        {"P": None},
        {"Q": {"nominal_centivolts": 22_000, "transformer_ratio": 1}},
        {"R": None, "U": {"nominal_centivolts": 38_000, "phases": ["A"], "monitoring_class": "A"}},
        {"P": {"monitored_from": -1, "monitoring_class": "C"}, "A": "rural"},
        {"P": {"monitored_from": 2}},
        {"P": {"monitoring_class": "E"}, "R": {"connection": "star"}},
        {"P": {"connection": "phase_to_neutral"}, "Q": {"connection": "phase_to_neutral", "transformer_ratio": 590}},
    )
)
VOLTS = {"Q": st.sampled_from((36.4, 33.0, 36.8, 38.6, 0, None))}
LOW_VOLTS = st.sampled_from((220, 220, 240, 190, 245, 180, 0, None))
INTERVALS = st.sampled_from((100, 600, 600, 900, 900, 3600, 5400, DAY))


# So many values that one, or two, are no more than 5 % of them.
MANY = st.tuples(
    st.sampled_from((18, 19, 20, 38)), st.lists(st.sampled_from((190, 245, 0)), min_size=1, max_size=2)
).map(lambda both: [220] * both[0] + both[1])


def network(base, zone, changes):
    said = {name: dict(about) for name, about in POINTS.items()}
    area_type = "urban"
    for name, change in changes.items():
        if name == "A":
            area_type = change
        elif change is None:
            said.pop(name, None)
        else:
            said[name] = said.get(name, {}) | change
    points = []
    for name, about in said.items():
        if about.get("monitored_from") is not None:
            about["monitored_from"] = local_day(base + about["monitored_from"] * DAY + DAY // 2, zone)
        points.append(Point(point=name, **{"area": "A"} | about))
    areas = (
        Area(area="A", region="n", area_type=area_type, served=[]),
        Area(area="B", region="s", area_type="urban", served=[]),
    )
    loaded_at = {(point.area, point.point): base - DAY if point.point == "N" else base + DAY for point in points}
    return Network.from_records([*areas, *points], loaded_at)


@st.composite
def events(draw):
    """An event with instants relative to the base, and the timestamp of its record."""
    name = draw(st.sampled_from("PPPQU"))
    volts = VOLTS.get(name, LOW_VOLTS)
    at = TICK * draw(st.integers(-40, 120) | st.integers(-1800, 3600).map(lambda n: n // 18 * 18))
    event = {"area": draw(st.sampled_from("AAAB")) if name == "P" else "A", "point": name}
    event |= {"source": draw(st.sampled_from("aab")), "revision": draw(st.sampled_from((0, 0, 1)))}
    phases = ({"phase": "A"}, {"phase": "A"}, {"phase": "B"}, {}, {"phase": "L1"})
    event |= draw(st.sampled_from(phases) if name == "P" else st.just({"phase": "A"}))
    kinds = ({}, {}, {"value_kind": "mean"}, {"value_kind": "instantaneous"}, {"value_kind": "peak"})
    event |= draw(st.sampled_from(kinds))
    event |= draw(st.sampled_from(({}, {}, {"stamp": "start"}, {"stamp": "end"}, {"stamp": "middle"})))
    event |= draw(st.sampled_from(({}, {"nominal_centivolts": 22_000}, {"nominal_centivolts": 38_000})))
    event |= draw(st.sampled_from(({}, {}, {"connection": "phase_to_neutral"}, {"connection": "other"})))
    quality = st.sampled_from((0, 8, 17))
    if draw(st.booleans()):
        event |= {"event_type": "reading", "occurred_at": at, "value_centivolts": cents(draw(volts))}
        event |= draw(st.fixed_dictionaries({}, optional={"interval_seconds": INTERVALS}))
        event |= draw(st.fixed_dictionaries({}, optional={"qualities": st.lists(quality, max_size=2)}))
        last = at
    else:
        said = draw(st.lists(volts, min_size=1, max_size=4) | MANY)
        event |= {"event_type": "frame", "start": at, "values_centivolts": [cents(value) for value in said]}
        event["interval_seconds"] = draw(INTERVALS)
        if draw(st.booleans()):
            event["qualities"] = draw(st.lists(quality | st.none(), min_size=len(said), max_size=len(said)))
        last = at + (len(said) - 1) * event["interval_seconds"]
    delay = draw(st.sampled_from((0, 0, 0, 50, 3600, 2 * DAY - 50, 2 * DAY, 9 * DAY)))
    event["recorded_at"] = last + draw(st.sampled_from((0, delay)))
    return event, last + delay


def cents(volts):
    return None if volts is None else round(volts * 100)


class Lane:
    """A ledger whose time only grows, the log it is restarted from, and what it has said of the points."""

    def __init__(self, zone, day):
        self.zone, self.base = zone, day_start(day, zone)
        self.rules = Rules(zone=zone, voltage_min_coverage_percent=1, voltage_week_min_share_percent=1)
        self.network = network(self.base, zone, {})
        self.ledger = PointLedger(Partials(), Reference(self.network, self.rules), owns)
        self.now, self.log, self.cells, self.said, self.summaries = self.base - 3 * DAY, {}, {}, [], {}
        self.advance(self.now + TICK)

    def take(self, event, sent):
        sent = max(sent, self.now - self.base - DISORDER)
        absolute = event | {
            name: event[name] + self.base for name in ("occurred_at", "start", "recorded_at") if name in event
        }
        written = absolute | {
            name: format_instant(absolute[name]) for name in ("occurred_at", "start", "recorded_at") if name in event
        }
        record = SimpleNamespace(
            offset=0,
            key=event["area"].encode(),
            value=orjson.dumps(written),
            timestamp=1000 * (sent + self.base),
            headers=(),
        )
        _, refused = self.ledger.apply("voltage", [record], self.now)
        first = min(event["recorded_at"], event.get("start", event.get("occurred_at")))
        assert bool(refused) == (first < sent - self.rules.correction_horizon_seconds)
        if not refused:
            self.said.append((absolute, sent + self.base))

    def advance(self, now):
        self.now = max(self.now, now)
        self.ledger.due(self.now)
        for evaluation in self.ledger.evaluate(self.now):
            point = evaluation.case
            assert evaluation.contribution.summary or evaluation.summary_before or evaluation.contribution.compared
            self.summaries[point.area, point.id] = evaluation.contribution.summary
        self.save()

    def save(self):
        self.log.update(self.ledger.unsaved())
        for name, value in self.ledger.partials.take_dirty(self.now):
            self.cells.pop(name, None) if value is None else self.cells.update({name: value})

    def restart(self):
        unsettled = self.ledger.unsettled()
        self.save()
        partials = Partials()
        for name, value in self.cells.items():
            partials.load(name, value)
        self.ledger = PointLedger(partials, self.ledger.reference, owns)
        self.ledger.load(self.log.items(), self.now, unsettled)

    def refer(self, changes):
        if (
            self.now < self.base + DAY or not self.said
        ):  # before anything is sealed: verdicts are kept by what held then
            self.network = network(self.base, self.zone, changes)
            self.ledger.refer(Reference(self.network, self.rules))

    def check(self):
        stepper = Stepper(self.said, self.network, self.rules, owns, self.zone)
        expected = stepper.measures(self.now)
        assert not self.ledger.defects, self.ledger.defects
        found = {}
        for name, measures in self.ledger.partials.sums.items():
            scope, _, period = name.rpartition("|")
            for measure, (fixed, rate) in measures.items():
                amount = fixed + rate * (self.now - origin(period, self.zone))
                if amount:
                    found[scope, period, measure] = amount
        assert found == dict(expected)
        summaries = {
            point: (*([summary["state"]] if summary["open"] else []), *sorted(summary["findings"]))
            for point, summary in self.summaries.items()
            if summary
        }
        assert summaries == stepper.summaries


def owns(area):
    return area != "elsewhere"


STEPS = st.integers(-50, 200).map(lambda n: 50 * n) | st.integers(-48, 48 * 5).map(lambda n: 1800 * n + 350)
LATE = st.sampled_from((29, 30, 31, 32, 36)).map(lambda n: n * DAY + 100)


@pytest.mark.proof
@given(PLACES, st.lists(events() | STEPS | LATE | CHANGES | st.just("restart"), max_size=16))
@settings(max_examples=100, deadline=None)
def test_every_second_counts_as_it_is_defined(place, steps):
    lane = Lane(*place)
    for step in steps:
        if isinstance(step, tuple):
            lane.take(*step)
        elif isinstance(step, dict):
            lane.refer(step)
        elif step == "restart":
            lane.restart()
        elif lane.base + step > lane.now:
            lane.advance(lane.base + step)
            lane.check()
    lane.advance(lane.now + TICK)
    lane.check()
