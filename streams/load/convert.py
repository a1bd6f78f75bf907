"""A row of a table to events, by the mapping; an unreadable cell is refused with its field and column."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from string import Formatter
from typing import Any

from streams.load.fields import Field, nested
from streams.load.mapping import ANY_OTHER, Mapping, Rule, Times, placeholders
from streams.load.times import instant, over_a_change

LIST_SEPARATOR = ";"
WHOLE = Decimal(1)
NUMBER_CHARACTERS_MAX = 64
NUMBER_MAX = 10**12  # times the greatest scale it still fits a number of JSON of 64 bits
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_EXACT = Context(prec=2000)  # digits: enough for every number of that length and exponent
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


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
        field = contract.field(event_type, name)
        if field:
            nested(body, contract, event_type, name, _filled(name, text, row, required=field.required))
    for name, columns in rule.columns.items():
        field = contract.field(event_type, name)
        if field is None or name == "event_type":
            continue
        value, present = _value(name, field, columns, row, mapping)
        if present:
            nested(body, contract, event_type, name, value)
    _check_profile(body, mapping)
    return body


def _filled(name: str, text: str, row: dict[str, str], *, required: bool) -> str:
    cells = {column: row[column].strip() for column in placeholders(text)}
    empty = next((column for column, cell in cells.items() if not cell), None)
    if required and empty is not None:
        raise Unreadable(name, f"the column {empty!r}, which its template needs, is empty")
    return "".join(before + cells.get(column or "", "") for before, column, *_ in Formatter().parse(text)).strip()


def _check_profile(body: dict[str, Any], mapping: Mapping) -> None:
    """Refuse the values of a frame with a change of the clocks if their hours are ambiguous."""
    start, values, interval = (body.get(name) for name in ("start", "values_centivolts", "interval_seconds"))
    zone = mapping.times.zone
    if zone is None or not (isinstance(start, str) and isinstance(values, list) and isinstance(interval, int)):
        return
    if over_a_change(start, interval, values, zone):
        raise Unreadable(
            "values_centivolts",
            f"the clocks of {zone} change between {start} and the last value, and it is not known whether the "
            "columns are hours of the wall or hours that passed: send that day as rows, with offsets",
        )


def _mapped(name: str, row: dict[str, str], rule: Rule, mapping: Mapping) -> Any:
    column = rule.columns[name]
    text = row[column if isinstance(column, str) else column[0]].strip()
    return _lookup(text, mapping.values.get(name, {}))


def _lookup(text: str, values: dict[str, Any]) -> Any:
    return values.get(text, values.get(ANY_OTHER, text) if text else text)


def _value(
    name: str, field: Field, columns: str | list[str], row: dict[str, str], mapping: Mapping
) -> tuple[Any, bool]:
    """The value, and whether it is present: an empty cell is null for a required field, otherwise absent."""
    named = columns if isinstance(columns, str) else columns[0]
    if not isinstance(columns, str):
        texts = [row[column] for column in columns]
    elif field.kind == "list":
        texts = row[columns].split(LIST_SEPARATOR)
    else:
        texts = [row[columns]]
    cells = [_lookup(text.strip(), mapping.values.get(name, {})) for text in texts]
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
        raise ValueError("is no number; it has a decimal point, and neither a unit nor signs between thousands")
    if len(text) > NUMBER_CHARACTERS_MAX:
        raise ValueError(f"is a number of more than {NUMBER_CHARACTERS_MAX} characters")
    number = Decimal(text)
    if abs(number) > NUMBER_MAX:
        raise ValueError("is larger than any number of an event")
    if scale is not None:
        return int(_EXACT.multiply(number, Decimal(scale)).quantize(WHOLE, ROUND_HALF_EVEN, _EXACT))
    if number != number.to_integral_value():
        raise ValueError("is no whole number, and the mapping has no scale for it")
    return int(number)
