"""The contract is written twice: service and oracle refuse the same records, example by example."""

import json
from pathlib import Path

import pytest

from schemas import EVENTS
from schemas.codec import InvalidEvent, decode
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
NOT_EVENTS = ("region", "station", "feeder", "policy", "calendar")  # no KPI of the oracle reads their contract


def raw(side, text):
    example = json.loads(text) if side == "invalid" else {}
    return example["raw"].encode() if "raw" in example else json.dumps(example.get("record", {})).encode()


def records():
    """Topic and value of every example."""
    for family in EVENTS:
        for side in ("valid", "invalid"):
            for file in sorted((EXAMPLES / family.topic / side).glob("*.json")):
                if not file.stem.startswith(NOT_EVENTS):
                    value = file.read_bytes() if side == "valid" else raw(side, file.read_text())
                    yield family, f"{family.name}/{side}/{file.stem}", value


def service_takes(family, value):
    try:
        decode(family.name, value)
    except InvalidEvent:
        return False
    return True


def oracle_takes(values):
    """Which of some (family, value) are events, by the SQL contract."""
    told = [Record(family.topic, 0, n, 1_780_000_000_000, b"k", value) for n, (family, value) in enumerate(values)]
    with Oracle(Settings(), told) as oracle:
        taken = {n for (n,) in oracle.rows("SELECT n FROM event_body ANTI JOIN wrong USING (n)")}
    return [n in taken for n in range(len(told))]


def test_both_refuse_the_same_examples():
    examples = list(records())

    taken = oracle_takes([(family, value) for family, _, value in examples])

    differing = [
        name
        for (family, name, value), ours in zip(examples, taken, strict=True)
        if service_takes(family, value) != ours
    ]
    assert len(examples) > 150
    assert differing == []


ODD = (
    "null", "true", "-1", "0", "1.0", "1e3", "-0", "0.5", "1e999", "-1e999", "NaN", "Infinity", "-Infinity", "9" * 400,
    "9" * 5000, str(2**63), str(2**64), '""', '"x"', '"\\u0000"', '"\\ud83d"', '"\\ud83d\\ude00"', '"2026-02-30"',
    '"9999-12-31"', '"1970-01-01T00:00:00Z"', '"2026-06-03T08:00:00Z"', json.dumps("x" * 300), json.dumps("台" * 128),
    "[]", "[null]", "[1]", '["x"]', "[[1]]", "[{}]", "{}", '{"a": 1}',
    "[" * 199 + "1" + "]" * 199, "[" * 250 + "]" * 250,
    "[" * 5000 + "]" * 5000,
)  # fmt: skip


def altered():
    """Each field of an example of each type, and one that nobody knows, as each odd value; and a name twice."""
    for family in EVENTS:
        seen = set()
        for file in sorted((EXAMPLES / family.topic / "valid").glob("*.json")):
            record = json.loads(file.read_bytes())
            kind = record.get("event_type") or record["record_type"]
            if kind in seen or kind in NOT_EVENTS:
                continue
            seen.add(kind)
            for name in (*record, "unknown", "interval_seconds", "customers", "step"):
                rest = json.dumps({field: value for field, value in record.items() if field != name})[:-1]
                for odd in ODD:
                    yield family, f"{family.name}/{kind}.{name}={odd[:20]}", f'{rest}, "{name}": {odd}}}'.encode()
                yield family, f"{family.name}/{kind}.{name} twice", f'{rest}, "{name}": 1, "{name}": null}}'.encode()


@pytest.mark.timeout(900)
def test_both_refuse_the_same_odd_values():
    found = list(altered())

    taken = oracle_takes([(family, value) for family, _, value in found])

    differing = [
        name for (family, name, value), ours in zip(found, taken, strict=True) if service_takes(family, value) != ours
    ]
    assert len(found) > 5000
    assert differing == []


BASE = (EXAMPLES / "grid.outages.v1" / "valid" / "started.json").read_bytes().strip()


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (b"\xef\xbb\xbf" + BASE, False),
        (b"\n\t " + BASE + b" \r\n", True),
        (BASE + b"\x00", False),
        (BASE[:-1] + b', "note": "\xff\xfe"}', False),
        (BASE[:-1] + b', "note": "' + b"x" * 20_000_000 + b'"}', True),
        (BASE.decode().encode("utf-16"), False),
        (b"[" + BASE + b"]", False),
        (BASE[:-1] + b', "record_type": "area"}', True),
    ],
    ids=["bom", "blanks", "nul", "no utf-8", "20 MB", "utf-16", "a list", "another tag"],
)
def test_bytes_by_hand(value, taken):
    assert (service_takes(EVENTS[0], value), oracle_takes([(EVENTS[0], value)])) == (taken, [taken])
