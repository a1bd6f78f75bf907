"""What could not be applied, kept with its original bytes and headers; and findings, which heal."""

from collections.abc import Iterator

import orjson

from schemas.event import format_instant
from streams.cases.findings import FINDINGS
from streams.cases.interface import Incoming, Settled, Verdict
from streams.lane.batch import Output

PREFIX = "__connect.errors."
DETAIL_BYTES_MAX = 4096
STAGES = {
    "undecodable": "VALUE_CONVERTER",
    "invalid": "VALUE_CONVERTER",
    "defect": "TASK_PUT",
}


def of_record(letters: str, topic: str, partition: int, record: Incoming, verdict: Verdict) -> Output:
    """Key `topic/partition/offset`; the headers are Kafka Connect's (KIP-298), after the record's own."""
    ours = {
        "topic": topic,
        "partition": str(partition),
        "offset": str(record.offset),
        "stage": STAGES.get(verdict.reason, "TRANSFORMATION"),
        "exception.class.name": verdict.reason,
        "exception.message": verdict.detail,
    }
    added = tuple((PREFIX + name, value.encode()[:DETAIL_BYTES_MAX]) for name, value in ours.items())
    key = f"{topic}/{partition}/{record.offset}".encode()
    return Output(letters, key, record.value or b"", (*record.headers, *added))


def of_findings(letters: str, settled: Settled, as_of: int, *, retell: bool = False) -> Iterator[Output]:
    """A letter for every finding that appeared, a tombstone for every one that was withdrawn.

    `retell`: what was told before is not known, so every rule is told to hold or not to hold.
    """
    case, after = settled.case, settled.contribution.findings
    before = FINDINGS if retell else settled.findings_before
    for rule in after:
        if retell or rule not in before:
            value = {"case": case.key, "finding": rule, "as_of": format_instant(as_of)}
            yield Output(letters, f"finding/{case.key}/{rule}".encode(), orjson.dumps(value), _finding_headers(rule))
    for rule in before:
        if rule not in after:
            yield Output(letters, f"finding/{case.key}/{rule}".encode(), None)


def defect_headers(reason: str) -> tuple[tuple[str, bytes], ...]:
    """Of a case or cell that our code breaks on; `reason` is the traceback, whose end says most."""
    detail = reason.encode()[-DETAIL_BYTES_MAX:].decode(errors="ignore").encode()
    return (
        (PREFIX + "stage", b"TASK_PUT"),
        (PREFIX + "exception.class.name", b"defect"),
        (PREFIX + "exception.message", detail),
    )


def _finding_headers(rule: str) -> tuple[tuple[str, bytes], ...]:
    return ((PREFIX + "stage", b"TRANSFORMATION"), (PREFIX + "exception.class.name", f"finding:{rule}".encode()))
