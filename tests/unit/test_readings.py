"""Readings decoded together are what each of them is alone; whatever else stands beside them is decoded alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import InvalidEvent, decode, decode_each
from schemas.quick import READING
from schemas.readings import decode_readings
from schemas.voltage import Reading

GOOD = (
    b'{"event_type":"reading","area":"A","point":"P","source":"s","recorded_at":"2026-06-03T00:00:00Z",'
    b'"occurred_at":"2026-06-03T00:00:00Z","value_centivolts":22000}'
)
UNKNOWN = GOOD[:-1] + b',"x":{"y":"}"},"z":1}'
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
    b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"," + GOOD[1:],
    GOOD.replace(b"22000", b"NaN"),
    GOOD.replace(b'"P"', b'"\xff"'),
]


ODD += [
    GOOD.replace(b'"P"', b'""'),
    GOOD.replace(b"22000", b'"22000"'),
    GOOD.replace(b"22000", b"22000.0"),
    GOOD.replace(b'"event_type":"reading",', b""),
    GOOD.replace(b"}", b',"event_type":"frame"}'),
    GOOD.replace(b'"recorded_at":"2026-06-03T00:00:00Z",', b""),
    GOOD[:-1] + b',"qualities":[8',
    b"9]}",
    GOOD[:-1] + b',"qualities":[{}]}',
    GOOD[:-1] + b',"phase":""}',
    GOOD.replace(b"{", b'{"event_type":"frame",'),
    GOOD.replace(b'"P"', '"配\n"'.encode()),
    GOOD.replace(b'"occurred_at":"2026-06-03T00:00:00Z"', b'"occurred_at":"2026-06-03"'),
]
FINE = [
    GOOD,
    GOOD[:-1] + b',"phase":"A","interval_seconds":900,"value_kind":"mean","stamp":"start","revision":7}',
    GOOD[:-1] + b',"phase":"L1","value_kind":"peak","connection":"star"}',
    GOOD[:-1] + b',"phase":null,"qualities":null,"nominal_centivolts":22000}',
    GOOD.replace(b"22000", b"null"),
    GOOD[:-1] + b',"qualities":[8,0]}',
    UNKNOWN,
    GOOD.replace(b'"P"', '"配\\n\\u0050"'.encode()),
]


def fields(event):
    return {name: getattr(event, name) for name in Reading.model_fields}


@given(st.lists(st.sampled_from([*FINE, *ODD]), max_size=5) | st.lists(st.sampled_from(FINE), max_size=5))
def test_readings_are_decoded_together_if_all_of_them_are_good(values):
    together = decode_readings(values)
    with_a_list = any(b"[" in value for value in values if value)
    assert (together is None) == (not values or not set(values) <= set(FINE) or (UNKNOWN in values and with_a_list))
    if together is not None:
        readings, unknown_fields = together
        alone = [decode("voltage", value) for value in values]
        assert [readings.one(index).__dict__ for index in range(len(values))] == [fields(each.event) for each in alone]
        assert unknown_fields == sum(each.unknown_fields for each in alone)


def test_an_unknown_list_is_left_to_the_contract():
    several = [GOOD[:-1] + b',"x":[{}', b"{}]}", GOOD + b"," + GOOD]

    assert decode_readings([GOOD[:-1] + b',"x":[]}']) is None
    assert decode_readings(several) is None


@pytest.mark.parametrize("first", ODD)
@pytest.mark.parametrize("second", ODD)
def test_two_that_are_no_reading_do_not_make_one(first, second):
    assert decode_readings([GOOD, first, second, GOOD]) is None


def test_of_each_decoded_alone_the_refused_stay_in_their_place():
    events, unknown_fields = decode_each("voltage", [GOOD, b"{", UNKNOWN, None])
    assert [type(event) for event in events] == [READING, InvalidEvent, Reading, InvalidEvent]
    assert unknown_fields == 2
