"""Points do not depend on order, repetition, batching, sealing or restarts; every record keeps its own timestamp."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases.audit import Audit
from tests.support.point_lane import DAY, END, Lane, anew, records
from tests.support.points import MIDNIGHT

TIMES = st.integers(0, 9 * 24).map(lambda hours: MIDNIGHT + 3600 * hours + 61)


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
