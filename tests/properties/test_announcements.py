"""Announcements depend on when each fact became known, and on nothing else: not on order, repetition, restarts."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import case_id, encode
from schemas.event import format_instant
from streams.agents.announcing import PREFIX, Announcer
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.sla.announcements import FIRST_ANNOUNCED
from tests.support.lives import REFERENCE
from tests.support.strategies import COMPLAINT_EVENTS, NOON, ORDER_EVENTS, OUTAGE_EVENTS

FAMILIES = {"repairs": ORDER_EVENTS, "outages": OUTAGE_EVENTS, "complaints": COMPLAINT_EVENTS}
MARKS = [*range(NOON + 100, NOON + 1500, 200), *(NOON + 1000 * n for n in (3, 5, 7, 11, 16, 90, 500, 1500))]
VOLATILE = ("detected_at", "elapsed_permille", "about")  # fields that change without an announcement
# Each event, and the mark by which it has arrived.
LIVES = st.one_of(
    *(
        st.lists(st.tuples(st.just(family), events, st.sampled_from(MARKS[:10])), min_size=1, max_size=8)
        for family, events in FAMILIES.items()
    )
)


class Partition:
    """What a source partition does with marks: apply, settle and announce at each; and a log that survives."""

    def __init__(self, since=0):
        self.since, self.rows, self.records = since, {}, []
        self.ledger, self.announcer = Ledger(Partials(), REFERENCE), Announcer("breaches", "ledger")

    def apply(self, family, event):
        self.ledger.take(family, case_id(event).encode(), encode(event), NOON + 2_000_000, 0)

    def mark(self, now):
        self.ledger.due(now)
        for evaluation in self.ledger.evaluate(now):
            for output in self.announcer.announce(evaluation, REFERENCE, now, self.since):
                if output.key.startswith(PREFIX):
                    self.rows[output.key] = output.value
                else:
                    self.records.append((output.key, output.value))
        self.rows.update(self.ledger.unsaved())
        self.now = now

    def restart(self):
        self.ledger, self.announcer = Ledger(Partials(), REFERENCE), Announcer("breaches", "ledger")
        self.ledger.load(self.announcer.load(self.rows.items()), self.now)
        self.ledger.refer(replace(REFERENCE))  # as after an upgrade: everything is settled anew

    def clocks(self):
        """The current clocks of all cases."""
        return {
            f"{case.key}|{clock.key}": clock
            for case in self.ledger.cases.values()
            for clock in self.ledger.present(case).clocks
        }

    def log(self):
        return {f"{case}|{key}": entry for case, log in self.announcer.logs.items() for key, entry in log.items()}


def played(lifecycle, *, random=None, restarts=False):
    partition = Partition()
    for mark in MARKS:
        arrived = [(family, event) for family, event, by in lifecycle if by == mark]
        if random is not None:
            arrived += random.choices(arrived, k=3) if arrived else []
            random.shuffle(arrived)
        for family, event in arrived:
            partition.apply(family, event)
        partition.mark(mark)
        if restarts and random.random() < 0.3:
            partition.restart()
    return partition


@given(LIVES, st.randoms())
@settings(max_examples=300, deadline=None)
def test_order_repetition_and_restarts_do_not_show(lifecycle, random):
    plain, disturbed = played(lifecycle), played(lifecycle, random=random, restarts=True)

    assert disturbed.records == plain.records
    assert disturbed.log() == plain.log()


@given(LIVES)
@settings(max_examples=300, deadline=None)
def test_the_log_says_how_every_clock_stands_and_the_last_record_says_the_same(lifecycle):
    partition = played(lifecycle)
    clocks, log, last = partition.clocks(), partition.log(), dict(partition.records)

    assert {key for key, clock in clocks.items() if clock.status in FIRST_ANNOUNCED} <= log.keys()
    for key, entry in log.items():
        clock = clocks.get(key)
        assert entry["status"] == (clock.status if clock else "gone")
        case, name, cycle = key.rsplit("|", 2)
        record = orjson.loads(last[f"{name}|{case}|{cycle}".encode()])
        assert record["status"] == entry["told"]
        assert record["open"] == bool(clock and clock.open)
        if clock and clock.status in ("breached", "met_late"):
            assert entry["told"] == clock.status


@given(LIVES)
@settings(max_examples=200, deadline=None)
def test_no_change_is_told_twice_and_a_breach_not_before_its_deadline(lifecycle):
    before = {}
    for key, value in played(lifecycle).records:
        record = orjson.loads(value)
        same = {
            name: value for name, value in record.items() if name not in ("detected_at", "elapsed_permille", "about")
        }
        assert before.get(key) != same
        before[key] = same
        if record["status"] in ("breached", "met_late"):
            assert record["detected_at"] > record["deadline_at"]
        assert record["open"] == (record["stopped_by"] is None) or record["started_at"] is None


@pytest.mark.parametrize("since", [NOON + 1000, NOON + 10_000])
@given(lifecycle=LIVES)
@settings(max_examples=100, deadline=None)
def test_nothing_is_told_of_deadlines_before_the_begin_unless_it_was_told_already(since, lifecycle):
    partition = Partition(since)
    for mark in MARKS:
        for family, event, by in lifecycle:
            if by == mark:
                partition.apply(family, event)
        partition.mark(mark)
    announced = set()
    for key, value in partition.records:
        record = orjson.loads(value)
        late = record["deadline_at"] is not None and record["deadline_at"] < format_instant(since)
        assert key in announced or not late
        announced.add(key)
