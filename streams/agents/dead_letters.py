"""What could not be applied, with the beginning of its bytes and without words about people; findings, which heal."""

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256

import orjson

from schemas.event import format_instant
from streams.agents.personal import fit_to_keep, without_messages
from streams.cases.findings import CALENDAR_NOT_LOADED
from streams.cases.interface import Evaluation, Incoming, Verdict
from streams.cells.partials import parse
from streams.lane.batch import Output

PREFIX = "__connect.errors."
FINDINGS_MEASURE = "findings|"
OURS = "gridpulse."
DETAIL_BYTES_MAX = 4096
VALUE_BYTES_MAX = 64 * 1024  # enough for any event that a person would send again by hand
HEADERS_BYTES_MAX = 16 * 1024
HEADER_OVERHEAD = 16  # of its lengths in a record, rather more than less
STAGES = {
    "undecodable": "VALUE_CONVERTER",
    "invalid": "VALUE_CONVERTER",
    "defect": "TASK_PUT",
}


def of_record(letters: str, topic: str, partition: int, record: Incoming, verdict: Verdict) -> Output:
    """Key `topic/partition/offset`; the headers are Kafka Connect's (KIP-298), after the record's own.

    A letter is small whatever its record is: a batch of blanks is 12 MB when unpacked, more than a broker takes. Of
    complaints and work orders the own headers, messages of defects and the hash are left out: they say or prove values.
    """
    value = record.value or b""
    fit, people = fit_to_keep(topic, value, VALUE_BYTES_MAX)
    quotes = people and verdict.reason == "defect"
    ours = {
        PREFIX + "topic": topic,
        PREFIX + "partition": str(partition),
        PREFIX + "offset": str(record.offset),
        PREFIX + "stage": STAGES.get(verdict.reason, "TRANSFORMATION"),
        PREFIX + "exception.class.name": verdict.reason,
        PREFIX + "exception.message": without_messages(verdict.detail) if quotes else verdict.detail,
        OURS + "value.bytes": str(len(value)),
    }
    if not people:
        ours[OURS + "value.sha256"] = sha256(value).hexdigest()
    kept = () if people else tuple(_own_headers(record.headers))
    if len(kept) < len(record.headers):
        ours[OURS + "headers.dropped"] = str(len(record.headers) - len(kept))
    added = tuple((name, cut(text)) for name, text in ours.items())
    key = f"{topic}/{partition}/{record.offset}".encode()
    return Output(letters, key, fit, (*kept, *added))


def _own_headers(headers: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The headers of the record, up to the first that no longer fits."""
    left = HEADERS_BYTES_MAX
    for name, value in headers:
        left -= HEADER_OVERHEAD + len(name.encode(errors="replace")) + len(value or b"")
        if left < 0:
            return
        yield name.encode(errors="backslashreplace").decode(), value


def cut(text: str, *, end: bool = False) -> bytes:
    """A text of a letter in UTF-8, at most DETAIL_BYTES_MAX of it: its beginning, or its end."""
    raw = text.encode(errors="replace")
    if len(raw) <= DETAIL_BYTES_MAX:
        return raw
    kept = raw[-DETAIL_BYTES_MAX:] if end else raw[:DETAIL_BYTES_MAX]
    return kept.decode(errors="ignore").encode()


def of_findings(
    letters: str, evaluation: Evaluation, as_of: int, *, rules_before: Collection[str] | None = None
) -> Iterator[Output]:
    """A letter for every finding that appeared, a tombstone for every one that was withdrawn.

    `rules_before`: the rules with a letter of any case; which case is not known, so each rule gets a letter or a
    tombstone. A missing calendar is one letter (of_calendar), and not one per case.
    """
    case, after = evaluation.case, evaluation.contribution.findings
    before = evaluation.findings_before if rules_before is None else rules_before
    for rule in after:
        if rule != CALENDAR_NOT_LOADED and (rules_before is not None or rule not in before):
            value = {"case": case.key, "finding": rule, "as_of": format_instant(as_of)}
            yield Output(letters, f"finding/{case.key}/{rule}".encode(), orjson.dumps(value), _finding_headers(rule))
    for rule in sorted(before):
        if rule not in after and (rule != CALENDAR_NOT_LOADED or rules_before is not None):
            yield Output(letters, f"finding/{case.key}/{rule}".encode(), None)


def defect_headers(reason: str) -> tuple[tuple[str, bytes], ...]:
    """Of a case or cell that our code breaks on; `reason` is the traceback; its end is the most useful part."""
    return (
        (PREFIX + "stage", b"TASK_PUT"),
        (PREFIX + "exception.class.name", b"defect"),
        (PREFIX + "exception.message", cut(reason, end=True)),
    )


def of_calendar(letters: str, before: str | None, missing: str | None, as_of: int) -> Iterator[Output]:
    """The letter of the first day (ISO date) without a calendar that deadlines reach; `before`: of the last letter."""
    if before is not None:
        yield Output(letters, f"finding/calendar/{before}".encode(), None)
    if missing is not None:
        value = {"case": f"calendar/{missing}", "finding": CALENDAR_NOT_LOADED, "as_of": format_instant(as_of)}
        key = f"finding/calendar/{missing}".encode()
        yield Output(letters, key, orjson.dumps(value), _finding_headers(CALENDAR_NOT_LOADED))


def _finding_headers(rule: str) -> tuple[tuple[str, bytes], ...]:
    return ((PREFIX + "stage", b"TRANSFORMATION"), (PREFIX + "exception.class.name", f"finding:{rule}".encode()))


def rules_of(now_of_all: bytes | None) -> frozenset[str]:
    """The rules that any case breaks, by the published partials of the scope `all`."""
    measures = parse(now_of_all)[1]
    return frozenset(name.removeprefix(FINDINGS_MEASURE) for name in measures if name.startswith(FINDINGS_MEASURE))
