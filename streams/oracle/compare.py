"""Cell by cell: the published record, and the result of the oracle."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from streams.oracle.engine import Cell, Finding
from streams.oracle.table import as_of, parts_of

MICRO = 10**6  # values are decimal strings of six places
FIELDS = ("numerator", "denominator", "value", "status", "definition_version", "complete", "since", "findings")


class Difference(NamedTuple):
    """A key on which the two disagree: per field (service, oracle). `cell` is None where the oracle has no such key."""

    key: str
    fields: dict[str, tuple[Any, Any]]
    cell: Cell | None
    revision: int | None


class Comparison(NamedTuple):
    """All keys of either side at one read time, and the keys that differ."""

    at: int
    compared: int
    differences: list[Difference]


def compare(
    cells: Mapping[str, Cell],
    published: Mapping[str, list[dict[str, Any] | None]],
    at: int,
    growth_interval: int,
    *,
    complete: bool,
) -> Comparison:
    """Every key of either side; `complete`: whether a record must be complete (with marks).

    Neither side has a key: a scope that the network knows, a period that was never current, and nothing in it.
    """
    differences, compared = [], 0
    for key in sorted(cells.keys() | published.keys()):
        cell, records = cells.get(key), published.get(key, [None])
        if records == [None] and cell is not None and not cell.present and not cell.expected:
            continue
        compared += 1
        found = [_fields(key, cell, record, at, growth_interval, complete=complete) for record in records]
        if all(found):
            last = records[-1] or records[0]
            differences.append(Difference(key, found[0], cell, last.get("revision") if last else None))
    return Comparison(at, compared, differences)


def _fields(
    key: str, cell: Cell | None, record: dict[str, Any] | None, at: int, growth_interval: int, *, complete: bool
) -> dict[str, tuple[Any, Any]]:
    if record is None:
        there = cell is not None and (cell.present or cell.expected)
        return {"record": ("none", "has to be there")} if there else {}
    if cell is None or not (cell.present or cell.known or cell.expected):
        return {"record": ("is there", "none")}
    ours = expected(cell, at - as_of(record))
    if not complete:
        ours["complete"] = record["complete"]
    kpi, _, _, period = parts_of(key)
    record = record | {"since": record.get("since"), "findings": sorted(map(_finding, record.get("findings", ())))}
    found = {name: (record[name], ours[name]) for name in FIELDS if record[name] != ours[name]}
    if (record["kpi"], record["period"]) != (kpi, period):
        found["key"] = (f"{record['kpi']}, {record['period']}", key)
    if cell.rate and cell.numerator is not None and at - as_of(record) >= growth_interval:
        found["as_of"] = (record["as_of"], f"growth is published every {growth_interval} s")
    return found


def expected(cell: Cell, ago: int) -> dict[str, Any]:
    """The record of a cell, as it was `ago` seconds before the read time if nothing but growth lies between."""
    numerator = None if cell.numerator is None else cell.numerator - cell.rate * ago
    denominator = None if cell.denominator is None else cell.denominator - cell.denominator_rate * ago
    return {
        "numerator": numerator,
        "denominator": denominator,
        "value": None if numerator is None or denominator is None else decimal(numerator, denominator),
        "status": "final" if cell.final else "open",
        "definition_version": cell.definition_version,
        "complete": True,
        "since": cell.since,
        "findings": list(cell.findings),
    }


def _finding(record: dict[str, Any]) -> Finding:
    return record["rule"], record["cases"], record["customers"]


def decimal(numerator: int, denominator: int) -> str:
    """Six places, rounded half to even."""
    units, rest = divmod(numerator * MICRO, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and units % 2):
        units += 1
    sign, units = ("-", -units) if units < 0 else ("", units)
    return f"{sign}{units // MICRO}.{units % MICRO:06d}"
