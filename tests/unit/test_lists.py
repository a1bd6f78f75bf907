"""No value of an input record is refused for being on no list: every enumeration of every schema is walked."""

import json
from pathlib import Path

import orjson
import pytest
from pydantic import TypeAdapter

from schemas import EVENTS
from schemas.codec import decode, decode_each
from schemas.lists import lists_of, unlisted
from schemas.policy import Policy, WorkingCalendar

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
TAGS = ("event_type", "record_type")  # the type of the record: without it no other field can be read
# Policies and calendars are loaded by hand and decide all clocks: a record with an unlisted value is refused whole, and
# the version before it holds. See tests/oracle/test_policy_records.py.
BY_HAND = {Policy.__name__, WorkingCalendar.__name__}


def closed_lists(schema, path=""):
    """Where a JSON Schema allows some values only."""
    if isinstance(schema, list):
        for number, item in enumerate(schema):
            yield from closed_lists(item, f"{path}/{number}")
    elif isinstance(schema, dict):
        if ("enum" in schema or "const" in schema) and not path.endswith(TAGS):
            yield path
        for name, item in schema.items():
            yield from closed_lists(item, f"{path}/{name}")


def walked(family):
    """The definitions of its records, without records that are loaded by hand."""
    definitions = TypeAdapter(family.union).json_schema()["$defs"]
    reached, left = set(), [name for name in definitions if name in {kind.__name__ for kind in kinds(family)}]
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += [other for other in definitions if f'"#/$defs/{other}"' in json.dumps(definitions[name])]
    return {name: definitions[name] for name in reached}


def kinds(family):
    """The classes of its records."""
    return [kind for kind in family.union.__args__[0].__args__ if kind.__name__ not in BY_HAND]


@pytest.mark.parametrize("family", EVENTS, ids=lambda family: family.name)
def test_no_field_of_an_input_has_a_closed_list(family):
    schemas = walked(family)
    assert len(schemas) >= len(kinds(family)) > 0
    assert list(closed_lists(schemas)) == []


def fields():
    for family in EVENTS:
        for kind in kinds(family):
            for name, known in lists_of(kind):
                yield pytest.param(family, kind, name, known, id=f"{family.name}.{kind.__name__}.{name}")


def example_of(family, kind):
    """A valid record with all fields of its kind."""
    tag = next(name for name in TAGS if name in kind.model_fields)
    values = (json.loads(file.read_bytes()) for file in sorted((EXAMPLES / family.topic / "valid").glob("*.json")))
    return next(value for value in values if value.get(tag) == kind.model_fields[tag].default)


@pytest.mark.parametrize(("family", "kind", "name", "known"), [*fields()])
def test_a_value_that_is_on_no_list_is_taken_and_counted(family, kind, name, known):
    record = example_of(family, kind)
    listed = [*sorted(known)] if isinstance(record.get(name), list) else min(known)
    odd = ["zz-new"] if isinstance(record.get(name), list) else "zz-new"

    for each, expected in ((listed, False), (odd, True)):
        value = orjson.dumps(record | {name: each})
        event = decode(family.name, value).event
        (taken,), _ = decode_each(family.name, [value])
        assert [name in unlisted(type(event), one) for one in (event, taken)] == [expected] * 2


def test_every_extensible_field_is_found():
    """The JSON Schema names the values of a list as examples."""
    for family in EVENTS:
        found = {name for kind in kinds(family) for name, _ in lists_of(kind)}
        named = set()
        for schema in walked(family).values():
            about = schema.get("properties", {})
            named |= {field for field, of_field in about.items() if '"examples"' in json.dumps(of_field)}
        assert found == named, family.name
