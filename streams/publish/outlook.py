"""The state of a scope in a period at one read time: its sums, the customers served, and whether it is final."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from streams.cells.sums import summed
from streams.dimensions import periods
from streams.dimensions.scopes import NOW, grouping
from streams.kpis.in_question import MORE_OUT
from streams.kpis.kpi import Buckets, Ratio, Served, Sums, Undefined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.cells.sums import Line
    from streams.cells.totals import Totals
    from streams.kpis.variants import Variant
    from streams.reference.network import Network


def known_scopes(network: Network) -> frozenset[str]:
    """The scopes of the network, with or without cases; areas are too many."""
    return frozenset(scope for scopes in network.scopes.values() for scope in scopes if grouping(scope) != "area")


def served_in(network: Network, scope: str, period: str, today: str) -> Served:
    """The customers served over the elapsed days of a period of which they are known; now of today."""
    days = (today,) if period == NOW else periods.days(period, today)
    known = [(day, customers) for day in days if (customers := network.served(scope, day)) is not None]
    if not known:
        return Served(None, len(days), missing=network.area_without_figure(scope))
    since = None if known[0][0] == days[0] else known[0][0]
    return Served(sum(customers for _, customers in known), len(known), since)


class View(NamedTuple):
    """A scope in a period at a read time; `measures` and `buckets` are for reading only.

    `days` are the sums of each day of which the customers served are known, where they are not known of all.
    """

    line: Line
    measures: dict[str, int]
    buckets: Buckets
    served: Served
    over_at: int | None
    days: tuple[Line, ...] = ()
    at: int = 0

    def has(self, variant: Variant) -> bool:
        """Whether there is anything of what the variant reads."""
        return not self.measures.keys().isdisjoint(variant.reads)

    def outcome(self, variant: Variant) -> Ratio | Undefined:
        """The variant's value."""
        return variant.kpi.value(Sums(self._measures(variant), variant.heads, self.buckets), self.served)

    def since(self, variant: Variant) -> str | None:
        """The day from which on the variant counts, where it does not from the first of the period on."""
        return self.served.since if variant.kpi.per_customer else None

    def _measures(self, variant: Variant) -> Mapping[str, int]:
        """What the variant reads, of the days that count."""
        if self.since(variant) is None:
            return self.measures
        return {name: summed(self.days, name, self.at) for name in variant.reads}

    def findings(self, variant: Variant, outcome: Ratio | Undefined) -> list[dict[str, Any]]:
        """What puts customers of the value in question: rule, cases, customers; of a sum as a whole it is no case."""
        found, measures = [], self._measures(variant)
        for rule, (cases, customers) in variant.in_question.items():
            number = sum(measures.get(each, 0) for each in cases)
            if number:
                in_question = sum(measures.get(each, 0) for each in customers)
                found.append({"rule": rule, "cases": number, "customers": in_question})
        served = self.served.customer_days
        if MORE_OUT in variant.in_question and isinstance(outcome, Ratio) and served is not None:
            more = outcome.numerator - served
            if more > 0:
                found.append({"rule": MORE_OUT, "cases": 0, "customers": more})
        return found

    def final_at(self, variant: Variant) -> int | None:
        """The instant from which the variant's value is final; None where it never is."""
        after = variant.kpi.final_after_seconds
        return None if self.over_at is None or after is None else self.over_at + after

    def changed_at(self, variant: Variant) -> int | None:
        """The read time of the last change here when the variant's value grows by itself; None when it does not."""
        lines = (self.line,) if self.since(variant) is None else self.days
        grows = any(line.rates and not line.rates.keys().isdisjoint(variant.reads) for line in lines)
        return self.line.changed_at if grows else None


class Outlook:
    """Everything at one read time `at`."""

    def __init__(self, at: int, totals: Totals, network: Network, zone: str) -> None:
        self.at, self.today = at, periods.local_day(at, zone)
        self._totals, self._network, self._zone = totals, network, zone

    def misses(self, period: str) -> bool:
        """Whether input records of a day of the period are missing."""
        missing = self._totals.missing_days
        return bool(missing) and not missing.isdisjoint(periods.days(period, self.today))

    @property
    def current(self) -> frozenset[str]:
        """The dated periods that are running."""
        today = self.today
        return frozenset({today, periods.week_of(today), periods.month_of(today), periods.LAST_30_DAYS})

    def view(self, scope: str, period: str, served: dict[tuple[str, str], Served]) -> View:
        """A scope in a period; `served` caches customers served, for one network and local date."""
        found = served.get((scope, period))
        if found is None:
            found = served[scope, period] = served_in(self._network, scope, period, self.today)
        totals = self._totals
        counted = [day for day in periods.days(period, self.today) if found.since is not None and day >= found.since]
        return View(
            totals.line(scope, period),
            totals.measures(scope, period),
            {},
            found,
            periods.period_end(period, self._zone),
            tuple(totals.line(scope, day) for day in counted),
            totals.as_of or 0,
        )
