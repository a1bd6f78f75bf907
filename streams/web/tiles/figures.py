"""The figures of a tile, from published records: values as they are, and counts that come only broken down added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.event import parse_instant
from streams.cells import periods, scopes
from streams.kpis import KPIS
from streams.kpis.variants import ALL
from streams.web.texts import TEXTS, reason_words
from streams.web.tiles.tile import Places, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kpis.kpi import Role
    from streams.web.state import Board, Record

BY_KPI = {kpi.name: kpi for kpi in KPIS}  # basis, target and role are known before there is a record
VALUES = {(kpi.name, dim.name): dim.values for kpi in KPIS for dim in kpi.dims}
PER_CUSTOMER = frozenset(("saidi", "saifi"))
BILLION = 10**9
# What stands above and below the line, in words of the floor: by how much it is divided, and with how many decimals.
SCALES = {
    "voltage_compliance": (BILLION, 1),  # a sum of rates in parts per billion
    "voltage_compliance_time": (60, 0),  # seconds, said in minutes
    "voltage_coverage": (60, 0),
}
NO_LINE = frozenset(("voltage_compliance_combined",))  # a mean of means: neither counts anything


def role_of(shown: Shown) -> Role:
    """Which workers publish a figure."""
    return BY_KPI[shown.kpi].role


def records(board: Board, shown: Shown, scope: str = scopes.ALL) -> list[Record]:
    """The records a figure is about: of one part each where it is broken down, else one at most."""
    return [record for record in board.find(shown.kpi, shown.period, scope) if _is_meant(record["dims"], shown)]


def _is_meant(dims: dict[str, str], shown: Shown) -> bool:
    return all(
        value != ALL if name == shown.by else value == shown.where.get(name, ALL) for name, value in dims.items()
    )


def chosen(board: Board, shown: Shown, only: frozenset[str], scope: str = scopes.ALL) -> list[Record]:
    """The records a figure is the sum of."""
    found = records(board, shown, scope)
    return [record for record in found if not only or record["dims"][shown.by] in only] if shown.by else found


def figure(board: Board, shown: Shown, only: frozenset[str] = frozenset(), scope: str = scopes.ALL) -> dict[str, Any]:
    """A figure as JSON; `sum` is that of the list behind it."""
    found = records(board, shown, scope)
    if shown.by or not found:
        added = _added(found, chosen(board, shown, only, scope))
        return _figure(shown, added, added["numerator"], None)
    return _figure(shown, found[0], _sum(board, found[0]), _line(board, found[0]))


def _added(found: list[Record], parts: list[Record]) -> Record:
    """Of an addition; no record of a part means none of it, where others are published."""
    total = sum(int(record["numerator"] or 0) for record in parts) if found else None
    return {
        "numerator": total,
        "denominator": None,
        "value": None if total is None else str(total),
        "reason": None if found else "no_record",
        "as_of": min((record["as_of"] for record in found), default=None),
        "status": "final",
    }


def _figure(shown: Shown, record: Record, sum_: int | None, line: list[str] | None) -> dict[str, Any]:
    kpi = BY_KPI[shown.kpi]
    return {
        "label": shown.label,
        **{name: record[name] for name in ("numerator", "denominator", "value", "reason", "as_of")},
        "reason_text": reason_words(record["reason"]),
        "basis": kpi.basis,
        "target": kpi.target,
        "provisional": record["status"] == "open" and kpi.final_after_seconds is not None,
        "sum": sum_,
        "line": line,
    }


def _days(board: Board, record: Record) -> int:
    """An index per customer over several days is kept as amount * days / customer-days."""
    if record["kpi"] not in PER_CUSTOMER:
        return 1
    today = periods.local_day(parse_instant(record["as_of"]), board.zone)
    return max(len(periods.days(record["period"], today)), 1)


def _sum(board: Board, record: Record) -> int | None:
    """What is above the line, in the unit of the list behind: seconds, customers, cases."""
    above: int | None = record["numerator"]
    return None if above is None else above // _days(board, record)


def _line(board: Board, record: Record) -> list[str] | None:
    """What stands above and below the line in words of the floor: whole minutes or customers, and of how many.

    Of an index over several days these are the amount and the mean of the daily customers.
    """
    above, below, name = _sum(board, record), record["denominator"], record["kpi"]
    if above is None or below is None or below == 1 or name in NO_LINE:
        return None
    scale, decimals = SCALES.get(name, (60 if record["unit"] == "minutes" else 1, 0))
    return [_rounded(above, scale, decimals), _rounded(below, scale * _days(board, record), 0)]


def _rounded(amount: int, scale: int, decimals: int) -> str:
    """Half up, as the browser rounds the sum of the list."""
    whole = (2 * amount * 10**decimals + scale) // (2 * scale)
    return f"{whole // 10}.{whole % 10}" if decimals else str(whole)


def parts(board: Board, shown: Shown | Places, form: str, alarming: frozenset[str]) -> list[dict[str, Any]]:
    """A break-down in the order in which its KPI declares the values; counts as numbers, others as they are."""
    found = dict(_places(board, shown) if isinstance(shown, Places) else _parts(board, shown))
    words = "" if isinstance(shown, Places) else shown.words
    order = shown.values if isinstance(shown, Places) else VALUES[shown.kpi, shown.by]
    return [
        {
            "label": label if (label := f"{words}.{value}") in TEXTS else value,
            "value": found[value]["numerator"] if form == "count" else found[value]["value"],
            "alarm": value in alarming and bool(found[value]["numerator"]),
        }
        for value in (*order, *sorted(set(found) - set(order)))
        if value in found
    ]


def _parts(board: Board, shown: Shown) -> Iterator[tuple[str, Record]]:
    return ((record["dims"][shown.by], record) for record in records(board, shown))


def _places(board: Board, shown: Places) -> Iterator[tuple[str, Record]]:
    for value in shown.values:
        for record in records(board, Shown(shown.kpi, shown.period), f"{shown.name}={value}"):
            yield value, record
