"""The cells of an outage: open now, by state and by age; interruptions and restorations of days.

An open outage counts where customers, known or uncounted, are without supply; if none are left, in all its areas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cases.contribution import earliest
from streams.dimensions.periods import day_start, local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.cases.contribution import Measures
    from streams.cases.supply import Supply
    from streams.reference.network import Network
    from streams.reference.reference import Reference
    from streams.reference.rules import Rules

MINUTE, HOUR = 60, 3600
CUSTOMER_CAUSED = "customer_caused"


def scopes_of(network: Network, areas: Iterable[str]) -> tuple[str, ...]:
    """The scopes that any of the areas is in, each once."""
    found = [network.scopes_of(area) for area in areas]
    return found[0] if len(found) == 1 else tuple(dict.fromkeys(scope for scopes in found for scope in scopes))


class Cells:
    """The cells of an outage at one instant; `next_change` is the next instant at which they change by themselves."""

    def __init__(
        self, kind: str, state: str, supply: Supply | None, areas: tuple[str, ...], reference: Reference, *, now: int
    ) -> None:
        """`areas`: the areas of an interruption that names none."""
        self.group, self.state, self.areas, self.now = kind, state, areas, now
        self.network, self.rules = reference.network, reference.rules
        self.interruptions = supply.interruptions if supply else []
        self.steps = supply.steps if supply else []
        self.uncounted = [
            (area, each)
            for each in (supply.uncounted if supply else ())
            for area in (areas if each.area is None else (each.area,))
        ]
        self.own = self._own() if kind == CUSTOMER_CAUSED else frozenset()
        self.next_change: int | None = None

    def _own(self) -> frozenset[int]:
        """The interruptions of only the customer who caused the outage: they are in no statistics (DL/T 836)."""
        customers = dict.fromkeys(range(len(self.interruptions)), 0)
        for step in self.steps:
            customers[step.interruption] += step.customers
        uncounted = {each.interruption for _, each in self.uncounted}
        return frozenset(each for each, number in customers.items() if number == 1 and each not in uncounted)

    def add(self, measures: Measures) -> int | None:
        """Add all cells; returns the next instant at which they change by themselves."""
        self._add_now(measures)
        self._add_interruptions(measures)
        self._add_restorations(measures)
        return self.next_change

    def _add_now(self, measures: Measures) -> None:
        """The cells of now: by state, and of an open outage its customers and age."""
        if self.state in {"restored", "closed", "not_begun"}:
            return
        by_state = f"outages_by_state|{self.group}|{self.state}"
        current = self.interruptions[-1] if self.interruptions and self.interruptions[-1].end is None else None
        if current is None:
            measures.count(scopes_of(self.network, self.areas), by_state)
            return
        out = [step for step in self.steps if step.until is None]
        without = dict.fromkeys(
            [*(step.area for step in out), *(a for a, each in self.uncounted if each.until is None)]
        )
        scopes = scopes_of(self.network, without or current.areas or self.areas)
        bucket, until = _age(self.now - current.start, self.rules)
        if until is not None:
            self._change_at(current.start + until)
        measures.count(scopes, by_state)
        measures.count(scopes, f"outages_open|{self.group}")
        measures.count(scopes, f"outages_open_by_age|{self.group}|{bucket}")
        for step in out:
            measures.add(self.network.scopes_of(step.area), f"customers_out|{self.group}", "now", step.customers)

    def _add_interruptions(self, measures: Measures) -> None:
        """Sustained interruptions of customers by the day of their begin, restorations of these by their own day."""
        zone, group = self.rules.zone, self.group
        areas, scopes_of_area = self.network.areas, self.network.scopes_of
        for area, since, until, customers, interruption in self.steps:
            if interruption in self.own or not self._is_sustained(since, until):
                continue
            day = local_day(since, zone)
            scopes = scopes_of_area(area)
            measures.add(scopes, f"customer_interruptions|{group}", day, customers)
            if area and area not in areas:
                measures.add(scopes, f"interruptions_unserved|{group}", day, customers)
            if until is None:
                grown = customers * (day_start(day, zone) - since)
                measures.add(scopes, f"interruption_seconds|{group}", day, grown, customers)
                continue
            lasted, restored_on = until - since, local_day(until, zone)
            measures.add(scopes, f"interruption_seconds|{group}", day, customers * lasted)
            measures.add(scopes, f"restored_customers|{group}", restored_on, customers)
            measures.add(scopes, f"restored_customer_seconds|{group}", restored_on, customers * lasted)
            minutes = -(-lasted // MINUTE)
            measures.add(scopes, f"restored_customer_minutes|{group}|{minutes}", restored_on, customers)

    def _add_restorations(self, measures: Measures) -> None:
        """In each scope the time from the first loss of supply to the last restoration, by the day of the latter.

        Counts interruptions in which customers, known or uncounted, were out for longer than the threshold.
        """
        spans: dict[tuple[int, str], tuple[int, int | None]] = {}
        for area, (since, until, interruption) in self._spans():
            if interruption in self.own:
                continue
            for scope in self.network.scopes_of(area):
                first, last = spans.get((interruption, scope), (since, until))
                end = None if last is None or until is None else max(last, until)
                spans[interruption, scope] = min(first, since), end
        for (_, scope), (since, until) in spans.items():
            if until is not None:
                lasted, day = until - since, local_day(until, self.rules.zone)
                measures.count((scope,), f"restorations|{self.group}", day)
                measures.add((scope,), f"restoration_seconds|{self.group}", day, lasted)
                measures.count((scope,), f"restoration_minutes|{self.group}|{-(-lasted // MINUTE)}", day)

    def _spans(self) -> Iterator[tuple[str, tuple[int, int | None, int]]]:
        for step in self.steps:
            if self._is_sustained(step.since, step.until) or step.until is None:
                yield step.area, (step.since, step.until, step.interruption)
        for area, each in self.uncounted:
            if self._is_sustained(each.since, each.until) or each.until is None:
                yield area, (each.since, each.until, each.interruption)

    def _is_sustained(self, since: int, until: int | None) -> bool:
        threshold = self.rules.momentary_threshold_seconds
        if until is None and self.now - since <= threshold:
            self._change_at(since + threshold + 1)
        return (self.now if until is None else until) - since > threshold

    def _change_at(self, instant: int | None) -> None:
        self.next_change = earliest(self.next_change, instant)


def _age(seconds: int, rules: Rules) -> tuple[str, int | None]:
    """The age bucket of an open outage, and the age in seconds at which the outage leaves it."""
    lower = None
    for hours in rules.age_bucket_hours:
        if seconds < hours * HOUR:
            return f"lt_{hours}h" if lower is None else f"{lower}h_{hours}h", hours * HOUR
        lower = hours
    return f"ge_{lower}h", None
