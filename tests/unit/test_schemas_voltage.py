"""Voltages by contract: units, nulls, lengths, qualities, instants."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import InvalidEvent, case_id, decode, encode
from schemas.voltage import CENTIVOLTS_MAX, FRAME_VALUES_MAX, INTERVAL_MAX, DailyStatistics, Frame, Reading

T = 1_780_416_000  # 2026-06-03T00:00:00+08:00
ENVELOPE = {"area": "TA-1", "point": "VP-1", "source": "ami", "recorded_at": T + 901}
READING = Reading(**ENVELOPE, occurred_at=T + 900, value_centivolts=22873)
FRAME = Frame(**ENVELOPE, start=T, interval_seconds=900, values_centivolts=[22873, None])


def message(event, **changes):
    return json.dumps(json.loads(encode(event)) | changes).encode()


def read(event, **changes):
    return decode("voltage", message(event, **changes))


def refused(event, **changes):
    with pytest.raises(InvalidEvent) as invalid:
        read(event, **changes)
    assert invalid.value.reason == "invalid"
    return invalid.value.detail


@given(st.integers(0, CENTIVOLTS_MAX) | st.none())
def test_a_voltage_is_an_integer_in_centivolts_or_not_known(value):
    assert read(READING, value_centivolts=value).event.value_centivolts == value
    assert read(FRAME, values_centivolts=[value]).event.values_centivolts == (value,)


@pytest.mark.parametrize("value", [228.73, 22873.0, "22873", True, -1, CENTIVOLTS_MAX + 1])
def test_no_other_number_is_a_voltage(value):
    assert refused(READING, value_centivolts=value).startswith("reading.value_centivolts: ")
    assert refused(FRAME, values_centivolts=[22873, value]).startswith("frame.values_centivolts.1: ")


def test_an_absent_value_is_not_a_value_that_is_not_known():
    body = json.loads(message(READING))
    del body["value_centivolts"]

    with pytest.raises(InvalidEvent, match=r"reading\.value_centivolts: Field required"):
        decode("voltage", json.dumps(body).encode())


@pytest.mark.parametrize("length", [1, FRAME_VALUES_MAX])
def test_a_frame_has_up_to_a_day_of_minutes(length):
    assert len(read(FRAME, values_centivolts=[1] * length).event.values_centivolts) == length


@pytest.mark.parametrize("length", [0, FRAME_VALUES_MAX + 1])
def test_a_frame_of_another_length_is_refused(length):
    assert refused(FRAME, values_centivolts=[1] * length).startswith("frame.values_centivolts: ")


@pytest.mark.parametrize("qualities", [[], [0], [0, 0, 0]])
def test_a_frame_has_a_quality_for_each_value_or_none_at_all(qualities):
    assert "one quality for each value" in refused(FRAME, qualities=qualities)


def test_qualities_may_be_absent_null_or_null_for_single_values():
    assert "qualities" not in read(FRAME).event.model_fields_set
    assert read(FRAME, qualities=None).event.qualities is None
    assert read(FRAME, qualities=[None, 19]).event.qualities == (None, 19)
    assert read(READING, qualities=[]).event.qualities == ()


@pytest.mark.parametrize("quality", [-1, 20, "0", 0.5])
def test_codes_of_quality_are_0_to_19(quality):
    assert refused(FRAME, qualities=[0, quality]).startswith("frame.qualities.1: ")
    assert refused(READING, qualities=[quality]).startswith("reading.qualities.0: ")


@pytest.mark.parametrize("interval", [0, INTERVAL_MAX + 1, 900.5])
def test_an_interval_is_1_second_to_a_day(interval):
    assert refused(FRAME, interval_seconds=interval).startswith("frame.interval_seconds: ")
    assert refused(READING, interval_seconds=interval).startswith("reading.interval_seconds: ")


def test_defaults_are_those_of_the_devices():
    reading, frame = read(READING).event, read(FRAME).event

    assert (reading.value_kind, reading.stamp, reading.revision) == ("instantaneous", "end", 0)
    assert (frame.value_kind, frame.stamp, frame.revision) == ("mean", "start", 0)
    assert reading.model_fields_set.isdisjoint({"value_kind", "stamp", "revision", "interval_seconds"})


def test_instants_are_floored_whatever_their_offset():
    assert read(READING, occurred_at="2026-06-03T00:15:00.999+08:00").event.occurred_at == T + 900
    assert read(FRAME, start="2026-06-03T00:00:00+08:00").event.start == T


def test_the_key_is_the_area_not_the_point():
    daily = DailyStatistics(**ENVELOPE, day="2026-06-03", monitored_minutes=1440, over_minutes=0, under_minutes=0)

    assert {case_id(event) for event in (READING, FRAME, daily)} == {"TA-1"}


def test_unknown_fields_of_a_frame_are_counted_and_are_no_part_of_it():
    decoded = read(FRAME, unit="V", x={"y": [1, 2]})

    assert (decoded.unknown_fields, decoded.unknown) == (2, ("unit", "x"))
    assert decoded.event == read(FRAME).event
    assert not hasattr(decoded.event, "unit")
