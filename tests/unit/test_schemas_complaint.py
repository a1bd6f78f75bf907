"""The contract of complaints: optional fields, open enumerations, and errors without personal data."""

import json

import pytest

from schemas.codec import InvalidEvent, case_id, decode, encode
from schemas.complaint import Accepted, Linked, Rated

ENVELOPE = {
    "complaint_id": "CP-1",
    "event_id": "e-1",
    "revision": 1,
    "occurred_at": 1_780_000_060,
    "recorded_at": 1_780_000_061,
    "source": "css",
}
ACCEPTED = Accepted(**ENVELOPE, case_kind="complaint", customer_ref="A-10086-0417")


def read(event, **changes):
    return decode("complaints", json.dumps(json.loads(encode(event)) | changes).encode())


def refused(event, **changes):
    with pytest.raises(InvalidEvent) as invalid:
        read(event, **changes)
    return invalid.value.detail


@pytest.mark.parametrize("field", ["category", "level", "channel", "customer_ref", "area"])
def test_an_unknown_field_is_null_and_differs_from_an_absent_field(field):
    plain = Accepted(**ENVELOPE, case_kind="complaint")

    assert field not in read(plain).event.model_fields_set
    assert field in read(plain, **{field: None}).event.model_fields_set
    assert refused(plain, **{field: ""}).startswith(f"accepted.{field}: ")


@pytest.mark.parametrize("kind", [None, "", "x" * 129])
def test_the_kind_of_case_is_required(kind):
    assert refused(ACCEPTED, case_kind=kind).startswith("accepted.case_kind: ")


@pytest.mark.parametrize("field", ["case_kind", "category", "level", "channel"])
def test_an_unlisted_value_is_kept_as_it_is(field):
    assert getattr(read(ACCEPTED, **{field: "x" * 128}).event, field) == "x" * 128


@pytest.mark.parametrize("field", ["complaint_id", "customer_ref", "area", "event_id"])
def test_identifiers_have_at_most_128_characters(field):
    assert getattr(read(ACCEPTED, **{field: "客" * 128}).event, field) == "客" * 128
    assert refused(ACCEPTED, **{field: "客" * 129}).startswith(f"accepted.{field}: ")


def test_an_error_about_a_customer_does_not_name_the_customer():
    assert "10086" not in refused(ACCEPTED, customer_ref=["A-10086-0417"])
    assert "10086" not in refused(ACCEPTED, case_kind=["A-10086-0417"])


@pytest.mark.parametrize("score", [0, 6, 4.5, "4", True])
def test_a_score_is_1_to_5(score):
    assert refused(Rated(**ENVELOPE, score=5), score=score).startswith("rated.score: ")


def test_links_are_undone_one_by_one():
    event = read(Linked(**ENVELOPE, point_id="VP-1"), outage_id=None).event

    assert event.model_fields_set >= {"point_id", "outage_id"}
    assert "area" not in event.model_fields_set
    assert (event.outage_id, event.point_id) == (None, "VP-1")


def test_instants_are_floored_whatever_their_offset():
    assert read(ACCEPTED, occurred_at="2026-05-29T04:27:40.999+08:00").event.occurred_at == 1_780_000_060


def test_the_key_is_the_case_and_unknown_fields_are_counted():
    decoded = read(ACCEPTED, language="zh", attachments=[{"name": "a"}])

    assert case_id(decoded.event) == "CP-1"
    assert decoded.unknown_fields == 2
