"""Facts are a function of the set of events: not of their order, nor of how often each came."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases.registry import CASES
from streams.facts import Change, Stamp, merge
from tests.support.lives import REFERENCE, facts
from tests.support.strategies import NOON, OF_KIND

# Up to a day around the events, and up to all that working days decide.
NOWS = (
    st.integers(-1, 14).map(lambda n: NOON + 100 * n)
    | st.integers(NOON, NOON + 100_000)
    | st.integers(NOON, NOON + 1_500_000)
)


@st.composite
def deliveries(draw, kind):
    """A life, and the same life in another order with repetitions."""
    life = draw(st.lists(OF_KIND[kind], min_size=1, max_size=10))
    again = draw(st.lists(st.sampled_from(life), max_size=5))
    return life, draw(st.permutations(life + again))


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.name)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_every_order_and_repetition_gives_the_same_state_findings_and_contribution(kind, data):
    one, other = data.draw(deliveries(kind))
    now = data.draw(NOWS)
    state, again = facts(kind, one), facts(kind, other)
    assert orjson.dumps(state, option=orjson.OPT_SORT_KEYS) == orjson.dumps(again, option=orjson.OPT_SORT_KEYS)
    assert kind.contribution("X", state, REFERENCE, now) == kind.contribution("X", again, REFERENCE, now)


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.name)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_state_that_was_stored_goes_on_like_one_that_was_not(kind, data):
    life = data.draw(st.lists(OF_KIND[kind], min_size=1, max_size=10))
    now = data.draw(NOWS)
    kept, stored = {}, {}
    for event in life:
        stored = orjson.loads(orjson.dumps(stored))
        stated = kind.facts_of(event), Stamp.of(event)
        assert merge(kept, *stated) is merge(stored, *stated)
    stored = orjson.loads(orjson.dumps(stored))
    assert kept == stored
    assert kind.contribution("X", kept, REFERENCE, now) == kind.contribution("X", stored, REFERENCE, now)


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.name)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_change_is_told_exactly_when_the_state_changes(kind, data):
    state = {}
    for event in data.draw(st.lists(OF_KIND[kind], min_size=1, max_size=10)):
        before = orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
        change = merge(state, kind.facts_of(event), Stamp.of(event))
        after = orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
        assert (after != before) == (change is Change.APPLIED)
        assert merge(state, kind.facts_of(event), Stamp.of(event)) is not Change.APPLIED
        assert orjson.dumps(state, option=orjson.OPT_SORT_KEYS) == after


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.name)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_contribution_reads_and_does_not_write(kind, data):
    state = facts(kind, data.draw(st.lists(OF_KIND[kind], max_size=8)))
    before = orjson.dumps(state)
    kind.contribution("X", state, REFERENCE, data.draw(NOWS))
    assert orjson.dumps(state) == before
