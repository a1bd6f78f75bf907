"""Network records from a file, JSON or CSV, each checked against the contract, each error reported with its place.

A table has a column `record_type`, and a column per field of its records; empty cells are absent values. An area has a
row for each number of customers served, with `served_from`, `customers`, `mv_users`; its other cells are repeated or
left empty. Several phases are written in one cell: `ABC`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

import orjson

from schemas import codec
from schemas.network import NetworkRecord
from schemas.point_key import point_id
from streams.errors import InputUnreadable
from streams.load import documents
from streams.load.formats import UTF8_MARK
from streams.load.mapping import hint
from streams.load.source import Source
from streams.load.tables import Table

DIGITS_MAX, SHOWN_MAX = 18, 40
JSON_BYTES_MAX = 256 * 1024 * 1024
SERVED = {"served_from": "from", "customers": "customers", "mv_users": "mv_users"}
WHOLE = ("customers", "mv_users", "nominal_centivolts", "transformer_ratio", "delivery_interval_seconds")
BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
FIELDS: dict[str, tuple[str, ...]] = {
    get_args(model.model_fields["record_type"].annotation)[0]: tuple(model.model_fields)
    for model in get_args(get_args(NetworkRecord)[0])
}
COLUMNS = ("record_type", *dict.fromkeys(name for names in FIELDS.values() for name in names if name != "served"))


class Entry(NamedTuple):
    """A record and its place in the file: "Line 7" or "Record 3"."""

    place: str
    record: dict[str, Any]


def read(path: Path) -> dict[str, Entry]:
    """The records of a file by key, right each by itself; InputUnreadable has a sentence per mistake."""
    table = {suffix.lower() for suffix in path.suffixes} & {".csv", ".tsv"}
    entries, wrong = _from_table(path) if table else (_from_json(path), [])
    found: dict[str, Entry] = {}
    for entry in entries:
        if isinstance(entry.record, dict) and entry.record.get("record_type") in ("policy", "calendar"):
            wrong.append(f"{entry.place} is of no network: `gridpulse policy load` takes it.")
            continue
        try:
            event, unknown = codec.decode("network", orjson.dumps(entry.record))
        except codec.InvalidEvent as error:
            wrong.append(f"{entry.place} is wrong: {error.detail}.")
            continue
        except orjson.JSONEncodeError as error:
            wrong.append(f"{entry.place} is nothing that a record can hold: {error}.")
            continue
        wrong += [f"{entry.place}: record_type {entry.record['record_type']} has no {name}." for name in unknown]
        padded = [name for name, text in entry.record.items() if isinstance(text, str) and text != text.strip()]
        wrong += [f"{entry.place}: {name} {entry.record[name]!r} begins or ends with a blank." for name in padded]
        before = found.setdefault(codec.case_id(event), entry)
        if before.record != entry.record:
            wrong.append(f"{entry.place} describes {codec.case_id(event)} otherwise than {before.place} does.")
    if wrong:
        raise InputUnreadable("\n".join([f"Nothing of {path} was written.", *wrong]))
    return found


def _from_json(path: Path) -> list[Entry]:
    with Source(path) as source:
        text = source.whole(JSON_BYTES_MAX).removeprefix(UTF8_MARK)
    try:
        content = documents.parsed(text)
    except documents.NotAnEvent as error:
        raise InputUnreadable(f"{path} is not JSON that can be read. {error}.") from error
    records = content.get("records") if isinstance(content, dict) else content
    if not isinstance(records, list):
        raise InputUnreadable(f'{path} is neither a list of network records nor {{"records": [...]}}.')
    return [Entry(f"Record {index}", record) for index, record in enumerate(records)]


def _from_table(path: Path) -> tuple[list[Entry], list[str]]:
    """The records of a table, rows of one area as one record; (records, mistakes)."""
    entries: dict[tuple[str, str], Entry] = {}
    wrong = []
    with Source(path) as source:
        table = Table(source)
        header = table.header
        unknown = [name for name in dict.fromkeys(header) if name and name not in {*COLUMNS, *SERVED}]
        twice = [name for name in dict.fromkeys(header) if name and header.count(name) > 1]
        if unknown or twice or "record_type" not in header:
            listed = [f"There is no column {name!r} in a network{hint(name, [*COLUMNS, *SERVED])}." for name in unknown]
            listed += [f"There is more than one column {name}." for name in twice]
            need = [] if "record_type" in header else ["The column record_type is missing."]
            raise InputUnreadable("\n".join([f"Nothing of {path} was written.", *need, *listed]))
        for row in table.rows():
            if row.is_blank:
                continue
            if row.wrong or len(row.cells) != len(header):
                counted = f"has {len(row.cells)} cells, the header {len(header)}"
                wrong.append(f"Line {row.line} {row.wrong or counted}.")
                continue
            cells = {name: cell.strip() for name, cell in zip(header, row.cells, strict=True) if cell.strip()}
            mistakes = list(_mistakes(cells))
            wrong += [f"Line {row.line}: {mistake}." for mistake in mistakes]
            if not mistakes:
                wrong += _take(entries, row.line, cells)
    return list(entries.values()), wrong


def _mistakes(cells: dict[str, str]) -> Iterator[str]:
    kind = cells.get("record_type")
    if kind not in FIELDS:
        yield f"record_type is {kind or 'empty'}, not one of {', '.join(FIELDS)}"
        return
    if kind not in cells:
        yield f"{kind} is empty: it is the id of the record"
    own = {"record_type", *FIELDS[kind], *(SERVED if "served" in FIELDS[kind] else ())}
    for name, cell in cells.items():
        if name not in own:
            yield f"record_type {kind} has no {name}" if name else f"{cell} is in a column that has no name"
        elif name in WHOLE and not re.fullmatch(f"[0-9]{{1,{DIGITS_MAX}}}", cell):
            yield f"{name} is {cell[:SHOWN_MAX]}, not a whole number of at most {DIGITS_MAX} digits"
        elif name == "demonstration" and cell.lower() not in BOOLEANS:
            yield f"{name} is {cell}, neither true nor false"
    if kind == "area" and "served_from" not in cells and {"customers", "mv_users"} & set(cells):
        yield "customers hold from a day on: served_from is empty"


def _take(entries: dict[tuple[str, str], Entry], line: int, cells: dict[str, str]) -> list[str]:
    """Add a row to the record of its id; a contradiction to earlier rows is an error."""
    kind = cells["record_type"]
    fields: dict[str, Any] = {name: _value(name, cell) for name, cell in cells.items() if name not in SERVED}
    if "served_from" in cells:
        fields["served"] = [{SERVED[name]: _value(name, cells[name]) for name in SERVED if name in cells}]
    nothing: dict[str, Any] = {"area_type": None, "served": []} if kind == "area" else {}
    name = point_id(cells.get("area", ""), cells[kind]) if kind == "point" else cells[kind]
    before = entries.setdefault((kind, name), Entry(f"Line {line}", nothing | fields))
    if before.place == f"Line {line}":
        return []
    if kind != "area":
        return [f"Line {line} describes {kind}/{name} again, after line {before.place.split()[-1]}."]
    wrong = []
    for field, value in fields.items():
        known = before.record.get(field)
        if field == "served":
            before.record["served"] += value
        elif known is None:
            before.record[field] = value
        elif known != value:
            wrong.append(f"Line {line}: {field} of {kind}/{name} is {value}, in an earlier line {known}.")
    return wrong


def _value(name: str, cell: str) -> Any:
    if name in WHOLE:
        return int(cell)
    if name == "demonstration":
        return BOOLEANS[cell.lower()]
    return list(cell.replace(" ", "").replace(";", "")) if name == "phases" else cell
