"""The figures of a tile, from published records: values unchanged, and sums of counts that are published by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.dimensions import scopes
from streams.kpis import KPIS
from streams.kpis.variants import ALL
from streams.kpis.voltage_compliance import BILLION
from streams.web.texts import reason_message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.kpis.kpi import Role
    from streams.web.state import Board, Record
    from streams.web.tiles.tile import Shown

BY_KPI = {kpi.name: kpi for kpi in KPIS}  # basis, target and role are known before there is a record
VALUES = {(kpi.name, dim.name): dim.values for kpi in KPIS for dim in kpi.dims}
# Numerator and denominator in the units of dispatchers: divisor, and number of decimals.
SCALES = {
    "voltage_compliance": (BILLION, 1),  # a sum of rates in parts per billion
    "voltage_compliance_time": (60, 0),  # seconds, shown in minutes
    "voltage_coverage": (60, 0),
}
NO_LINE = frozenset(("voltage_compliance_combined",))  # a mean of means: neither counts anything


def role_of(shown: Shown) -> Role:
    """Which workers publish a figure."""
    return BY_KPI[shown.kpi].role


def records(board: Board, shown: Shown, scope: str = scopes.ALL) -> list[Record]:
    """The records of a figure: one per part where it is broken down, otherwise at most one."""
    return meant(shown, board.find(shown.kpi, shown.period, scope))


def meant(shown: Shown, found: Iterable[Record]) -> list[Record]:
    """Of the records of a KPI in a scope and a period the ones that a figure is about."""
    return [record for record in found if _is_meant(record["dims"], shown)]


def _is_meant(dims: dict[str, str], shown: Shown) -> bool:
    return all(
        value != ALL if name == shown.by else value == shown.where.get(name, ALL) for name, value in dims.items()
    )


def chosen(shown: Shown, only: frozenset[str], found: list[Record]) -> list[Record]:
    """The records a figure is the sum of."""
    return [record for record in found if not only or record["dims"][shown.by] in only] if shown.by else found


def figure(board: Board, shown: Shown, only: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A figure at scope `all` as JSON; `sum` is that of the list behind it."""
    return figure_of(shown, records(board, shown), only)


def figure_of(shown: Shown, found: list[Record], only: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The figure that some records make."""
    if shown.by or not found:
        added = _added(found, chosen(shown, only, found))
        return _figure(shown, added, added["numerator"], None)
    return _figure(shown, found[0], _sum(found[0]), _line(found[0]))


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
        "reason_text": reason_message(record["reason"]),
        "basis": record.get("basis", kpi.basis),
        "target": kpi.target,
        "target_by": kpi.target_by if kpi.target else None,
        "provisional": record["status"] == "open" and kpi.final_after_seconds is not None,
        "sum": sum_,
        "line": line,
        "since": record.get("since"),
        "findings": record.get("findings", []),
    }


def _days(record: Record) -> int:
    """An index per customer over several days is stored as amount * days / customer-days."""
    days: int = record.get("days") or 1
    return days


def _sum(record: Record) -> int | None:
    """What is above the line, in the unit of the list behind: seconds, customers, cases."""
    above: int | None = record["numerator"]
    return None if above is None else above // _days(record)


def _line(record: Record) -> list[str] | None:
    """Numerator and denominator in the units of dispatchers: whole minutes or customers, and the number of cases.

    Of an index over several days these are the amount and the mean of the daily customers.
    """
    above, below, name = _sum(record), record["denominator"], record["kpi"]
    if above is None or below is None or below == 1 or name in NO_LINE:
        return None
    scale, decimals = SCALES.get(name, (60 if record["unit"] == "minutes" else 1, 0))
    return [_rounded(above, scale, decimals), _rounded(below, scale * _days(record), 0)]


def _rounded(amount: int, scale: int, decimals: int) -> str:
    """Half up, as the browser rounds the sum of the list."""
    whole = (2 * amount * 10**decimals + scale) // (2 * scale)
    return f"{whole // 10}.{whole % 10}" if decimals else str(whole)
