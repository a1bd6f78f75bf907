"""Dead letters: what was refused, byte for byte, with Kafka Connect's headers; findings that come and go."""

from hashlib import sha256
from types import SimpleNamespace

import orjson
import pytest

from streams.agents.dead_letters import DETAIL_BYTES_MAX, VALUE_BYTES_MAX, defect_headers, of_findings, of_record
from streams.cases.contribution import Contribution
from streams.cases.interface import Evaluation, Verdict

LETTERS, TOPIC = "p.grid.dead-letters.v1", "p.grid.outages.v1"
NOON = 1_780_459_200  # 2026-06-03T12:00:00+08:00


def record(value=b"\xff{ no json", headers=()):
    return SimpleNamespace(offset=17, key=b"O-1", value=value, headers=headers)


def letter(verdict, **changes):
    return of_record(LETTERS, TOPIC, 2, record(**changes), verdict)


def test_a_letter_has_the_original_bytes_and_says_where_they_were():
    output = letter(Verdict("rejected", "undecodable", "not JSON"), headers=[("traceparent", b"\x00\xff")])

    assert (output.topic, output.key, output.value) == (LETTERS, b"p.grid.outages.v1/2/17", b"\xff{ no json")
    assert list(output.headers) == [
        ("traceparent", b"\x00\xff"),
        ("__connect.errors.topic", b"p.grid.outages.v1"),
        ("__connect.errors.partition", b"2"),
        ("__connect.errors.offset", b"17"),
        ("__connect.errors.stage", b"VALUE_CONVERTER"),
        ("__connect.errors.exception.class.name", b"undecodable"),
        ("__connect.errors.exception.message", b"not JSON"),
        ("gridpulse.value.bytes", b"10"),
        ("gridpulse.value.sha256", sha256(b"\xff{ no json").hexdigest().encode()),
    ]


@pytest.mark.parametrize(
    ("reason", "stage"),
    [
        ("undecodable", b"VALUE_CONVERTER"),
        ("invalid", b"VALUE_CONVERTER"),
        ("misrouted", b"TRANSFORMATION"),
        ("from_the_future", b"TRANSFORMATION"),
        ("sealed_period", b"TRANSFORMATION"),
        ("defect", b"TASK_PUT"),
    ],
)
def test_the_stage_says_how_far_it_came(reason, stage):
    assert dict(letter(Verdict("rejected", reason)).headers)["__connect.errors.stage"] == stage


def test_a_letter_is_no_tombstone_even_when_the_record_was_one():
    assert letter(Verdict("rejected", "undecodable"), value=None).value == b""


def test_a_long_detail_is_cut():
    output = letter(Verdict("defect", "defect", "电" * DETAIL_BYTES_MAX))

    assert len(dict(output.headers)["__connect.errors.exception.message"]) <= DETAIL_BYTES_MAX


def test_a_large_value_is_cut_and_named_by_its_length_and_hash():
    value = b" " * 12_000_000
    output = letter(Verdict("rejected", "undecodable"), value=value)

    assert output.value == b" " * VALUE_BYTES_MAX
    headers = dict(output.headers)
    assert headers["gridpulse.value.bytes"] == b"12000000"
    assert headers["gridpulse.value.sha256"] == sha256(value).hexdigest().encode()


@pytest.mark.parametrize(
    "headers",
    [
        [("h", b"x" * 9_000_000)],
        [("h" * 9_000_000, b"")],
        [(f"h{n}", b"x") for n in range(200_000)],
        [("first", b"1"), ("large", b"x" * 9_000_000), ("last", b"2")],
        [("none", None)] * 100_000,
    ],
)
def test_no_letter_is_larger_than_a_fraction_of_what_a_broker_takes(headers):
    verdict = Verdict("defect", "defect", "\ud800" * 9_000_000)
    output = letter(verdict, value=b"\x00" * 9_000_000, headers=headers)

    size = len(output.key) + len(output.value) + sum(len(n.encode()) + len(v or b"") + 16 for n, v in output.headers)
    assert size < 128 * 1024
    kept = len(output.headers) - 9
    assert dict(output.headers)["gridpulse.headers.dropped"] == str(len(headers) - kept).encode()
    assert list(output.headers)[:kept] == headers[:kept]


def test_of_a_long_traceback_the_end_is_kept():
    reason = "电" * DETAIL_BYTES_MAX + "OverflowError: date value out of range"
    detail = dict(defect_headers(reason))["__connect.errors.exception.message"]

    assert len(detail) <= DETAIL_BYTES_MAX
    assert detail.decode().endswith("OverflowError: date value out of range")


def test_the_same_record_has_the_same_key_whenever_it_is_refused():
    assert letter(Verdict("rejected", "invalid")).key == letter(Verdict("defect", "defect")).key


def findings(before, after):
    case = SimpleNamespace(key="outage/O-1")
    contribution = Contribution({}, after, None, {})
    return list(of_findings(LETTERS, Evaluation(case, contribution, before, summary_before=True), NOON))


def test_a_finding_is_a_letter_of_its_own():
    (output,) = findings((), ("restored_before_start",))

    assert (output.topic, output.key) == (LETTERS, b"finding/outage/O-1/restored_before_start")
    assert orjson.loads(output.value) == {
        "case": "outage/O-1",
        "finding": "restored_before_start",
        "as_of": "2026-06-03T04:00:00Z",
    }
    assert dict(output.headers) == {
        "__connect.errors.stage": b"TRANSFORMATION",
        "__connect.errors.exception.class.name": b"finding:restored_before_start",
    }


def test_a_finding_that_was_withdrawn_is_a_tombstone():
    (output,) = findings(("restored_before_start",), ())

    assert (output.key, output.value) == (b"finding/outage/O-1/restored_before_start", None)


def test_a_finding_that_stays_is_not_said_again():
    assert findings(("a", "b"), ("b", "a")) == []
    assert [(output.key[-1:], output.value is None) for output in findings(("a", "b"), ("b", "c"))] == [
        (b"c", False),
        (b"a", True),
    ]
