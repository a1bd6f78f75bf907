"""Lines of a file to events that are ready to be sent, or to the reason why not."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from schemas import codec
from streams.cases.admission import FROM_THE_FUTURE, SEALED_PERIOD
from streams.errors import InputUnreadable
from streams.local.bring.convert import Unreadable, events_of
from streams.local.bring.mapping import Mapping
from streams.local.bring.source import Row, Source, header_of

# The id that only this family's events must have comes first: an order may name an outage and a complaint.
IDENTITIES = (
    ("work_order_id", "repairs"),
    ("complaint_id", "complaints"),
    ("outage_id", "outages"),
    ("point", "voltage"),
)
TIMES = {
    FROM_THE_FUTURE: "It lies ahead by more than GRIDPULSE_FUTURE_TOLERANCE_SECONDS; the workers would reject it",
    SEALED_PERIOD: "It is older than GRIDPULSE_CORRECTION_HORIZON_DAYS; the workers would reject it",
}
Admit = Callable[[Any], str | None]


class Ready(NamedTuple):
    """An event as it is written: its family, type, key and value."""

    family: str
    event_type: str
    key: str
    value: bytes


class Refusal(NamedTuple):
    """Why a line is not sent; `field` is empty when it is about the whole line."""

    reason: str
    field: str
    sentence: str


class Line(NamedTuple):
    """One line, or row, of the file: all its events, or why none of them is sent; `text` is it as it came."""

    number: int
    text: bytes
    ready: tuple[Ready, ...]
    refusal: Refusal | None = None


def json_lines(source: Source, family: str | None, admit: Admit) -> Iterator[Line]:
    """One event a line; InputUnreadable when the file is something else as a whole."""
    for position, (number, text) in enumerate(source.lines()):
        if position == 0 and text.startswith(b"["):
            raise InputUnreadable(
                f"{source.path} is a JSON array; one event a line is wanted (jq -c '.[]' makes that)."
            )
        yield _line(number, text, [(family or _family_of(text), text)], admit)


def table(source: Source, mapping: Mapping, admit: Admit) -> tuple[bytes, Iterator[Line]]:
    """The header as it came, and a line per row; InputUnreadable when the mapping does not fit the header."""
    rows = source.rows(delimiter=mapping.delimiter, encoding=mapping.encoding)
    header = header_of(rows, source.path)
    wrong = mapping.missing(header)
    if wrong:
        raise InputUnreadable(
            "\n".join([f"The mapping does not fit {source.path}; nothing was sent.", *wrong]),
        )
    return _as_csv(header, mapping), (_row(row, header, mapping, admit) for row in rows)


def _row(row: Row, header: list[str], mapping: Mapping, admit: Admit) -> Line:
    text = _as_csv(row.cells, mapping)
    if row.wrong:
        return Line(row.line, text, (), Refusal("undecodable", "", f"The line {row.wrong}"))
    if len(row.cells) != len(header):
        sentence = f"The line has {len(row.cells)} cells, the header {len(header)}"
        return Line(row.line, text, (), Refusal("undecodable", "", sentence))
    try:
        events = list(events_of(dict(zip(header, row.cells, strict=True)), mapping))
    except Unreadable as error:
        return Line(row.line, text, (), Refusal("unreadable", error.field, str(error)))
    return _line(row.line, text, [(mapping.family, orjson.dumps(event)) for event in events], admit)


def _line(number: int, text: bytes, values: list[tuple[str | None, bytes]], admit: Admit) -> Line:
    ready = []
    for family, value in values:
        found = _checked(family, value, admit)
        if isinstance(found, Refusal):
            return Line(number, text, (), found)
        ready.append(found)
    return Line(number, text, tuple(ready))


def _checked(family: str | None, value: bytes, admit: Admit) -> Ready | Refusal:
    if family is None:
        named = ", ".join(name for name, _ in IDENTITIES)
        return Refusal("unrecognised", "", f"No field tells the family (one of {named}); --family can")
    try:
        event = codec.decode(family, value).event
    except codec.InvalidEvent as error:
        field, colon, sentence = error.detail.partition(": ")
        if error.reason == "undecodable" or not colon:
            return Refusal(error.reason, "", error.detail)
        return Refusal(error.reason, field.partition(".")[2] or field, sentence)
    reason = admit(event)
    if reason is not None:
        return Refusal(reason, "", TIMES[reason])
    return Ready(family, event.event_type, codec.case_id(event), value)


def _family_of(text: bytes) -> str | None:
    """The family by the identity that an event has; what is no object is left to the contract of any."""
    try:
        event = orjson.loads(text)
    except ValueError:
        return IDENTITIES[0][1]
    if not isinstance(event, dict):
        return IDENTITIES[0][1]
    return next((family for name, family in IDENTITIES if name in event), None)


def _as_csv(cells: list[str], mapping: Mapping) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=mapping.delimiter, lineterminator="").writerow(cells)
    return text.getvalue().encode(mapping.encoding, errors="surrogateescape")
