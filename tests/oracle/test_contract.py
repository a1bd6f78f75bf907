"""The contract is written twice: service and oracle refuse the same records, example by example."""

import json
from pathlib import Path

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
        taken = {n for (n,) in oracle._rows("SELECT n FROM told ANTI JOIN wrong USING (n)")}
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
