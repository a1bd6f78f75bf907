"""A field that an event's class does not declare is counted and changes nothing, whatever its name or value."""

import json
from pathlib import Path
from typing import get_args

import pytest

from schemas import EVENTS
from schemas.case_summary import CaseSummary
from schemas.codec import decode
from schemas.event import format_instant, parse_instant
from streams.cases.admission import admit
from streams.cases.ledger import FAMILIES, Ledger
from streams.cells.partials import Partials
from streams.reference.rules import Rules
from tests.support.lives import REFERENCE

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
CASES = [family for family in EVENTS if family.name in FAMILIES]
VALUES = ("text", 7, {"a": 1}, ["b"], "1970-01-01T00:00:00Z", None, True)


def members(family):
    return get_args(get_args(family.union)[0])


def undeclared(family, record):
    """Every name that another class of the family has, and this one has not."""
    names = {name for member in members(family) for name in member.model_fields} | {"given", "record_type"}
    own = next(m for m in members(family) if m.model_fields["event_type"].default == record["event_type"])
    return sorted(names - own.model_fields.keys() - record.keys())


def evaluation(family, record):
    """What the ledger makes of one record: verdict, stored facts, contribution."""
    ledger = Ledger(Partials(), REFERENCE)
    at = max(parse_instant(record["occurred_at"]), parse_instant(record["recorded_at"]))
    verdict = ledger.take(family.name, record[family.key].encode(), json.dumps(record).encode(), at, at)
    contributions = [each.contribution for each in ledger.evaluate(at + 3600)]
    for contribution in contributions:
        CaseSummary(**contribution.summary).to_json()
    assert ledger.defects == {}
    return verdict.outcome, dict(ledger.unsaved()), contributions


def records():
    for family in CASES:
        for file in sorted((EXAMPLES / family.topic / "valid").glob("*.json")):
            yield pytest.param(family, json.loads(file.read_bytes()), id=f"{family.name}/{file.stem}")


@pytest.mark.parametrize(("family", "record"), list(records()))
def test_names_of_other_classes_change_nothing(family, record):
    plain = evaluation(family, record)

    for name in undeclared(family, record):
        for value in VALUES:
            assert evaluation(family, record | {name: value}) == plain, name


def test_a_step_named_on_an_extension_does_not_take_the_place_of_another_step():
    """Two extensions under one unknown `step` are two, not one: 46.2 minutes became 7.0."""
    said = {"outage_id": "O", "revision": 1, "source": "oms", "step": "S", "event_type": "extended"}
    ledger = Ledger(Partials(), REFERENCE)
    for number, at in enumerate((1_780_000_000, 1_780_000_600)):
        record = said | {"event_id": f"e{number}", "occurred_at": format_instant(at), "recorded_at": format_instant(at)}
        record["areas"] = [{"area": "A", "remaining": 100 * (number + 1)}]
        ledger.take("outages", b"O", json.dumps(record).encode(), at, at)

    assert sorted(ledger.cases["outage/O"].facts["timeline"]) == ["1780000000", "1780000600"]
    assert "steps" not in ledger.cases["outage/O"].facts


def test_admission_reads_a_receipt_only_where_it_is_declared():
    record = json.loads((EXAMPLES / "grid.repairs.v1" / "valid" / "arrived.json").read_bytes())
    event = decode("repairs", json.dumps(record | {"report_received_at": "yesterday"}).encode()).event

    assert admit(event, event.recorded_at, Rules()) is None
