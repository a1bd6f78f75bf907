"""The cells of an outage: open now, by state and by age; interruptions and restorations of days.

An open outage counts where customers are without supply, or nobody knows how many; with none left, wherever it is.
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
    """One look at what an outage adds up to; `next_breakpoint` is when that changes by itself."""

    def __init__(
        self, kind: str, state: str, supply: Supply | None, areas: tuple[str, ...], reference: Reference, *, now: int
    ) -> None:
        """`areas`: where an interruption was that was told none."""
        self.group, self.state, self.areas, self.now = kind, state, areas, now
        self.network, self.rules = reference.network, reference.rules
        self.episodes = supply.episodes if supply else []
        self.steps = supply.steps if supply else []
        self.uncounted = [
            (area, each)
            for each in (supply.uncounted if supply else ())
            for area in (areas if each.area is None else (each.area,))
        ]
        self.own = self._own() if kind == CUSTOMER_CAUSED else frozenset()
        self.next_breakpoint: int | None = None

    def _own(self) -> frozenset[int]:
        """The interruptions that only the customer who caused it had: they are in no statistics (DL/T 836)."""
        customers = dict.fromkeys(range(len(self.episodes)), 0)
        for step in self.steps:
            customers[step.episode] += step.customers
        uncounted = {each.episode for _, each in self.uncounted}
        return frozenset(each for each, number in customers.items() if number == 1 and each not in uncounted)

    def add(self, measures: Measures) -> int | None:
        """Add everything; returns the instant at which it changes by itself."""
        self._add_now(measures)
        self._add_interruptions(measures)
        self._add_restorations(measures)
        return self.next_breakpoint

    def _add_now(self, measures: Measures) -> None:
        """The cells of now: by state, and of an open one customers and age."""
        if self.state in {"restored", "closed", "not_begun"}:
            return
        by_state = f"outages_by_state|{self.group}|{self.state}"
        current = self.episodes[-1] if self.episodes and self.episodes[-1].end is None else None
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
        """Sustained interruptions of customers, by the day each began; returns of their supply, by the day of these."""
        zone, group = self.rules.zone, self.group
        areas, scopes_of_area = self.network.areas, self.network.scopes_of
        for area, since, until, customers, episode in self.steps:
            if episode in self.own or not self._is_sustained(since, until):
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
        """In each scope from the first loss of supply to the last return there, by the day of that.

        Of an interruption in which some, or nobody knows how many, were without supply for longer than the threshold.
        """
        spans: dict[tuple[int, str], tuple[int, int | None]] = {}
        for area, (since, until, episode) in self._spans():
            if episode in self.own:
                continue
            for scope in self.network.scopes_of(area):
                first, last = spans.get((episode, scope), (since, until))
                end = None if last is None or until is None else max(last, until)
                spans[episode, scope] = min(first, since), end
        for (_, scope), (since, until) in spans.items():
            if until is not None:
                lasted, day = until - since, local_day(until, self.rules.zone)
                measures.count((scope,), f"restorations|{self.group}", day)
                measures.add((scope,), f"restoration_seconds|{self.group}", day, lasted)
                measures.count((scope,), f"restoration_minutes|{self.group}|{-(-lasted // MINUTE)}", day)

    def _spans(self) -> Iterator[tuple[str, tuple[int, int | None, int]]]:
        for step in self.steps:
            if self._is_sustained(step.since, step.until) or step.until is None:
                yield step.area, (step.since, step.until, step.episode)
        for area, each in self.uncounted:
            if self._is_sustained(each.since, each.until) or each.until is None:
                yield area, (each.since, each.until, each.episode)

    def _is_sustained(self, since: int, until: int | None) -> bool:
        threshold = self.rules.momentary_threshold_seconds
        if until is None and self.now - since <= threshold:
            self._change_at(since + threshold + 1)
        return (self.now if until is None else until) - since > threshold

    def _change_at(self, instant: int | None) -> None:
        self.next_breakpoint = earliest(self.next_breakpoint, instant)


def _age(seconds: int, rules: Rules) -> tuple[str, int | None]:
    """The age bucket of an open outage, and the age in seconds at which it leaves it."""
    lower = None
    for hours in rules.age_bucket_hours:
        if seconds < hours * HOUR:
            return f"lt_{hours}h" if lower is None else f"{lower}h_{hours}h", hours * HOUR
        lower = hours
    return f"ge_{lower}h", None
