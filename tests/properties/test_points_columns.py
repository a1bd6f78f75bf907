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
from streams.cases.point_contribution import rate_amounts
from streams.cases.point_flow import rates
from streams.cases.point_limits import USABLE, Limits, judge_of
from streams.facts.profile import CHANNEL_BITS, CHANNELS, ENTRY
from tests.properties.test_points import DAY, MIDNIGHT, Lane, anew
from tests.unit.test_points import frame, reading

TEN_MINUTES = "mean", 600  # keep a point out of the columns for good
KINDS = (*(("instantaneous", seconds) for seconds in (60, 600, 900)), ("mean", 60), ("mean", 900))
NOON = MIDNIGHT + 12 * 3600
VOLTS = st.sampled_from((220, 220, 240, 240, 240, 190, 0, 440, None))


@st.composite
def lives(draw):
    """Minutes that pass, and what each point says in each; now and then something out of order, or a restart."""
    steps, revision = [], 0
    at = draw(st.sampled_from((MIDNIGHT + 60, NOON, NOON, MIDNIGHT + DAY - 4 * 3600)))
    for _ in range(draw(st.integers(4, 25))):
        at += draw(st.sampled_from((60, 60, 290, 900, 901, 3600)))
        for name, phases in (("P", "AB"), ("Q", "A"), ("unknown", "A")):
            for phase in phases:
                if draw(st.integers(0, 5)):
                    steps.append(_said(draw, name, phase, at))
        odd = draw(st.integers(0, 14))
        if odd == 0 and (records := [step for step in steps if not isinstance(step, int | str)]):
            steps.append(draw(st.sampled_from(records)))
        elif odd == 1:
            revision += 1
            steps.append(_said(draw, "P", "A", at - draw(st.sampled_from((60, 900, 5400))), revision))
        elif odd == 2:
            steps.append(draw(st.sampled_from(("restart", "refer"))))
        elif odd == 3:
            steps.append(_said(draw, "Q", "A", at, kinds=(TEN_MINUTES,)))
        steps.append(at + draw(st.sampled_from((0, 1, 31, 299))))
    return steps


def _said(draw, name, phase, at, revision=0, *, kinds=KINDS):
    kind, interval = draw(st.sampled_from(kinds))
    said = {"interval_seconds": interval, "value_kind": kind, "revision": revision}
    others = ({}, {}, {}, {"qualities": [8]}, {"nominal_centivolts": 22_000}, {"nominal_centivolts": 22_000})
    said |= draw(st.sampled_from((*others, {"nominal_centivolts": 23_000})))
    return reading(at, draw(VOLTS), name=name, phase=phase, source="a", recorded_at=at, delivered=at + 5, **said)


def taken_in(lane):
    return sum(point.row >= 0 for point in lane.ledger._points.values())


@given(lives())
@settings(max_examples=300, deadline=None)
def test_after_every_step_the_partials_are_the_fold_of_the_points(steps):
    lane = Lane()
    lane.advance(MIDNIGHT)
    for step in steps:
        before = lane.now
        lane.run([step])
        if lane.now > before:
            assert lane.ledger.partials.sums == anew(lane)
    assert not lane.ledger.defects


def said(lane):
    """All open days, with what the numbers in them stand for."""
    book = lane.ledger._book
    return {
        (key, day): sorted(
            (slot >> CHANNEL_BITS, book.channels.items[slot & CHANNELS], book.tags.items[tag], recorded_at, value)
            for slot, tag, recorded_at, value in ENTRY.iter_unpack(held)
        )
        for key, point in lane.ledger._points.items()
        for day, held in point.days.items()
    }


def is_record(step):
    return not isinstance(step, int | str)


@given(lives(), st.integers(0, 1 << 32))
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


@given(lives())
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
    assert week == {"voltage_en50160_points|D": 2, "voltage_en50160_passed|D": 1}


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


LIMITS = (Limits(None), Limits(22_000, 19_800, 23_540), Limits(22_000, 0, 90_000), Limits(38_000, 1, 2))
EDGES = (0, 1, 2, 3, 2199, 2200, 3800, 19_799, 19_800, 23_540, 23_541, 43_999, 44_000, 75_999, 76_000, 90_001)


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("qualities", [(), (0,), (8,), (0, 17), (17, 8)])
def test_a_verdict_in_columns_is_that_of_the_point(limits, qualities):
    nominal = -1 if limits.nominal is None else limits.nominal
    columns = Columns(*(np.array([number]) for number in (nominal, limits.low, limits.high)))

    found = verdicts(np.array(EDGES), np.full(len(EDGES), USABLE.issuperset(qualities)), columns)

    assert [*found] == [judge_of(limits)(value, qualities) for value in EDGES]


@given(st.integers(0, 3 * 31 * DAY), st.integers(0, 3 * 31 * DAY))
def test_a_rate_in_columns_is_that_of_the_point(compliant, others):
    monitored = compliant + others
    expected = rate_amounts("now", (compliant, monitored), "D").get(("now", "voltage_rate_ppb|D"), (0, 0))[0]

    assert rates(np.array([compliant]), np.array([monitored])) == [expected]
