"""Customers in question: customers who, by a finding, are uncounted, counted twice, or counted by a wrong number.

They are in the cell of the day on which a sustained interruption began, and in the cell of now while it goes on. The
customers of a merged outage are in question now until it is restored, at most for a day after the merge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.event import DAY_SECONDS
from streams.dimensions.periods import day_start, local_day
from streams.dimensions.scopes import NOW
from streams.kpis import in_question as rule
from streams.kpis.in_question import CASES, CUSTOMERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.cases.contribution import Measures
    from streams.cases.interruption import Step, Uncounted
    from streams.cases.supply import Supply
    from streams.reference.network import Network
    from streams.reference.reference import Reference

MERGED_IN_QUESTION_SECONDS = DAY_SECONDS


class Questioned(NamedTuple):
    """A number of customers of some areas in question: now, and on a local day."""

    rule: str
    areas: tuple[str, ...]
    customers: int
    now: bool
    day: str | None


class InQuestion:
    """The checks of an outage's supply at `now`; `changes` are instants at which a result changes by itself."""

    def __init__(self, supply: Supply, areas: tuple[str, ...], reference: Reference, now: int) -> None:
        """`areas`: the areas of an interruption that names none."""
        self.changes: list[int] = []
        self._supply, self._areas, self._now = supply, areas, now
        self._network, self._rules = reference.network, reference.rules

    def counted(self, split_at: int | None, *, full: bool) -> list[Questioned]:
        """Of an outage that counts; `split_at`: when it was reported split; `full`: an event of it was refused."""
        supply, network = self._supply, self._network
        found = [
            self._of(rule.AREA_UNKNOWN, (step.area,), step, step.customers)
            for step in supply.steps
            if step.area not in network.areas and step.customers
        ]
        for each in supply.uncounted:
            for area in self._areas if each.area is None else (each.area,):
                served = network.served_in_area(area, self._day(each.since)) or 0
                found.append(self._of(rule.CUSTOMERS_UNKNOWN, (area,), each, served))
        for doubt, customers in supply.doubts.items():
            interruption = supply.interruptions[doubt.interruption]
            areas = tuple(interruption.areas) if doubt.area is None else (doubt.area,)
            found.append(self._between(doubt.rule, areas, interruption.start, interruption.end, customers))
        found += self._more_than_served()
        if full:
            found += [self._of(rule.CASE_FULL, (step.area,), step, step.customers) for step in supply.steps]
        if split_at is not None:
            found += self._split(split_at)
        return found

    def merged(self, merged_at: int) -> list[Questioned]:
        """Of an outage that was merged into another: all its customers."""
        ends = merged_at + MERGED_IN_QUESTION_SECONDS
        recent = self._now < ends
        if recent and self._supply.current is not None:
            self.changes.append(ends)
        found = [self._of(rule.MERGED_AFTER_START, (s.area,), s, s.customers) for s in self._supply.steps]
        for each in self._supply.uncounted:
            areas = self._areas if each.area is None else (each.area,)
            found.append(self._of(rule.MERGED_AFTER_START, areas, each, 0))
        return [each._replace(now=each.now and recent) for each in found]

    def _split(self, split_at: int) -> Iterator[Questioned]:
        supply = self._supply
        for step in supply.steps:
            if step.until is None or step.until > split_at:
                yield self._of(rule.SPLIT_WITHOUT_END, (step.area,), step, step.customers)
        current = supply.current
        if current is not None:
            yield Questioned(rule.SPLIT_WITHOUT_END, tuple(current.areas) or self._areas, 0, now=True, day=None)

    def _more_than_served(self) -> Iterator[Questioned]:
        by_area: dict[str, list[Step]] = {}
        for step in self._supply.steps:
            by_area.setdefault(step.area, []).append(step)
        for area, steps in by_area.items():
            if area in self._network.served_by_area:
                yield from self._excess(area, steps)

    def _excess(self, area: str, steps: Sequence[Step]) -> Iterator[Questioned]:
        """The most customers out at once beyond those served, by the day on which the last of them lost supply."""
        served, today = self._network.served_in_area, self._day(self._now)
        lasting = [step for step in steps if self._is_sustained(step.since, step.until)]
        days: dict[str, int] = {}
        for instant, out in _levels(lasting):
            day = self._day(instant)
            limit = served(area, day)
            if limit is not None:  # 0 is a figure, too
                days[day] = max(days.get(day, 0), out - limit)
        for day, customers in days.items():
            if customers > 0:
                yield Questioned(rule.MORE_AFFECTED, (area,), customers, now=False, day=day)
        out = sum(step.customers for step in steps if step.until is None)
        most = served(area, today)
        if out:
            changes_on = self._network.next_figure(area, today)
            if changes_on is not None:
                self.changes.append(day_start(changes_on, self._rules.zone))
        if most is not None and out > most:
            yield Questioned(rule.MORE_AFFECTED, (area,), out - most, now=True, day=None)

    def _of(self, name: str, areas: tuple[str, ...], span: Step | Uncounted, customers: int) -> Questioned:
        return self._between(name, areas, span.since, span.until, customers)

    def _between(self, name: str, areas: tuple[str, ...], since: int, until: int | None, customers: int) -> Questioned:
        day = self._day(since) if self._is_sustained(since, until) else None
        return Questioned(name, areas, customers, now=until is None, day=day)

    def _is_sustained(self, since: int, until: int | None) -> bool:
        threshold = self._rules.momentary_threshold_seconds
        if until is None and self._now - since <= threshold:
            self.changes.append(since + threshold + 1)
        return (self._now if until is None else until) - since > threshold

    def _day(self, instant: int) -> str:
        return local_day(instant, self._rules.zone)


def _levels(steps: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """The customers out at each begin of a step."""
    changes: dict[int, int] = {}
    for step in steps:
        changes[step.since] = changes.get(step.since, 0) + step.customers
        if step.until is not None:
            changes[step.until] = changes.get(step.until, 0) - step.customers
    begins, out = {step.since for step in steps}, 0
    for instant in sorted(changes):
        out += changes[instant]
        if instant in begins:
            yield instant, out


def add(measures: Measures, found: Iterable[Questioned], network: Network, kind: str) -> None:
    """Add per scope, day and rule the customers, and one case."""
    cells: set[tuple[str, str, str]] = set()
    for each in found:
        scopes = dict.fromkeys(scope for area in each.areas for scope in network.scopes_of(area))
        for day in (*((NOW,) if each.now else ()), *((each.day,) if each.day is not None else ())):
            measures.add(scopes, f"{CUSTOMERS}|{each.rule}|{kind}", day, each.customers)
            for scope in scopes:
                if (scope, day, each.rule) not in cells:
                    cells.add((scope, day, each.rule))
                    measures.count((scope,), f"{CASES}|{each.rule}|{kind}", day)
