"""Decoding many records at once gives for each what decoding it alone gives, whatever stands beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import InvalidEvent, decode, decode_batch

GOOD = (
    b'{"event_type":"reading","area":"A","point":"P","source":"s","recorded_at":"2026-06-03T00:00:00Z",'
    b'"occurred_at":"2026-06-03T00:00:00Z","value_centivolts":22000}'
)
ODD = [
    None,
    b"",
    b"{",
    b"}",
    b"{}",
    b"{},{}",
    b'{"a":{}',
    b'"b":{}}',
    b'{"a":"}',
    b'{"}',
    b'{"a":[{}',
    b"{}]}",
    b"{}],[{}",
    GOOD + b"," + GOOD,
    GOOD[:-1] + b',"x":{}',
    b'{"y":1}}',
    GOOD[:-1] + b',"x":"}',
    b'{","event_type":"reading"}',
    GOOD.replace(b"22000", b"NaN"),
    GOOD.replace(b'"P"', b'"\xff"'),
]


def alone(value):
    try:
        return decode("voltage", value)
    except InvalidEvent as error:
        return (error.reason, error.detail), 0


def apart(values):
    found = [alone(value) for value in values]
    return [event for event, _ in found], sum(unknown_fields for _, unknown_fields in found)


def together(values):
    events, unknown_fields = decode_batch("voltage", values)
    return [(one.reason, one.detail) if isinstance(one, InvalidEvent) else one for one in events], unknown_fields


@given(st.lists(st.sampled_from([GOOD, *ODD]), max_size=6))
def test_neighbours_do_not_show(values):
    assert together(values) == apart(values)


@pytest.mark.parametrize("first", ODD)
@pytest.mark.parametrize("second", ODD)
def test_two_that_are_no_event_do_not_make_one(first, second):
    assert together([GOOD, first, second, GOOD]) == apart([GOOD, first, second, GOOD])
