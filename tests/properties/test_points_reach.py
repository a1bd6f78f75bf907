"""How far a value reaches: into days before and after it, into what another phase said, into what was announced."""

from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import pytest

from schemas.policy import Policy
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.reference.network import Network
from streams.reference.reference import Commitments, Reference
from streams.reference.rules import Rules
from tests.support.point_lane import DAY, Lane, Loud, anew
from tests.support.points import AREA, MIDNIGHT, point, reading

NOON = MIDNIGHT + DAY // 2
NEXT = MIDNIGHT + DAY
QUARTER, HOUR = 900, 3600


def clocks(sums, day):
    return {name: count for name, (count, _) in sums.get(f"all|{day}", {}).items() if name.startswith("sla_")}


def statuses(lane):
    return [orjson.loads(value)["status"] for _, value in lane.records]


def apply(lane, now, *records):
    lane.ledger.apply("voltage", list(records), lane.now)
    lane.advance(now)


def quarters(first, *volts, phase="A"):
    return [reading(first + QUARTER * n, each, phase=phase) for n, each in enumerate(volts)]


def ledger_of(zone, **clock):
    """Of one point, and a policy of one clock."""
    rule = {"kind": "point", "each": True, "severity": "warning", "source": "a test", **clock}
    policy = {
        "record_type": "policy",
        "policy": "one clock",
        "valid_from": "1970-01-01",
        "office_hours": [{"from": "08:00", "to": "12:00"}],
        "clocks": [rule],
    }
    promised = Commitments((Policy.model_validate_json(orjson.dumps(policy)),))
    network = Network.from_records([AREA, point("Q")])
    return PointLedger(Partials(), Reference(network, Rules(zone=zone), promised), lambda _: True)


@pytest.mark.parametrize(
    "more",
    [
        ["restart"],
        [reading(NOON + 2 * DAY, 221, "Q", phase="A", revision=1, delivered=NOON + 2 * DAY + 970)],
        [reading(NOON + 2 * DAY, 220, "Q", phase="A", source="b", delivered=NOON + 2 * DAY + 970)],
    ],
    ids=["a restart", "a correction", "a second source"],
)
def test_a_silence_that_ended_days_after_it_began_is_not_taken_back(more):
    lane, back = Loud(), NOON + 2 * DAY
    lane.run([reading(NOON, 220, "Q", phase="A"), NOON + 60, NOON + 9000, NOON + DAY])
    lane.run([reading(back, 220, "Q", phase="A"), back + 60, reading(back + QUARTER, 220, "Q", phase="A"), back + 960])

    lane.run([*more, back + 1000])

    assert statuses(lane) == ["breached", "met_late"]


def test_an_excursion_is_counted_once_though_a_phase_that_was_dead_delivers_what_came_before_it():
    lane, day = Lane(), MIDNIGHT + 2 * DAY
    at = day + 8 * HOUR
    lane.advance(MIDNIGHT)
    apply(lane, MIDNIGHT + 3700, *quarters(MIDNIGHT + HOUR, 220, phase="B"))
    apply(lane, at + 60, *quarters(at, 220))
    apply(lane, at + 3660, *quarters(at + QUARTER, 220, 260, 220, 220))
    apply(lane, at + 6360, *quarters(at + 5 * QUARTER, 240, 220, 220))

    apply(lane, at + 6420, *quarters(at + 2 * QUARTER, *[220] * 6, phase="B"))

    assert clocks(lane.ledger.partials.sums, "2026-06-05")["sla_due|L15a"] == 2
    assert lane.ledger.partials.sums == anew(lane)


@pytest.mark.parametrize("alone", [False, True])
def test_a_silence_is_taken_back_when_a_phase_delivers_what_it_had_measured_meanwhile(alone):
    lane, at = Loud(alone=alone), MIDNIGHT + 8 * HOUR
    lane.advance(MIDNIGHT)
    apply(lane, at + 60, *quarters(at, 220), *quarters(at, 220, phase="B"))
    apply(lane, at + 960, *quarters(at + QUARTER, 220), *quarters(at + QUARTER, 220, phase="B"))
    apply(lane, at + 2700, *quarters(at + 2 * QUARTER, 220, phase="B"))
    lane.advance(at + 4800)
    apply(lane, at + 5460, *quarters(at + 6 * QUARTER, 220))
    assert statuses(lane) == ["breached", "met_late"]

    apply(lane, at + 5520, *quarters(at + 3 * QUARTER, *[220] * 4, phase="B"))

    assert statuses(lane) == ["breached", "met_late", "retracted"]
    assert not clocks(lane.ledger.partials.sums, "2026-06-03")


def test_late_values_of_just_after_midnight_decide_what_yesterday_promised():
    lane, minute = Lane(), {"phase": "A", "interval_seconds": 60}
    lane.advance(MIDNIGHT)
    apply(lane, NEXT + 960, reading(NEXT - 60, 190, "Q", **minute))
    apply(lane, NEXT + 1020, *(reading(NEXT + seconds, 220, "Q", **minute) for seconds in (30, 60)))

    assert clocks(lane.ledger.partials.sums, "2026-06-03") == {"sla_due|L15a": 1, "sla_on_time|L15a": 1}
    assert lane.ledger.partials.sums == anew(lane)


def test_a_late_mean_before_midnight_takes_over_the_excursion_that_seemed_to_begin_the_day_after():
    lane = Lane()
    mean = {"phase": "A", "value_kind": "mean", "interval_seconds": QUARTER, "stamp": "start"}
    values = ((-4500, 220), (-3600, 220), (-2700, 220), (300, 240), (1200, 220))
    lane.run([reading(NEXT + seconds, volts, "Q", **mean) for seconds, volts in values])
    for days in range(5):
        lane.advance(NEXT + days * DAY + 5000)

    lane.run([reading(NEXT - 1200, 240, "Q", delivered=lane.now, **mean)]).advance(lane.now + 1000)

    assert "sla_due|L15a" not in clocks(lane.ledger.partials.sums, "2026-06-04")
    assert lane.ledger.partials.sums == anew(lane)


def test_a_point_is_not_silent_while_its_reading_holds_however_short_its_clocks():
    points = ledger_of("Asia/Shanghai", clock="L17", start=["silent"], stop=["heard"], limits=[{"limit": 10}])
    for at in range(MIDNIGHT + HOUR // 2, MIDNIGHT + 30 * HOUR, HOUR):
        points.apply("voltage", [reading(at, 220, "Q", phase="A", interval_seconds=HOUR)], at)
        points.due(at + 30)
        assert not any(evaluation.contribution.clocks for evaluation in points.evaluate(at + 30))

    assert not clocks(points.partials.sums, "2026-06-03")


def test_a_clock_may_be_longer_than_the_day_before():
    """The 29th of March has 23 hours in Berlin; a clock of 24 that begins on the 28th is decided on the 30th."""
    zone = "Europe/Berlin"
    start, out, within, end = (
        int(datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp())
        for day, hour, minute in ((28, 20, 0), (28, 23, 45), (30, 0, 45), (30, 2, 0))
    )
    points = ledger_of(
        zone, clock="L15a", start=["out"], stop=["within"], void=["unknown"], limits=[{"limit": 24 * 60}]
    )
    for at in range(start, end, QUARTER):
        volts = 240 if out <= at < within else 220
        points.apply("voltage", [reading(at, volts, "Q", phase="A")], at)
        points.due(at + 30)
        list(points.evaluate(at + 30))

    assert within - out == DAY
    assert clocks(points.partials.sums, "2026-03-28") == {"sla_due|L15a": 1, "sla_on_time|L15a": 1}
