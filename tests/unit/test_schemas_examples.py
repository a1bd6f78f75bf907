"""The contract by example: what is on either side of the border stays there, and for the reason given."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas import EVENTS, RECORDS
from schemas.codec import InvalidEvent, case_id, decode, encode

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
ALL = EVENTS + RECORDS


def examples(side, families):
    return [
        pytest.param(family, file, id=f"{family.name}/{file.stem}")
        for family in families
        for file in sorted((EXAMPLES / family.topic / side).glob("*.json"))
    ]


def errors_of(family, raw):
    try:
        TypeAdapter(family.union).validate_json(raw)
    except ValidationError as error:
        return {(".".join(map(str, problem["loc"])), problem["type"]) for problem in error.errors()}
    return set()


def tags(family):
    members = get_args(get_args(family.union)[0])
    return [get_args(member.model_fields[field].annotation)[0] for member in members for field in tag_of(member)]


def tag_of(member):
    return {"event_type", "record_type"} & set(member.model_fields)


@pytest.mark.parametrize(("family", "file"), examples("valid", EVENTS))
def test_valid_events_decode_and_survive_the_round_trip(family, file):
    decoded = decode(family.name, file.read_bytes())

    unknown = re.search(r"with-(\d)-unknown", file.stem)
    assert decoded.unknown_fields == (int(unknown[1]) if unknown else 0)
    again = decode(family.name, encode(decoded.event))
    assert again == (decoded.event, ())
    assert again.event.model_fields_set - {"event_type", "record_type"} == decoded.event.model_fields_set - {
        "event_type",
        "record_type",
    }


@pytest.mark.parametrize(("family", "file"), examples("valid", EVENTS))
def test_the_key_of_a_record_is_its_case(family, file):
    record = json.loads(file.read_bytes())
    area = f"{record['area']}/" if record.get("record_type") == "point" else ""
    key = record.get(family.key) or f"{record['record_type']}/{area}{record[record['record_type']]}"

    assert case_id(decode(family.name, file.read_bytes()).event) == key


@pytest.mark.parametrize(("family", "file"), examples("valid", RECORDS))
def test_valid_records_are_accepted(family, file):
    assert errors_of(family, file.read_bytes()) == set()


@pytest.mark.parametrize(("family", "file"), examples("invalid", ALL))
def test_invalid_examples_fail_for_the_reason_they_name(family, file):
    example = json.loads(file.read_bytes())
    raw = example["raw"] if "raw" in example else json.dumps(example["record"])
    errors = errors_of(family, raw)

    assert example["why"].endswith(".")
    assert (example["at"], example["error"]) in errors
    if family in EVENTS:
        assert len(errors) == 1
        with pytest.raises(InvalidEvent) as invalid:
            decode(family.name, raw.encode())
        assert invalid.value.reason == example["reason"]
        assert example["reason"] == "undecodable" or invalid.value.detail.startswith(example["at"] or "event")


@pytest.mark.parametrize("family", EVENTS, ids=lambda family: family.name)
@pytest.mark.parametrize("side", ["valid", "invalid"])
def test_every_event_type_has_an_example(family, side):
    stems = [file.stem for file in (EXAMPLES / family.topic / side).glob("*.json")]

    missing = [tag for tag in tags(family) if not any(re.match(rf"{tag}(-|$)", stem) for stem in stems)]
    assert tags(family)
    assert missing == []


@pytest.mark.parametrize("family", RECORDS, ids=lambda family: family.name)
def test_every_derived_record_has_examples(family):
    for side in ("valid", "invalid"):
        assert list((EXAMPLES / family.topic / side).glob("*.json"))


def test_no_example_is_of_an_unknown_topic():
    assert {folder.name for folder in EXAMPLES.iterdir()} == {family.topic for family in ALL}
