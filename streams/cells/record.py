"""A KPI record, as it lies in grid.kpis.v1: key `kpi|scope|dims|period`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.cells.scopes import fields
from streams.kpis.kpi import Ratio, Undefined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.kpis.variants import Variant

MICRO = 10**6  # values are decimal strings of six places


def key_of(variant: Variant, scope: str, period: str) -> str:
    """The record's key."""
    return f"{variant.kpi.name}|{scope}|{variant.key}|{period}"


def parts_of(key: str) -> tuple[str, str, str, str]:
    """KPI name, scope, dims and period of a record's key."""
    kpi, scope, dims, period = key.split("|")
    return kpi, scope, dims, period


def decimal(ratio: Ratio) -> str:
    """The value to six places, rounded half to even, without a float on the way."""
    scaled, rest = divmod(ratio.numerator * MICRO, ratio.denominator)
    if 2 * rest > ratio.denominator or (2 * rest == ratio.denominator and scaled & 1):
        scaled += 1
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    return f"{sign}{scaled // MICRO}.{scaled % MICRO:06d}"


def record_of(
    variant: Variant, scope: str, period: str, outcome: Ratio | Undefined, *, as_of: str, complete: bool, final: bool
) -> dict[str, Any]:
    """The record of an outcome; its revision is for the publisher to count."""
    kpi = variant.kpi
    ratio = outcome if isinstance(outcome, Ratio) else None
    return {
        "kpi": kpi.name,
        "scope": dict(fields(scope)),
        "dims": variant.dims,
        "period": period,
        "numerator": ratio and ratio.numerator,
        "denominator": ratio and ratio.denominator,
        "value": ratio and decimal(ratio),
        "unit": kpi.unit,
        "basis": kpi.basis,
        "as_of": as_of,
        "complete": complete,
        "status": "final" if final else "open",
        "definition_version": kpi.definition_version,
        "revision": 1,
        "reason": outcome.reason if isinstance(outcome, Undefined) else None,
    }


def is_news(
    last: Mapping[str, Any], variant: Variant, outcome: Ratio | Undefined, *, complete: bool, final: bool
) -> bool:
    """Whether readers must hear of it: key, value, status or definition differ, or while it is open, completeness."""
    if final != (last["status"] == "final") or (not final and complete != last["complete"]):
        return True
    if isinstance(outcome, Undefined):
        told = last["value"] is not None or last["reason"] != outcome.reason
    else:
        told = last["numerator"] != outcome.numerator or last["denominator"] != outcome.denominator
    return told or last["definition_version"] != variant.kpi.definition_version


def is_growth(last: Mapping[str, Any], outcome: Ratio | Undefined, *, complete: bool, final: bool) -> bool:
    """Whether nothing but what is above the line differs."""
    same_status = final == (last["status"] == "final") and complete == last["complete"]
    return same_status and isinstance(outcome, Ratio) and last["denominator"] == outcome.denominator
