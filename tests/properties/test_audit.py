"""An audit finds nothing in a ledger that is right, whatever happens meanwhile; a wrong sum it finds."""

from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from streams.cases import audit as module
from streams.cases.audit import Audit, Auditor
from tests.support.case_lane import END, EVENTS, STEPS, Lane


@pytest.fixture(autouse=True, scope="module")
def _smallest_slices():
    """One case or one cell at a time, so that anything can come between."""
    with patch.object(module, "SLICE_AMOUNTS", 1):
        yield


AUDITED = st.lists(st.one_of(STEPS.map(lambda steps: steps[:3]), st.just("audit")), max_size=30)


def play(lane, audited):
    """The steps, with slices of audits between them; the drift of every audit that came to its end."""
    for item in audited:
        if item == "audit":
            if lane.ledger.audit is None:
                lane.ledger.audit = Audit(lane.ledger)
            if lane.ledger.audit.step():
                yield lane.ledger.audit.drift
                lane.ledger.audit = None
        else:
            lane.run(item, end=False)


def finish(lane):
    audit = lane.ledger.audit = lane.ledger.audit or Audit(lane.ledger)
    while not audit.step():
        pass
    return audit


@given(AUDITED)
@settings(max_examples=300, deadline=None)
def test_an_undisturbed_ledger_has_no_drift_whatever_happens_during_an_audit(audited):
    lane = Lane()

    assert not any(play(lane, audited))
    assert finish(lane).drift == 0


@given(st.lists(EVENTS, min_size=1, max_size=12), AUDITED, st.randoms())
@settings(max_examples=200, deadline=None)
def test_a_sum_that_was_tampered_with_is_found_by_the_next_audit(events, audited, random):
    lane = Lane()
    lane.run(events, end=False)
    lane.advance(END)
    sums = lane.ledger.partials.sums
    assume(sums)
    cell = random.choice(sorted(sums))
    measure = random.choice(sorted(sums[cell]))
    fixed, rate = sums[cell][measure]
    sums[cell][measure] = (fixed + 10**9, rate)

    restarts = [step for steps in audited if steps != "audit" for step in steps if step[0] == "restart"]
    assume(not restarts)  # which heals it: recovery folds anew
    drifts = list(play(lane, audited))

    assert all(drifts)
    assert finish(lane).drift == 1


@given(st.lists(EVENTS, min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_a_cell_that_should_not_exist_or_is_missing_is_found(events):
    lane = Lane()
    lane.run(events, end=False)
    lane.advance(END)
    sums = lane.ledger.partials.sums
    assume(sums)
    missing = sums.pop(min(sums))
    sums["region=nowhere|now"] = {"customers_out|fault": (7, 0)}

    assert finish(lane).drift == len(missing) + 1


def test_an_auditor_works_every_interval_and_remembers_what_it_found():
    lane = Lane()
    auditor = Auditor(lane.ledger, 300)
    drifts = []
    for now in (1000, 1299, 1300, 1301, 1599, 1600, 1601):
        if now == 1301:
            lane.ledger.partials.sums["all|now"] = {"customers_out|fault": (1, 0)}
        drifts.append((auditor.step(now), auditor.audits))

    assert drifts == [(0, 0), (0, 0), (0, 1), (0, 1), (0, 1), (1, 2), (1, 2)]


def test_the_jump_from_1970_to_the_first_read_time_begins_no_audit():
    lane = Lane()
    auditor = Auditor(lane.ledger, 300)

    for now in (0, 0, 1000, 1299):
        auditor.step(now)
        assert lane.ledger.audit is None
    auditor.step(1300)
    assert auditor.audits + (lane.ledger.audit is not None) == 1
