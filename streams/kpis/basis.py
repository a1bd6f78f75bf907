"""The basis of a value by the settings in use: a standard is named only if its own limits hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.kpis.kpi import Kpi

IEEE_SECONDS = 300
IEEE = "IEEE 1366-2022"
GB = "GB/T 12325 limits"


def based_on(
    kpis: Iterable[Kpi], momentary_threshold_seconds: int, voltage_limits: Mapping[int, tuple[int, int]]
) -> tuple[Kpi, ...]:
    """The KPIs with the basis that these settings give them."""
    return tuple(
        kpi._replace(basis=_basis(kpi.basis, momentary_threshold_seconds, voltage_limits)) if kpi.basis else kpi
        for kpi in kpis
    )


def _basis(basis: str, threshold: int, limits: Mapping[int, tuple[int, int]]) -> str:
    if basis.startswith(IEEE) and threshold != IEEE_SECONDS:
        rest = basis.partition("; ")[2]
        return f"sustained > {threshold} s, not {IEEE_SECONDS} s as in {IEEE}; {rest}"
    if basis.startswith(GB) and limits:
        own = ", ".join(
            f"{_volts(low)}-{_volts(high)} V at {_volts(nominal)} V" for nominal, (low, high) in limits.items()
        )
        return f"own limits ({own}), else {basis}"
    return basis


def _volts(centivolts: int) -> str:
    whole, rest = divmod(centivolts, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")
