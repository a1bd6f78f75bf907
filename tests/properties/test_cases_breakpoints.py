"""A contribution holds until its next due time: an evaluation before it is the same, and no due time is past."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases.registry import CASES
from tests.support.lives import REFERENCE, STRICT, facts
from tests.support.strategies import NOON, OF_KIND

# What of a summary moves with the clock, besides as_of.
MOVING = {"as_of", "customer_seconds_out"}


@pytest.mark.parametrize("reference", [REFERENCE, STRICT], ids=["shipped", "strict"])
@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.name)
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_between_two_breakpoints_nothing_changes(kind, reference, data):
    state = facts(kind, data.draw(st.lists(OF_KIND[kind], min_size=1, max_size=8)))
    now = data.draw(st.integers(NOON - 50, NOON + 1300) | st.integers(NOON, NOON + 1_500_000))
    for _ in range(4):
        seen = kind.contribution("X", state, reference, now)
        until = seen.next_due_at
        assert until is None or until > now
        last = now + 200_000 if until is None else until - 1
        between = data.draw(st.integers(now, last))
        for t in (between, last):
            later = kind.contribution("X", state, reference, t)
            assert (later.measures, later.findings, later.next_due_at) == (seen.measures, seen.findings, until)
            assert {k: v for k, v in later.summary.items() if k not in MOVING} == {
                k: v for k, v in seen.summary.items() if k not in MOVING
            }
            if kind.name == "outage":
                grown = seen.summary["customer_seconds_out"] + seen.summary["customers_out"] * (t - now)
                assert later.summary["customer_seconds_out"] == grown
        if until is None:
            return
        now = until
