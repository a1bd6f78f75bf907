"""The crews with cells of their own: the first CREWS_MAX names in the orders of a partition, in the order of its log.

Each crew is a scope with cells for every day and a dozen KPI records, so a source with another name in every order
would fill the memory. Further names count under the crew `other`. Whether a name is among the first is decided before
the first fact with it is merged, and never changes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import orjson

from streams.cases.findings import CREW_NOT_NAMED
from streams.cells import consolidate
from streams.dimensions.scopes import NOW, cell, crew, split
from streams.facts import Fact, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.cases.contribution import Contribution
    from streams.facts import State
    from streams.reference.reference import Reference

CREWS_MAX: Final = 1_000  # of a partition: every crew of a large utility, for orders of one crew are in all partitions
GIVEN: Final = frozenset({"dispatched", "reassigned"})
KIND: Final = "crew"  # of rows of the ledger: no kind of case is called so
PREFIX: Final = f"{KIND}/".encode()
ORDERS: Final = b"order/"
OTHER: Final = crew("other")


class Crews:
    """The named crews; each has a row in the ledger."""

    def __init__(self) -> None:
        self._named: set[str] = set()
        self._unsaved: list[str] = []

    def load(self, rows: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Take the rows of crews, and return the others; in a ledger of an older release the orders name the crews."""
        rest = []
        for key, stored in rows:
            if key.startswith(PREFIX):
                self._named.add(crew(key.removeprefix(PREFIX).decode()))
            else:
                rest.append((key, stored))
        if not self._named:
            for key, stored in rest:
                if key.startswith(ORDERS):
                    self.meet(_given(orjson.loads(memoryview(stored)[1:])))
        return rest

    def meet(self, facts: Iterable[Fact]) -> None:
        """Add the crews in merged facts of an order."""
        for path, value in facts:
            if path[0] in GIVEN and value is not None:
                scope = crew(value[1])
                if scope not in self._named and len(self._named) < CREWS_MAX:
                    self._named.add(scope)
                    self._unsaved.append(value[1])

    def unsaved(self) -> Iterator[bytes]:
        """The keys of the rows to be written."""
        names, self._unsaved = self._unsaved, []
        return (PREFIX + name.encode() for name in names)

    def within(self, contribution: Contribution, reference: Reference) -> Contribution:
        """The contribution of an order, with crews that are not named under `other`."""
        if contribution.summary.get("kind") != "order":
            return contribution
        scopes = {split(cell)[0] for cell, _ in contribution.measures}
        beyond = {scope for scope in scopes if scope.startswith("crew=")} - self._named
        if not beyond:
            return contribution
        measures: dict[tuple[str, str], tuple[int, int]] = {}
        for (name, measure), (fixed, rate) in contribution.measures.items():
            scope, day = split(name)
            key = (cell(OTHER, day) if scope in beyond else name), measure
            consolidate.add(measures, key, fixed, rate)
        found = tuple(sorted({*contribution.findings, CREW_NOT_NAMED}))
        for place in reference.network.scopes_of(contribution.summary["areas"][0]):
            measures[cell(place, NOW), f"findings|{CREW_NOT_NAMED}"] = (1, 0)
        summary = {**contribution.summary, "findings": list(found)}
        return replace(contribution, measures=measures, findings=found, summary=summary)


def _given(facts: State) -> Iterator[Fact]:
    for name in GIVEN:
        for value in occurrences.values(facts.get(name)):
            yield Fact((name, ""), value)
