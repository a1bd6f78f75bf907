"""Stepped through hour by hour, a complaint changes at its breakpoints only, wherever clocks change and lists end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases.registry import COMPLAINT
from streams.dimensions.periods import day_start
from streams.reference import calendars
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.support.lives import NETWORK, complaint, facts, promising

HOUR = 3600
PLACES = {  # zone, cutoff, calendar, a day around which something happens to clocks or lists
    "worked weekend": ("Asia/Shanghai", None, calendars.load(), "2026-09-18"),
    "year end": ("Asia/Shanghai", "17:30", calendars.load(), "2026-12-24"),
    "clocks forward": ("America/New_York", "17:30", calendars.load(), "2026-03-06"),
    "clocks back": ("America/New_York", None, calendars.load(), "2026-10-29"),
    "skipped midnight": ("Africa/Cairo", "23:30", calendars.load(), "2026-04-22"),
}
NAMES = ("closed", "reopened", "withdrawn", "contacted", "replied", "assigned", "returned")
# What happens often lies where something is decided: at the acceptance, a day later, at a midnight, one second off.
MOMENTS = st.one_of(
    st.tuples(st.sampled_from((0, 86_400, 14 * HOUR, 3 * 86_400)), st.sampled_from((-1, 0, 1))).map(sum),
    st.integers(-HOUR, 15 * 86_400),
)


@pytest.mark.proof
@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=40, deadline=None)
@given(
    accepted=st.integers(0, 3 * 86_400),
    happened=st.lists(st.tuples(st.sampled_from(NAMES), MOMENTS), max_size=6),
)
def test_every_change_is_at_a_breakpoint(place, accepted, happened):
    zone, cutoff, calendar, day = PLACES[place]
    reference = promising(Reference(NETWORK, Rules(zone=zone, calendar=calendar)), cutoff=cutoff)
    first = day_start(day, zone) + accepted
    events = [complaint("accepted", first), *(complaint(name, first + after) for name, after in happened)]
    state = facts(COMPLAINT, events)

    def evaluate(t):
        seen = COMPLAINT.contribution("X", state, reference, t)
        return (seen.measures, seen.findings, {**seen.summary, "as_of": 0}), seen.next_due_at

    held, until = evaluate(first)
    steps = {first + HOUR * n + off for n in range(24 * 18) for off in (0, 1)}
    steps |= {day_start(day, zone) + HOUR * n + off for n in range(24 * 21) for off in (-1, 0)}
    for t in sorted(step for step in steps if step > first):
        while until is not None and until <= t:
            held, until = evaluate(until)
        assert evaluate(t) == (held, until)
