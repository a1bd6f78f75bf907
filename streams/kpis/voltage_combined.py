"""Combined voltage compliance (综合电压合格率): 0.5 * class A + 0.5 * the mean of classes B, C and D.

A class without monitored points is left out of that mean. Each class's rate is rounded half to even to whole parts per
billion first, so that both integers stay small.
"""

from streams.kpis.formulas import DATED, OUTAGE_GROUPINGS, Outcome
from streams.kpis.kpi import VOLTAGE_GRACE_SECONDS, Kpi, Ratio, Served, Sums, Undefined
from streams.kpis.voltage_compliance import BILLION

OTHERS = ("B", "C", "D")


def _combined(sums: Sums, _served: Served) -> Outcome:
    first = _rate(sums, "A")
    others = [rate for name in OTHERS if (rate := _rate(sums, name)) is not None]
    if first is None:
        return Undefined("no class A point was monitored")
    if not others:
        return Undefined("no point of class B, C or D was monitored")
    return Ratio(len(others) * first + sum(others), 2 * len(others) * BILLION)


def _rate(sums: Sums, name: str) -> int | None:
    """The mean of a class's points in parts per billion."""
    points = sums.total(f"voltage_points|{name}")
    if not points:
        return None
    whole, rest = divmod(sums.total(f"voltage_rate_ppb|{name}"), points)
    return whole + (2 * rest > points or (2 * rest == points and whole % 2))


VOLTAGE_COMPLIANCE_COMBINED = Kpi(
    name="voltage_compliance_combined",
    title_en="Voltage compliance, combined",
    title_zh="综合电压合格率",
    unit="ratio",
    basis="0.5 A + 0.5 mean(B, C, D) of the classes' means of points; a class without points is left out",
    assigned_by="the time that was measured",
    dims=(),
    groupings=OUTAGE_GROUPINGS,
    periods=DATED,
    measures=tuple(f"{name}|{each}" for each in ("A", *OTHERS) for name in ("voltage_rate_ppb", "voltage_points")),
    value=_combined,
    final_after_seconds=VOLTAGE_GRACE_SECONDS,
    target=None,
    element="quality",
    pillar="facilities",
    source="usual reporting in China; weights our own reading",
    role="voltage",
    definition_version=2,
)
