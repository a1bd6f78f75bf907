"""A row of a table to events, as the mapping says; what cannot be read is refused with its field and column."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from schemas.event import INSTANT_MAX, format_instant
from streams.local.bring.fields import Field, nested
from streams.local.bring.mapping import ANY_OTHER, Mapping, Rule, Times

LIST_SEPARATOR = ";"
WHOLE = Decimal(1)
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unreadable(Exception):
    """A cell is not what its field takes."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def events_of(row: dict[str, str], mapping: Mapping) -> Iterator[dict[str, Any]]:
    """The events of a row (text by column); raises Unreadable."""
    for rule in mapping.rules:
        if rule.when is None or row[rule.when].strip():
            yield _event(row, rule, mapping)


def instant(text: str, times: Times) -> str:
    """RFC 3339 of a time as the table writes it; ValueError says what is wrong."""
    try:
        moment = datetime.fromisoformat(text) if times.format is None else datetime.strptime(text, times.format)  # noqa: DTZ007  the zone comes below
    except ValueError:
        raise ValueError(f"is no time of the form {times.format or 'YYYY-MM-DDThh:mm:ss+hh:mm'}") from None
    if moment.tzinfo is None:
        moment = _in_zone(moment, times)
    try:
        seconds = (moment - _EPOCH).days * 86_400 + (moment - _EPOCH).seconds
    except OverflowError:
        seconds = -1
    if not 0 <= seconds <= INSTANT_MAX:
        raise ValueError("does not lie between the years 1970 and 9999")
    return format_instant(seconds)


def _in_zone(moment: datetime, times: Times) -> datetime:
    if times.zone is None:
        raise ValueError("has no offset, and the mapping names no zone")
    first, second = (moment.replace(tzinfo=times.zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(times.zone).replace(tzinfo=None, fold=0) != moment:
        raise ValueError(f"does not exist in {times.zone}: the clocks were put forward")
    if times.ambiguous == "refuse":
        raise ValueError(f"was there twice in {times.zone}, and the mapping does not say which is meant")
    return first if times.ambiguous == "earlier" else second


def _event(row: dict[str, str], rule: Rule, mapping: Mapping) -> dict[str, Any]:
    contract = mapping.contract
    event_type = rule.constants.get("event_type") or _mapped("event_type", row, rule, mapping)
    if event_type not in contract.event_types:
        raise Unreadable("event_type", f"{event_type!r} is not one of {', '.join(contract.event_types)}")
    body: dict[str, Any] = {"event_type": event_type}
    for name, value in rule.constants.items():
        if contract.field(event_type, name):
            nested(body, contract, event_type, name, value)
    for name, text in rule.templates.items():
        if contract.field(event_type, name):
            nested(body, contract, event_type, name, text.format_map(row))
    for name, columns in rule.columns.items():
        field = contract.field(event_type, name)
        if field is None or name == "event_type":
            continue
        value, said = _value(name, field, columns, row, mapping)
        if said:
            nested(body, contract, event_type, name, value)
    return body


def _mapped(name: str, row: dict[str, str], rule: Rule, mapping: Mapping) -> Any:
    column = rule.columns[name]
    text = row[column if isinstance(column, str) else column[0]].strip()
    return _looked_up(text, mapping.values.get(name, {}))


def _looked_up(text: str, values: dict[str, Any]) -> Any:
    return values.get(text, values.get(ANY_OTHER, text) if text else text)


def _value(
    name: str, field: Field, columns: str | list[str], row: dict[str, str], mapping: Mapping
) -> tuple[Any, bool]:
    """The value and whether it is said: an empty cell is null where the field has to be there, else nothing."""
    named = columns if isinstance(columns, str) else columns[0]
    if not isinstance(columns, str):
        texts = [row[column] for column in columns]
    elif field.kind == "list":
        texts = row[columns].split(LIST_SEPARATOR)
    else:
        texts = [row[columns]]
    cells = [_looked_up(text.strip(), mapping.values.get(name, {})) for text in texts]
    if all(cell == "" for cell in cells):
        return None, field.required and field.nullable
    item = field.item or field
    values = [_cell(name, item, named, cell, mapping) for cell in cells]
    return values if field.kind == "list" else values[0], True


def _cell(name: str, field: Field, column: str, cell: Any, mapping: Mapping) -> Any:
    if cell == "" and field.nullable:
        return None
    if not isinstance(cell, str):
        return cell  # a constant of the mapping, checked with it
    try:
        return _read(cell, field, mapping.scale.get(name), mapping.times)
    except ValueError as error:
        raise Unreadable(name, f"{cell!r} (column {column!r}) {error}") from None


def _read(text: str, field: Field, scale: int | None, times: Times) -> Any:
    if field.kind == "instant":
        return instant(text, times)
    if field.kind == "integer":
        return _integer(text, scale)
    if field.kind == "boolean":
        if text.lower() not in _BOOLEANS:
            raise ValueError("is neither true nor false")
        return _BOOLEANS[text.lower()]
    return text


def _integer(text: str, scale: int | None) -> int:
    """A whole number; scaled, the nearest one, half to the even."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("is no number")
    number = Decimal(text)
    if scale is not None:
        return int((number * scale).quantize(WHOLE, ROUND_HALF_EVEN))
    if number != number.to_integral_value():
        raise ValueError("is no whole number, and the mapping has no scale for it")
    return int(number)
