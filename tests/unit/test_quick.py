"""The quick decoder accepts at most what the contract accepts, and reads the same in it."""

import json
import random
from collections import Counter
from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, Field

from schemas.codec import InvalidEvent, decode
from schemas.quick import READING as READING_STRUCT
from schemas.quick import decode_quickly, struct_of
from schemas.readings import decode_readings
from schemas.voltage import Frame, Reading

READING = {
    "event_type": "reading",
    "area": "a",
    "point": "p",
    "source": "s",
    "recorded_at": "2026-06-03T00:00:07Z",
    "revision": 0,
    "interval_seconds": 900,
    "occurred_at": "2026-06-03T00:00:00Z",
    "value_centivolts": 22000,
}
FRAME = {
    "event_type": "frame",
    "area": "a",
    "point": "p",
    "source": "s",
    "recorded_at": "2026-06-03T00:00:07Z",
    "interval_seconds": 900,
    "start": "2026-06-02T00:00:00Z",
    "values_centivolts": [1, None, 3],
}
# What a field may hold instead, as JSON text.
ODD = [
    *("0", "-0", "-1", "1.0", "1e3", "0e0", "22000.5", "01", "+1", "NaN", "Infinity", "true", "null", "{}"),
    *("[]", "[0]", "[20]", "[null]", "[true]", "[1.0]", "[1,2,3]", "[null,0,19]", "[{}]", "86400", "86401"),
    *("1000000000", "1000000001", "9007199254740991", "9007199254740992", "18446744073709551616"),
    *(f'"{text}"' for text in ("", "x", "A", "D", "L1", "mean", "start", "star", "reading", "frame")),
    *(f'"{text}"' for text in ("\\ud800", "\\u0000", "\n", "\u00e9")),
    *(json.dumps(letter * length) for letter in "y\u00e9" for length in (64, 65, 128, 129)),
    *(json.dumps([0] * length) for length in (100, 101, 1500, 1501)),
    *(f'"2026-06-03{rest}"' for rest in ("T24:00:00Z", "t00:00:00z", "T00:00:00+08:00", "T00:00:00.5Z", "T00:00:60Z")),
    *(f'"2026-06-03T00:00:00{rest}"' for rest in ("", "Z ", "Z\\n", "z", "-24:00", ".0000000001Z")),
    *(f'"{day}T00:00:00Z"' for day in ("2026-02-29", "2024-02-29", "2026-06-31", "2026-13-10", "\uff12026-06-03")),
    *(f'"{day}T23:59:59-23:59"' for day in ("1969-12-31", "1999-12-31", "2099-12-31", "9999-12-31")),
]
NAMES = sorted({*Reading.model_fields, *Frame.model_fields, "extra"})
FUZZED = 20_000


def both(raw: bytes):
    """What the quick decoder says, and what the contract says; None where it refuses."""
    try:
        decoded = decode("voltage", raw)
    except InvalidEvent:
        return decode_quickly(raw), None
    return decode_quickly(raw), decoded


def fields(event, model):
    return {name: getattr(event, name) for name in model.model_fields}


def mutated(rng: random.Random) -> bytes:
    """An event with up to two of its fields left out, replaced or stated twice, in any order, or cut and glued."""
    pairs = [(name, json.dumps(value)) for name, value in rng.choice((READING, FRAME)).items()]
    for _ in range(rng.choice((0, 1, 1, 2))):
        change = rng.random()
        if change < 0.15:
            pairs.pop(rng.randrange(len(pairs)))
        else:
            name = rng.choice(NAMES)
            if change < 0.7:
                pairs = [pair for pair in pairs if pair[0] != name]
            pairs.insert(rng.randrange(len(pairs) + 1), (name, rng.choice(ODD)))
    raw = ("{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in pairs) + "}").encode()
    if rng.random() < 0.05:
        at = rng.randrange(len(raw))
        raw = raw[:at] + rng.choice((b"", b"\xff", b"\x00", b" ", b"}{", b",", b"]")) + raw[at + 1 :]
    return raw


@pytest.mark.parametrize("seed", range(2))
def test_what_it_accepts_the_contract_accepts_with_the_same_values(seed):
    rng, seen = random.Random(seed), Counter()
    for _ in range(FUZZED // 2):
        raw = mutated(rng)
        quick, decoded = both(raw)
        seen[quick is not None, decoded is not None] += 1
        together = decode_readings([raw])
        assert together is not None or not isinstance(quick, READING_STRUCT), raw
        if together is not None:
            readings, unknown_fields = together
            assert decoded is not None, raw
            assert readings.one(0).__dict__ == fields(decoded.event, Reading), raw
            assert unknown_fields == decoded.unknown_fields, raw
        if quick is None:
            continue
        assert decoded is not None, raw
        model = type(decoded.event)
        assert (fields(quick, model), decoded.unknown_fields) == (fields(decoded.event, model), 0), raw
    assert seen[True, True] > FUZZED // 10
    assert seen[False, False] > FUZZED // 10


@pytest.mark.parametrize(("model", "event"), [(Reading, READING), (Frame, FRAME)])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"phase": "L1", "connection": "star", "nominal_centivolts": 23000, "revision": 7},
        {"recorded_at": "2026-06-03T08:00:00.25+08:00"},
        {"value_kind": "mean", "stamp": "end", "qualities": None},
    ],
)
def test_what_meters_usually_send_is_decoded_quickly(model, event, changes):
    quick, decoded = both(json.dumps(event | changes).encode())

    assert quick is not None
    assert fields(quick, model) == fields(decoded.event, model)


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(READING | {"extra": 1}).encode(),
        b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"," + json.dumps(READING).encode()[1:],
        json.dumps(FRAME | {"qualities": [0]}).encode(),
        json.dumps({"event_type": "daily_statistics"}).encode(),
        b'{"event_type":"reading",' + json.dumps(FRAME).encode()[1:],
        json.dumps(READING).encode()[:-1] + b',"event_type":"frame"}',
    ],
)
def test_what_is_not_sure_is_left_to_the_contract(raw):
    assert decode_quickly(raw) is None


def even(value: int) -> int:
    return value


@pytest.mark.parametrize(
    "kind", [Annotated[int, Field(multiple_of=2)], Annotated[int, AfterValidator(even)], list[int], float]
)
def test_a_demand_of_the_contract_that_it_does_not_know_is_an_error(kind):
    model = type("Model", (BaseModel,), {"__annotations__": {"event_type": str, "value": kind}, "event_type": "x"})

    with pytest.raises(TypeError, match="the quick decoder has no"):
        struct_of(model)
