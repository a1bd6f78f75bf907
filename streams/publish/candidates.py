"""The keys that an evaluation checks, gathered by scope and period so that each one's sums are read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.dimensions.periods import LAST_30_DAYS, days, kind, month_of, week_of
from streams.dimensions.scopes import NOW, grouping
from streams.publish.record import key_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.cells.totals import Totals
    from streams.dimensions.scopes import Change
    from streams.kpis.variants import Variant
    from streams.publish.catalogue import Catalogue


class Candidates:
    """Variants by record key, by (scope, period)."""

    def __init__(self, catalogue: Catalogue, owns: Callable[[str], bool]) -> None:
        self.by_place: dict[tuple[str, str], dict[str, Variant]] = {}
        self.undeclared: list[str] = []
        self._catalogue, self._owns = catalogue, owns

    def add_changes(self, changes: Iterable[Change], totals: Totals, today: str) -> set[str]:
        """Variants that read a changed measure, and growing ones, which a change publishes, too; returns the keys."""
        by_cell: dict[tuple[str, str], set[str]] = {}
        for scope, day, measure in changes:
            if self._owns(scope):
                by_cell.setdefault((scope, day), set()).add(measure)
        touched: set[str] = set()
        for (scope, day), measures in by_cell.items():
            of_days = kind(day) == "day"
            for period in (day, month_of(day), LAST_30_DAYS) if of_days else (day,):
                inside = not of_days or day in days(period, today)
                growing = totals.line(scope, period).rates if inside or period == LAST_30_DAYS else ()
                reading = self._catalogue.reading(scope, period, (measures if inside else set()).union(growing))
                touched.update(self._add(scope, period, reading))
        return touched

    def add_periods(self, scopes: Iterable[str], before: str, today: str) -> None:
        """What moves at a local midnight: now (its customers served), the windows, the days, their weeks and months."""
        moved = {NOW, LAST_30_DAYS, *_around(today), *(_around(before) if before else ())}
        for scope in scopes:
            for period in moved:
                self._add(scope, period, self._catalogue.all(scope, period))

    def add_all(self, scopes: Iterable[str], totals: Totals) -> None:
        """Every variant of every period that has or had a cell."""
        for scope in scopes:
            for period in {NOW, LAST_30_DAYS, *totals.days(scope), *totals.weeks(scope), *totals.months(scope)}:
                self._add(scope, period, self._catalogue.all(scope, period))

    def add_keys(self, keys: Iterable[str]) -> None:
        """Records by their key; what is no longer declared, or not of such a scope or period, is only listed."""
        for key in keys:
            kpi, scope, dims, period = parts_of(key)
            variant = self._catalogue.find(kpi, dims, scope, period)
            if variant is None:
                self.undeclared.append(key)
            else:
                self.by_place.setdefault((scope, period), {})[key] = variant

    def add_missing(self, keys: Iterable[str], known: Iterable[str]) -> set[str]:
        """Add what a program with fewer KPIs did not publish of the periods of known scopes; returns the keys.

        A known scope keeps its past, empty as it may be: with this program all along its keys would be there.
        """
        known, places, published = set(known), set(), set()
        for key in keys:
            kpi, scope, dims, period = parts_of(key)
            if scope in known:
                places.add((scope, period))
                published.add((kpi, dims, grouping(scope), kind(period)))
        missing: set[str] = set()
        for scope, period in places:
            about = grouping(scope), kind(period)
            every = self._catalogue.all(scope, period)
            new = [each for each in every if (each.kpi.name, each.key, *about) not in published]
            missing.update(self._add(scope, period, new))
        return missing

    def _add(self, scope: str, period: str, chosen: Iterable[Variant]) -> dict[str, Variant]:
        added = {key_of(variant, scope, period): variant for variant in chosen}
        self.by_place.setdefault((scope, period), {}).update(added)
        return added


def _around(day: str) -> tuple[str, str, str]:
    return day, week_of(day), month_of(day)
