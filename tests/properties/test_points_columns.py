"""Points whose values come in order are settled in columns: what comes of it is what a fold from nothing gives."""

import random
from collections import Counter
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases.audit import Audit
from streams.cases.point_arrivals import Limits as Columns
from streams.cases.point_arrivals import verdicts
from streams.cases.point_flow import rates
from streams.cases.point_limits import USABLE, Limits, judge_of, least_plausible
from streams.cases.point_rates import rate_amounts
from tests.support.point_lane import DAY, Lane, anew
from tests.support.point_lives import NOON, TEN_MINUTE_MEANS, backlogs, bursts, lives, said
from tests.support.points import MIDNIGHT, frame, ledger, reading


def taken_in(lane):
    return sum(point.row >= 0 for point in lane.ledger._points.values())


@pytest.mark.proof
@given(lives() | backlogs() | backlogs() | bursts())
@settings(max_examples=800, deadline=None)
def test_after_every_step_the_partials_are_the_fold_of_the_points(steps):
    lane = Lane()
    lane.advance(MIDNIGHT)
    for step in steps:
        before = lane.now
        lane.run([step])
        if lane.now > before:
            assert lane.ledger.partials.sums == anew(lane)
    assert not lane.ledger.defects


def is_record(step):
    return not isinstance(step, int | str)


@pytest.mark.proof
@given(lives() | backlogs() | bursts(), st.integers(0, 1 << 32))
@settings(max_examples=200, deadline=None)
def test_a_batch_is_taken_as_its_records_one_by_one(steps, seed):
    """Whatever it holds of one point: several phases, the same twice, later ones first."""
    alone, together = Lane(), Lane()
    counts, chance = Counter(), random.Random(seed)
    for lane in (alone, together):
        lane.advance(MIDNIGHT)
    for records, group in groupby(steps, key=is_record):
        batch = list(group)
        if not records:
            alone.run(batch)
            together.run(batch)
            continue
        if chance.random() < 0.3:
            batch += chance.choices(batch, k=2)
            chance.shuffle(batch)
        for record in batch:
            counts.update(alone.ledger.apply("voltage", [record], alone.now)[0])
        counts.subtract(together.ledger.apply("voltage", batch, together.now)[0])
        assert not any(counts.values())
    for lane in (alone, together):
        lane.advance(lane.now + 60)
    assert said(together) == said(alone)
    assert together.told == alone.told


@given(lives() | backlogs())
@settings(max_examples=100, deadline=None)
def test_an_audit_hears_of_what_moves_in_columns(steps):
    lane = Lane()
    lane.advance(MIDNIGHT)
    audits = 0
    for step in steps:
        if lane.ledger.audit is None:
            audit = lane.ledger.audit = Audit(lane.ledger)
        lane.run([step])
        if step == "restart":
            continue
        if isinstance(step, int) and audit.step():
            assert audit.drift == 0
            lane.ledger.audit, audits = None, audits + 1


def test_values_in_order_are_settled_in_columns_and_a_late_one_takes_its_point_out_until_the_next_settling():
    lane = Lane()
    lane.advance(NOON)
    for n in range(4):
        at = NOON + 900 * n
        lane.run([reading(at, 220, name=name, phase="A", delivered=at) for name in "PQ"]).advance(at + 60)
    assert taken_in(lane) == 2

    lane.run([reading(NOON - 900, 240, phase="A", delivered=at)])
    assert taken_in(lane) == 1

    lane.advance(at + 120)
    assert taken_in(lane) == 2
    assert lane.ledger.partials.sums == anew(lane)


def test_strands_that_were_given_back_are_taken_again():
    lane = Lane()
    lane.advance(NOON)
    for n in range(200):
        at = NOON + 60 * n
        lane.run([frame(at - 60, [220], interval=60, phase="A", delivered=at)]).advance(at)
    assert taken_in(lane) == 1

    assert len(lane.ledger._columns._strands.rows) == 64


def test_who_repeats_its_nominal_voltage_stays_in_and_another_one_takes_it_out():
    lane = Lane()
    lane.advance(NOON)
    for n in range(4):
        at = NOON + 900 * n
        lane.run([reading(at, 220, name="unknown", delivered=at, nominal_centivolts=22_000)]).advance(at + 60)
    assert taken_in(lane) == 1
    lane.run([reading(at + 900, 220, name="unknown", delivered=at + 900, nominal_centivolts=22_000)])
    assert taken_in(lane) == 1

    lane.run([reading(at + 1800, 220, name="unknown", delivered=at + 1800, nominal_centivolts=38_000)])

    assert taken_in(lane) == 0
    lane.advance(at + 1860)
    assert lane.ledger.partials.sums == anew(lane)


def test_a_point_with_10_minute_means_is_settled_by_itself():
    """The columns do not know what a mean is to its week; the first one of a point in them takes it out for good."""
    lane, means = Lane(), {"value_kind": "mean", "interval_seconds": 600}
    lane.advance(NOON)
    for n in range(4):
        at = NOON + 900 * n
        lane.run([reading(at, 220, phase="A", delivered=at)]).advance(at + 60)
        lane.run([reading(at, 220, "Q", phase="A", delivered=at, **means)]).advance(at + 120)
        assert taken_in(lane) == 1

    lane.run([reading(at + 600, 245, phase="A", delivered=at + 600, **means)])
    assert taken_in(lane) == 0
    assert not lane.ledger._columns.arrivals.waiting

    lane.run([reading(at + 1500, 220, phase="A", delivered=at + 1500)]).advance(at + 1600)
    assert taken_in(lane) == 0
    assert lane.ledger.partials.sums == anew(lane)
    week = {name: amount for name, (amount, _) in lane.ledger.partials.sums["all|2026-W23"].items()}
    assert week == {"voltage_en50160_unknown|D": 2}  # a week needs more means than these


def test_a_reading_before_all_others_of_a_point_in_columns_is_its_first():
    """A silence from that one on counts as any other."""
    lane = Lane()
    lane.advance(MIDNIGHT)
    lane.run([reading(NOON, 220, phase="A", interval_seconds=60)]).advance(NOON + 60)
    lane.run([reading(NOON - 780, 220, phase="A", interval_seconds=60)]).advance(NOON + 120)
    lane.run([reading(NOON, 220, phase="A", interval_seconds=60)]).advance(NOON + 180)
    assert taken_in(lane) == 1
    lane.advance(NOON + 240)
    assert lane.ledger.partials.sums["all|2026-06-03"]["sla_due|L17"] == (2, 0)
    assert lane.ledger.partials.sums == anew(lane)


def test_what_lies_beside_readings_takes_none_of_them_out():
    """A frame, garbage, and readings with qualities, which are decoded one by one."""
    lane = Lane()
    lane.advance(MIDNIGHT)
    for at in (NOON, NOON + 900):
        lane.run([reading(at, 220, phase="A"), reading(at, 220, "Q", phase="A")]).advance(at + 60)
    assert taken_in(lane) == 2

    at = NOON + 1800
    bad = reading(at, 220, phase="A", revision=-1)
    beside = [frame(at - 900, [220] * 15, name="R", phase="A"), bad, reading(at, 220, "Q", phase="A", qualities=[0])]
    counts, refused = lane.ledger.apply("voltage", [reading(at, 220, phase="A"), *beside], lane.now)
    assert (counts, len(refused)) == ({"applied": 3, "rejected": 1}, 1)
    assert taken_in(lane) == 2
    lane.advance(at + 60)
    assert lane.ledger.partials.sums == anew(lane)


def test_a_repetition_takes_no_point_out():
    lane = Lane()
    lane.advance(NOON)
    said = [reading(NOON + 900 * n, 220, phase="A", delivered=NOON + 900 * n) for n in range(3)]
    lane.run(said).advance(NOON + 1860)

    counts, _ = lane.ledger.apply("voltage", [*said, said[2]], lane.now)

    assert counts == {"duplicate": 4}
    assert taken_in(lane) == 1


LIMITS = (
    Limits(None),
    Limits(22_000, 19_800, 23_540),
    Limits(22_000, 0, 90_000),
    Limits(38_000, 1, 2, low_voltage=True),
)
EDGES = (
    0,
    1,
    2,
    3,
    2640,
    2641,
    4399,
    4400,
    4560,
    4561,
    7599,
    7600,
    19_799,
    19_800,
    23_540,
    23_541,
    43_999,
    44_000,
    75_999,
    76_000,
    90_001,
)


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("qualities", [(), (0,), (8,), (0, 17), (17, 8)])
def test_a_verdict_in_columns_is_that_of_the_point(limits, qualities):
    nominal = -1 if limits.nominal is None else limits.nominal
    numbers = nominal, limits.low, limits.high, least_plausible(limits)
    columns = Columns(*(np.array([number]) for number in numbers))

    found = verdicts(np.array(EDGES), np.full(len(EDGES), USABLE.issuperset(qualities)), columns)

    assert [*found] == [judge_of(limits)(value, qualities) for value in EDGES]


@given(st.integers(0, 3 * 31 * DAY), st.integers(0, 3 * 31 * DAY))
def test_a_rate_in_columns_is_that_of_the_point(compliant, others):
    monitored = compliant + others
    view = ledger()._points["A", "P"].view
    amounts = rate_amounts("now", (compliant, monitored, 0, 0), view)
    expected = amounts.get(("now", "voltage_rate_ppb|D"), (0, 0))[0]

    assert rates(np.array([compliant]), np.array([monitored])) == [expected]


def regular(lane, *volts, name="Q"):
    """The next values of a point, one each quarter of an hour, all of them in one batch."""
    first = max(lane.now // 900 * 900 + 900, NOON)
    lane.ledger.apply("voltage", each_quarter(first, *volts, name=name), lane.now)
    lane.advance(first + 900 * len(volts) - 840)


def each_quarter(first, *volts, name="Q", phase="A"):
    return [reading(first + 900 * n, each, name, phase=phase) for n, each in enumerate(volts)]


@pytest.mark.parametrize(
    ("volts", "looked"),
    [
        ((240, 220, 220), False),
        ((220, 240, 220, 240, 220, 220), False),
        ((220, 260, 220, 220), True),  # far out
        ((220, 240, 240, 220, 220), True),  # for longer than a quarter of an hour
        ((220, 240, 0, 220, 220), True),  # nobody knows when it ended
        ((220, 220, 240), True),  # it goes on
        ((220, 240, 220), True),  # the value that ends it may still move
    ],
)
def test_an_excursion_that_ended_in_time_is_counted_without_a_look(volts, looked):
    lane = Lane()
    lane.advance(NOON)
    regular(lane, 220)

    regular(lane, *volts)

    assert bool(lane.ledger._columns.begun) is looked
    assert lane.ledger.partials.sums == anew(lane)


def test_excursions_of_two_phases_at_once_are_one():
    lane = Lane()
    lane.advance(NOON)
    for volts in ((220,), (220,), (220, 240, 220, 220)):
        first = max(lane.now // 900 * 900 + 900, NOON)
        for phase in "AB":
            lane.ledger.apply("voltage", each_quarter(first, *volts, name="P", phase=phase), lane.now)
        lane.advance(first + 900 * len(volts) - 840)

    assert lane.ledger._columns.begun
    assert lane.ledger.partials.sums == anew(lane)


def test_what_was_counted_without_a_look_is_counted_once_when_somebody_looks():
    lane = Lane()
    lane.advance(NOON)
    regular(lane, 220)
    regular(lane, 240, 220, 220)
    assert not lane.ledger._columns.begun

    regular(lane, 220, 260, 220)
    regular(lane, 240, 220, 220)
    regular(lane, 220, 260, 260, 220)

    assert lane.ledger._columns.begun
    assert lane.ledger.partials.sums == anew(lane)


def test_what_follows_the_first_value_of_a_point_is_merged_at_once_before_the_point_was_ever_settled():
    lane = Lane()
    lane.ledger.apply("voltage", each_quarter(NOON, 220), lane.now)

    lane.ledger.apply("voltage", each_quarter(NOON + 900, 240, 220, 230), lane.now)

    (waiting,) = lane.ledger._columns.arrivals.waiting
    assert len(waiting) == 3
    lane.advance(NOON + 3600)
    assert taken_in(lane) == 1
    assert not lane.ledger._columns._outside
    assert lane.ledger.partials.sums == anew(lane)


def test_what_follows_beyond_the_days_that_are_marked_marks_its_own():
    """What the partials hold of a day has to be remembered before its first late value is merged."""
    lane = Lane()
    lane.ledger.apply("voltage", [reading(NOON, 220, "Q", phase="A", **TEN_MINUTE_MEANS)], lane.now)
    evening = MIDNIGHT + DAY - 3600
    lane.advance(evening + 2 * DAY + 7200)  # three days later, and the day not sealed yet
    lane.ledger.apply("voltage", each_quarter(evening, 220), lane.now)
    assert lane.ledger._columns._outside

    lane.ledger.apply("voltage", each_quarter(evening + 900, *[240] * 12), lane.now)
    lane.advance(evening + 2 * DAY + 9000)

    assert lane.ledger.partials.sums == anew(lane)


@pytest.mark.parametrize("other", [{"nominal_centivolts": 23_000}, {"nominal_centivolts": 23_000, "revision": 2}])
def test_of_one_slot_the_value_that_came_first_is_taken_first(other):
    """What tells another nominal voltage is taken by itself, and one of its slot after it waits for that."""
    counts = []
    for batches in ((2,), (1, 1)):
        lane = Lane()
        lane.advance(NOON)
        regular(lane, 220, name="unknown")
        at = NOON + 1800
        values = [reading(at, 221, "unknown", phase="A", **other), reading(at, 222, "unknown", phase="A", revision=1)]
        told = Counter()
        for size in batches:
            batch, values = values[:size], values[size:]
            told.update(lane.ledger.apply("voltage", batch, lane.now)[0])
        counts.append(told)
    assert counts[0] == counts[1]


def test_a_reading_after_a_frame_of_its_point_in_one_batch_waits_for_it():
    lane = Lane()
    lane.advance(NOON)
    regular(lane, 220)
    at = NOON + 1800
    batch = [
        frame(at, [221], 900, "Q", phase="A"),
        reading(at, 222, "Q", phase="A", recorded_at=at + 901, delivered=at + 901),
    ]

    assert lane.ledger.apply("voltage", batch, lane.now)[0] == {"applied": 2}


def test_after_a_late_value_at_the_end_of_a_day_those_of_the_next_day_are_still_compared():
    lane = Lane()
    lane.advance(NOON)
    midnight_utc = MIDNIGHT + 8 * 3600  # a UTC day ends there
    lane.ledger.apply("voltage", each_quarter(midnight_utc - 1800, 220), lane.now)
    lane.ledger.apply("voltage", each_quarter(midnight_utc, 220), lane.now)

    for at, outcome in ((midnight_utc - 900, "applied"), (midnight_utc, "duplicate")):
        assert lane.ledger.apply("voltage", each_quarter(at, 220), lane.now)[0] == {outcome: 1}


def test_a_longer_value_of_one_phase_has_the_others_taken_by_themselves_again():
    """The longer a value may cover the time, the further back a later one may change what was told."""
    lane = Lane()
    for phase, interval, followed in (("A", 60, 1), ("B", 60, 2), ("B", 900, 1)):
        said = reading(NOON + interval, 220, phase=phase, interval_seconds=interval)
        lane.ledger.apply("voltage", [said], lane.now)
        assert len(lane.ledger._columns._outside) == followed
