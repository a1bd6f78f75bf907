"""A ledger's partials are the fold of its cases, whatever the order, the batching, the refusals and the restarts."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases import crews
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials, fold
from tests.support.case_lane import END, EVENTS, KEY, PLAIN, STEPS, Lane
from tests.support.strategies import COMPLAINT_EVENTS

CLOSED = (
    b'{"event_type":"closed","outage_id":"%s","event_id":"e","revision":1,"source":"s",'
    b'"occurred_at":"2026-06-03T04:00:00Z","recorded_at":"2026-06-03T04:00:00Z"}'
)


class Marks(Lane):
    """With marks nothing is settled between two of them, but what was applied is stored all the same."""

    def advance(self, at):
        self.now = max(self.now, at)
        self.ledger.due(self.now)
        super().evaluate()

    def evaluate(self):
        self.log.update(self.ledger.unsaved())

    def restart(self):
        self.evaluate()
        partials, unsettled = Partials(), self.ledger.unsettled()
        for cell, record in self.told.items():
            partials.load(cell, record)
        self.ledger = Ledger(partials, self.ledger.reference)
        self.ledger.load(self.log.items(), self.now, unsettled)


def folded(ledger, now, without=()):
    return fold(
        case.kind.contribution(case.id, case.facts, ledger.reference, now).measures
        for key, case in ledger.cases.items()
        if key not in without
    )


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_between_two_units_facts_are_kept_as_they_are_stored(steps):
    for lane in (Lane(), Marks()):
        lane.run(steps)
        rows = {key: row for key, row in lane.log.items() if not key.startswith(crews.PREFIX)}
        assert {key.encode(): case.stored for key, case in lane.ledger.cases.items()} == rows
        assert all(case.rests for case in lane.ledger.cases.values())


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_partials_are_the_fold_of_the_cases_after_any_history(steps):
    ledger = Lane().run(steps)

    assert ledger.partials.drift(folded(ledger, END)) == 0


@given(st.lists(EVENTS, max_size=12), STEPS, st.randoms())
@settings(max_examples=200, deadline=None)
def test_order_repetition_time_and_restarts_do_not_show_in_the_end(events, others, random):
    plain = Lane().run(events)
    disturbed = [*events, *random.choices(events, k=4)] if events else []
    random.shuffle(disturbed)
    for step in others:
        if step[0] in ("advance", "evaluate", "restart", "refer"):
            disturbed.insert(random.randint(0, len(disturbed)), step)

    other = Lane().run(disturbed)

    assert other.partials.sums == plain.partials.sums
    assert {key: case.facts for key, case in other.cases.items()} == {
        key: case.facts for key, case in plain.cases.items()
    }


@given(st.lists(COMPLAINT_EVENTS, min_size=1, max_size=8), STEPS)
@settings(max_examples=100, deadline=None)
def test_no_reference_of_a_customer_is_in_anything_that_is_kept(events, steps):
    lane = Lane()
    ledger = lane.run([*(("complaints", event) for event in events), *steps])
    summaries = [ledger.present(case).summary for case in ledger.cases.values()]
    kept = repr((lane.log, lane.told, lane.findings, summaries, ledger.defects, ledger.reference))

    assert "11000001" not in kept
    assert KEY not in kept


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_a_restart_between_marks_settles_what_its_predecessor_had_not(steps):
    lane = Marks()
    ledger = lane.run(steps)
    present = {key: ledger.present(case) for key, case in ledger.cases.items()}

    assert ledger.partials.drift(folded(ledger, END)) == 0
    assert lane.findings == {key: set(contribution.findings) for key, contribution in present.items()}
    assert lane.states == {key: contribution.summary.get("state") for key, contribution in present.items()}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (b"O", b"{", "undecodable"),
        (b"O", None, "undecodable"),
        (b"O", b'{"event_type": "closed"}', "invalid"),
        (b"P", None, "misrouted"),
    ],
)
def test_what_is_wrong_by_itself_is_rejected_with_a_reason(key, value, reason):
    ledger = Ledger(Partials(), PLAIN)

    verdict = ledger.take("outages", key, CLOSED % b"O" if reason == "misrouted" else value, END, 0)

    assert (verdict.outcome, verdict.reason) == ("rejected", reason)
    assert not ledger.cases


def test_a_bug_in_a_contribution_flags_the_case_and_leaves_the_others_alone():
    lane = Lane()
    for name in ("good", "bad"):
        lane.ledger.take("outages", name.encode(), CLOSED % name.encode(), END, 0)
    bad = lane.ledger.cases["outage/bad"]
    bad.kind = replace(bad.kind, contribution=lambda *_: 1 // 0)

    lane.evaluate()

    assert set(lane.ledger.defects) == {"outage/bad"}
    assert lane.ledger.partials.sums == folded(lane.ledger, lane.now, without={"outage/bad"})
