"""A KPI record, as it lies in grid.kpis.v1: key `kpi|scope|dims|period`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.dimensions.scopes import fields
from streams.kpis.kpi import Ratio, Undefined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.kpis.variants import Variant

INTEGER_MAX = 2**63 - 1
MICRO = 10**6  # values are decimal strings of six places
SAID = ("basis", "numerator", "denominator", "days", "status", "definition_version", "reason", "since", "findings")
GROWING = {"numerator"}


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
    variant: Variant,
    scope: str,
    period: str,
    outcome: Ratio | Undefined,
    *,
    as_of: str,
    complete: bool,
    final: bool,
    since: str | None = None,
    findings: Sequence[dict[str, Any]] = (),
    days: int | None = None,
) -> dict[str, Any]:
    """The record of an outcome; its revision is for the publisher to count."""
    kpi = variant.kpi
    ratio = outcome if isinstance(outcome, Ratio) else None
    if ratio is not None and max(map(abs, ratio)) > INTEGER_MAX:
        raise ValueError(f"{ratio.numerator} / {ratio.denominator} is more than a record can hold")
    return {
        "kpi": kpi.name,
        "scope": dict(fields(scope)),
        "dims": variant.dims,
        "period": period,
        "numerator": ratio and ratio.numerator,
        "denominator": ratio and ratio.denominator,
        "days": days,
        "value": ratio and decimal(ratio),
        "unit": kpi.unit,
        "basis": kpi.basis,
        "as_of": as_of,
        "complete": complete,
        "status": "final" if final else "open",
        "definition_version": kpi.definition_version,
        "revision": 1,
        "reason": outcome.reason if isinstance(outcome, Undefined) else None,
        "since": since,
        "findings": [*findings],
    }


def has_changed(last: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether the record has changed for readers: in anything but time, or in completeness, which a final one keeps."""
    open_in_both = record["status"] == "open" == last["status"]
    if record["complete"] != last["complete"] and (record["complete"] or open_in_both):
        return True
    return any(record[name] != last.get(name) for name in SAID)


def is_growth(last: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether nothing but what is above the line differs."""
    same = all(record[name] == last.get(name) for name in (*(set(SAID) - GROWING), "complete"))
    return same and record["value"] is not None
