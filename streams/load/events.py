"""Lines of a file to events that are ready to be sent, or to the reason why not."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from schemas import codec
from streams.cases.admission import Refused
from streams.errors import InputUnreadable
from streams.load import documents
from streams.load.contradictions import Contradictions
from streams.load.convert import Unreadable, events_of
from streams.load.formats import UTF8_MARK
from streams.load.mapping import Mapping
from streams.load.physical import LINE_BYTES_MAX
from streams.load.source import Source
from streams.load.tables import Row, Table

# The id that only this family's events must have comes first: an order may name an outage and a complaint.
IDENTITIES = (
    ("work_order_id", "repairs"),
    ("complaint_id", "complaints"),
    ("outage_id", "outages"),
    ("point", "voltage"),
)
Admit = Callable[[Any], Refused | None]
VALUE_BYTES_MAX = 1_000_000  # of a record of at most 1 MiB, with its key and what Kafka adds
IDS = ("outage_id", "work_order_id", "complaint_id", "area", "point")


class Judge(NamedTuple):
    """Checks in addition to the contract: the rules of the workers, and the previous lines."""

    admit: Admit
    contradictions: Contradictions


class Ready(NamedTuple):
    """An event as it is written: its family, type, key and value."""

    family: str
    event_type: str
    key: str
    value: bytes


class Refusal(NamedTuple):
    """Why a line is not sent; `field` is empty when it is about the whole line.

    `alone`: the event came at the wrong time, which does not affect the other events of the line.
    """

    reason: str
    field: str
    sentence: str
    alone: bool = False


class Line(NamedTuple):
    """One line, or row, of the file: its events, and why one or all of them are not sent; `raw` is it as it came.

    Neither events nor a refusal: the line is blank.
    """

    number: int
    raw: bytes
    ready: tuple[Ready, ...] = ()
    refusal: Refusal | None = None
    lines: int = 1


def json_lines(source: Source, family: str | None, admit: Admit) -> Iterator[Line]:
    """One event a line; InputUnreadable when the file is something else as a whole."""
    wrong = documents.not_lines(source.head)
    if wrong:
        raise InputUnreadable(f"{source.path} {wrong}.")
    return _json_lines(source, family, Judge(admit, Contradictions()))


def _json_lines(source: Source, family: str | None, judge: Judge) -> Iterator[Line]:
    for number, raw, too_long in source.lines():
        text = raw.removeprefix(UTF8_MARK).strip()
        if too_long:
            sentence = f"The line is longer than {LINE_BYTES_MAX // 2**20} MiB"
            yield Line(number, raw, refusal=Refusal("too_large", "", sentence))
        elif text:
            yield _json_line(number, raw, text, family, judge)
        else:
            yield Line(number, raw)


def _json_line(number: int, raw: bytes, text: bytes, family: str | None, judge: Judge) -> Line:
    try:
        body = documents.body_of(text)
    except documents.NotAnEvent as error:
        return Line(number, raw, refusal=Refusal(error.reason, "", str(error)))
    found = family or next((name for identity, name in IDENTITIES if identity in body), None)
    return _line(number, raw, [(found, text)], judge)


def table(source: Source, mapping: Mapping, admit: Admit) -> tuple[Table, Iterator[Line]]:
    """The table, and a line per row; InputUnreadable when the mapping does not fit the header."""
    opened = Table(source, delimiter=mapping.delimiter, encoding=mapping.encoding)
    wrong = mapping.misfits(opened.header)
    if wrong:
        at = opened.line_with(mapping.columns_used)
        if at:
            wrong = [f"The table begins in line {at}, where all columns are: remove the lines above it."]
        raise InputUnreadable("\n".join([f"The mapping does not fit {source.path}; nothing was sent.", *wrong]))
    judge = Judge(admit, Contradictions(mapping.times))
    return opened, (_row(row, opened.header, mapping, judge) for row in opened.rows())


def _row(row: Row, header: list[str], mapping: Mapping, judge: Judge) -> Line:
    if row.is_blank:
        return Line(row.line, row.raw, lines=row.lines)
    sentence = _shape(row, header)
    if sentence:
        return Line(row.line, row.raw, (), Refusal("undecodable", "", f"The line {sentence}"), row.lines)
    try:
        events = list(events_of(dict(zip(header, row.cells, strict=True)), mapping))
    except Unreadable as error:
        return Line(row.line, row.raw, (), Refusal("unreadable", error.field, str(error)), row.lines)
    if not events:
        columns = ", ".join(repr(rule.when) for rule in mapping.rules)
        refusal = Refusal("no_event", "", f"No event is in the line: nothing is in {columns}")
        return Line(row.line, row.raw, (), refusal, row.lines)
    line = _line(row.line, row.raw, [(mapping.family, orjson.dumps(event)) for event in events], judge)
    return line._replace(lines=row.lines)


def _shape(row: Row, header: list[str]) -> str | None:
    """The error of a row before any cell is read."""
    if row.wrong:
        return row.wrong
    if len(row.cells) != len(header):
        extra = ": a delimiter too many at its end" if row.cells[-1] == "" and len(row.cells) > len(header) else ""
        return f"has {len(row.cells)} cells, the header {len(header)}{extra}"
    unnamed = next((cell for name, cell in zip(header, row.cells, strict=True) if not name and cell.strip()), None)
    return None if unnamed is None else f"has {unnamed!r} in a column that has no name: a delimiter too many"


def _line(number: int, raw: bytes, values: list[tuple[str | None, bytes]], judge: Judge) -> Line:
    ready: list[Ready] = []
    refusals: list[Refusal] = []
    for family, value in values:
        found = _checked(number, family, value, judge)
        if isinstance(found, Ready):
            ready.append(found)
        elif not found.alone:
            return Line(number, raw, (), found)
        else:
            refusals.append(found)
    return Line(number, raw, tuple(ready), refusals[0] if refusals else None)


def _checked(number: int, family: str | None, value: bytes, judge: Judge) -> Ready | Refusal:
    if family is None:
        named = ", ".join(name for name, _ in IDENTITIES)
        return Refusal("unrecognised", "", f"No field identifies the family (one of {named}); --family can")
    try:
        event = codec.decode(family, value).event
    except codec.InvalidEvent as error:
        field, colon, sentence = error.detail.partition(": ")
        if error.reason == "undecodable" or not colon:
            return Refusal(error.reason, "", error.detail)
        return Refusal(error.reason, field.partition(".")[2] or field, sentence)
    if len(value) > VALUE_BYTES_MAX:
        return Refusal("too_large", "", f"The event is larger than {VALUE_BYTES_MAX} bytes, more than a broker takes")
    return _judged(number, family, event, judge) or Ready(family, event.event_type, codec.case_id(event), value)


def _judged(number: int, family: str, event: Any, judge: Judge) -> Refusal | None:
    """The error of an event that satisfies the contract."""
    refused = judge.admit(event)
    if refused is not None:
        sentence = f"The workers would reject {event.event_type!r}, {refused.sentence}"
        return Refusal(refused.reason, "", sentence, alone=True)
    for place in (event, *(getattr(event, "areas", None) or ())):
        for name in IDS:
            text = getattr(place, name, None)
            if text and text != text.strip():
                return Refusal("padded", name, f"{text!r} begins or ends with a blank; without it is another id")
    against = judge.contradictions.against(family, event, number)
    return Refusal("contradicts", "", against) if against else None
