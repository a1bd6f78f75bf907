"""Customers served: figures that hold from a local day on until the next figure."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Figures = tuple[tuple[str, ...], tuple[int, ...]]  # local days (ISO dates), and the customers served from each on
NONE: Figures = ((), ())


def on_day(figures: Figures, day: str) -> int | None:
    """The figure that holds on a day; None before the first."""
    days, customers = figures
    position = bisect_right(days, day)
    return customers[position - 1] if position else None


def running(changes: Mapping[str, int]) -> Figures:
    """The running sums of changes by day."""
    days = sorted(changes)
    return tuple(days), tuple(accumulate(changes[day] for day in days))


def complete_from(scopes: Mapping[str, Iterable[str]], by_area: Mapping[str, Figures]) -> dict[str, str | None]:
    """By scope the day from which all of its areas have a figure; None if an area has none at all."""
    found: dict[str, str | None] = {}
    for area, of in scopes.items():
        days, _ = by_area.get(area, NONE)
        first = days[0] if days else None
        for scope in of:
            known = found.setdefault(scope, first)
            found[scope] = None if known is None or first is None else max(known, first)
    return found
