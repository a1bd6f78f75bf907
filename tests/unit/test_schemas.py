"""The common rules of the contract for all events, and the edges of the codec."""

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from schemas import EVENTS, RECORDS
from schemas.case_summary import CaseSummary
from schemas.codec import InvalidEvent, decode, encode
from schemas.event import COUNT_MAX, INSTANT_MAX, INTEGER_MAX, TOTAL_MAX, format_instant, instant_of, parse_instant
from schemas.outage import AreaCount, Etr, Extended, Plan, Remaining, Restored, Started

T = 1_780_000_060  # 2026-05-28T20:27:40Z
ENVELOPE = {
    "outage_id": "o-1",
    "event_id": "e-1",
    "revision": 1,
    "occurred_at": T,
    "recorded_at": T + 1,
    "source": "oms",
}
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS)  # noqa: DTZ001  zones are drawn


def models(annotation):
    """Every model class inside a type, itself included."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for argument in get_args(annotation):
        yield from models(argument)


def raw(event, **changes):
    return json.dumps(json.loads(encode(event)) | changes).encode()


def test_every_field_has_a_description():
    every = {model for family in EVENTS + RECORDS for model in models(family.union)}
    bare = [
        f"{model.__name__}.{name}"
        for model in every
        for name, field in model.model_fields.items()
        if not field.description
    ]

    assert len(every) > 40
    assert bare == []


def test_every_model_describes_itself():
    assert [m for family in EVENTS + RECORDS for m in models(family.union) if not m.__doc__] == []


def test_an_index_over_a_month_of_the_greatest_count_is_an_exact_integer_of_json():
    days = 31
    assert TOTAL_MAX * days * 86_400 * days <= INTEGER_MAX
    with pytest.raises(ValidationError):
        AreaCount(area="A", customers=COUNT_MAX + 1)


@given(MOMENTS)
def test_instants_are_whole_seconds_floored(moment):
    assert parse_instant(moment.isoformat()) == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


@given(st.integers(0, INSTANT_MAX))
def test_instants_survive_the_round_trip(instant):
    assert parse_instant(format_instant(instant)) == instant


@pytest.mark.parametrize("text", ["2026-06-03t08:00:00z", "2026-06-03T08:00:00-00:00", "2026-06-03T08:00:00.5Z"])
def test_rfc_3339_allows_more_than_one_spelling(text):
    assert instant_of(text) == parse_instant("2026-06-03T08:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "step-1",
        "",
        "2026-06-03",
        "2026-06-03T08:00Z",
        "2026-06-03 08:00:00Z",
        "2026-06-03T08:00:00",
        "20260603T080000Z",
        "2026-06-31T08:00:00Z",
        "2026-06-03T08:00:60Z",
        "2026-06-03T08:00:00+24:00",
        "２026-06-03T08:00:00Z",
        "\n",
        "2026-06-03T08:00:00Z\n",
        "1969-12-31T23:59:59Z",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "9999-12-31T23:59:59-00:01",
    ],
)
def test_a_text_without_an_instant_is_none(text):
    assert instant_of(text) is None


def test_absent_is_not_null():
    silent = decode("outages", raw(Started(**ENVELOPE, kind="fault"))).event
    unknown = decode("outages", raw(Started(**ENVELOPE, kind="fault"), areas=None)).event

    assert "areas" not in silent.model_fields_set
    assert "areas" in unknown.model_fields_set
    assert b"areas" not in encode(silent)
    assert b'"areas":null' in encode(unknown)


def test_events_are_frozen():
    event = Restored(**ENVELOPE)

    with pytest.raises(ValidationError):
        event.cycle = 2


def test_python_code_may_pass_lists_and_instants_as_seconds():
    event = Extended(**ENVELOPE, areas=[Remaining(area="a", remaining=3)])

    assert event.areas == (Remaining(area="a", remaining=3),)
    assert json.loads(encode(event))["occurred_at"] == "2026-05-28T20:27:40Z"
    assert Etr(**ENVELOPE, etr=None).etr is None


@pytest.mark.parametrize("value", [True, -1, 1.0, INSTANT_MAX + 1, "1970-01-01"])
def test_python_code_may_not_pass_other_instants(value):
    with pytest.raises(ValidationError):
        Plan(start=value, end=INSTANT_MAX)


def test_unknown_fields_are_counted_once_wherever_they_are():
    event = Started(**ENVELOPE, kind="fault", areas=[AreaCount(area="a", customers=1)], plan=Plan(start=T, end=T))
    value = json.loads(encode(event))
    value |= {"x": {"y": {"z": 1}}, "w": None}
    value["areas"][0]["x"] = [1, 2]
    value["plan"]["x"] = math.pi

    decoded = decode("outages", json.dumps(value).encode())

    assert decoded.unknown_fields == 4
    assert decoded.unknown == ("x", "w", "areas.0.x", "plan.0.x")
    assert decoded.event == event


@pytest.mark.parametrize(
    "value", [None, b"", b"\xff\xfe", b"nul", b"null", b"3", b"[]", b'"started"', b"{}x", b"[" * 9999]
)
def test_a_value_without_a_json_object_is_undecodable(value):
    with pytest.raises(InvalidEvent) as invalid:
        decode("outages", value)

    assert invalid.value.reason == "undecodable"


@given(st.binary(max_size=64) | st.text(max_size=64).map(str.encode))
def test_no_bytes_break_the_codec(value):
    for family in EVENTS:
        with pytest.raises(InvalidEvent):
            decode(family.name, value)


def test_details_are_short_and_without_values():
    event = raw(
        Started(**ENVELOPE, kind="fault"), areas=[{"area": "Zhang San", "customers": -n} for n in range(1, 999)]
    )

    with pytest.raises(InvalidEvent) as invalid:
        decode("outages", event)

    assert invalid.value.detail.startswith("started.areas.0.customers: ")
    assert invalid.value.detail.endswith("; and 993 more")
    assert "Zhang" not in invalid.value.detail


def test_a_summary_is_made_of_seconds_and_published_as_text():
    facts = {"case": "o-1", "kind": "outage", "state": "active", "open": True, "regions": ["north"], "areas": ["a"]}
    clocks = {"started_at": 0, "plan": {"start": 0, "end": 60}, "etr": None, "findings": [], "as_of": 120}

    record = json.loads(CaseSummary(**facts, **clocks).to_json())

    assert record == facts | clocks | {
        "started_at": "1970-01-01T00:00:00Z",
        "plan": {"start": "1970-01-01T00:00:00Z", "end": "1970-01-01T00:01:00Z"},
        "as_of": "1970-01-01T00:02:00Z",
    }
