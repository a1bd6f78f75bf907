"""Supply over time: when an outage was open, and which customers were without supply for how long.

The facts of all cycles are sorted by time and swept up to now; a later fact has not happened yet. An interruption runs
from a start to the end of that cycle or of a later cycle, whatever the counts are; an extension after the end begins
another. Customers are kept as cohorts (since, number) per area: a rise begins a cohort, a drop ends the longest
interrupted first, an end ends all. An area without a stated number of customers is out of supply, and uncounted.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from streams.cases import findings
from streams.cases.entries import decide, extends
from streams.cases.interruption import Doubt, Interruption, Step, Uncounted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.facts.timeline import Timeline

_END, _START, _ENTRY, _END_AT_START = range(4)  # the order of facts that share an instant


class _Cohort(NamedTuple):
    since: int
    cycle: int
    area: str
    customers: int
    interruption: int


@dataclass(slots=True)
class SupplyFacts:
    """The input of a sweep: instants per cycle, initial counts per cycle and area, the timeline."""

    starts: Mapping[int, int]
    ends: Mapping[int, int]
    counts: Mapping[int, Mapping[str, int | None]]
    timeline: Timeline

    def contradictory(self) -> set[int]:
        """The cycles that ended before they began; an end at the start is valid."""
        return {cycle for cycle, end in self.ends.items() if cycle in self.starts and end < self.starts[cycle]}

    def without(self, cycles: set[int]) -> SupplyFacts:
        """The same without the starts and ends of these cycles."""
        starts = {cycle: start for cycle, start in self.starts.items() if cycle not in cycles}
        ends = {cycle: end for cycle, end in self.ends.items() if cycle not in cycles}
        return SupplyFacts(starts, ends, self.counts, self.timeline)

    def in_time(self) -> list[tuple[int, int, int]]:
        """(instant, type, cycle) in the order in which they take effect."""
        points = [(start, _START, cycle) for cycle, start in self.starts.items()]
        for cycle, end in self.ends.items():
            points.append((end, _END_AT_START if self.starts.get(cycle) == end else _END, cycle))
        points.extend((instant, _ENTRY, 0) for instant in self.timeline)
        points.sort()
        return points


class Supply:
    """The sweep and its result: `interruptions`, their `steps` and `uncounted` areas, `findings`, `next_change`.

    `doubts` has, by rule and area, the greatest number of customers by which statements differ.
    """

    __slots__ = (
        "_cohorts", "_cycle", "_facts", "_listed", "_numbered", "_out", "_total_only", "_unnumbered",
        "doubts", "findings", "interruptions", "next_change", "steps", "uncounted",
    )  # fmt: skip

    def __init__(self, facts: SupplyFacts, now: int) -> None:
        self.interruptions: list[Interruption] = []
        self.steps: list[Step] = []
        self.uncounted: list[Uncounted] = []
        self.doubts: dict[Doubt, int] = {}
        self.findings: set[str] = set()
        self.next_change: int | None = None
        self._facts = facts
        self._cohorts: dict[str, list[_Cohort]] = {}  # of each area by since
        self._out: dict[str, int] = {}  # the sum of their customers
        self._cycle = 0
        self._listed = False  # whether the current interruption began with a list of its areas
        self._numbered: set[str] = set()  # its areas with a stated number
        self._unnumbered: dict[str | None, int] = {}  # its other areas, with the begin of each
        self._total_only = not any("" in areas for areas in facts.counts.values())
        for instant, kind, cycle in facts.in_time():
            if instant > now:
                self.next_change = instant
                break
            if kind == _START:
                self._start(instant, cycle)
            elif kind == _ENTRY:
                self._entry(instant)
            else:
                self._end(instant, cycle)
        self._finish(self._open_cohorts(), None)
        for area in self._unnumbered:
            self._counted(area, None)

    @property
    def current(self) -> Interruption | None:
        """The interruption that is open now, if any."""
        return self.interruptions[-1] if self.interruptions and self.interruptions[-1].end is None else None

    def _start(self, instant: int, cycle: int) -> None:
        interruption = self.current
        counts = self._facts.counts.get(cycle, {})
        if interruption is None:
            interruption = self._open(instant, listed=bool(counts) and "" not in counts)
            self._cycle = cycle
            if not counts:
                self._unnumbered[None] = instant
        self._cycle = max(self._cycle, cycle)
        for area, customers in counts.items():
            interruption.areas[area] = None
            self._number(area, customers, instant)

    def _open(self, instant: int, *, listed: bool) -> Interruption:
        interruption = Interruption(instant)
        self.interruptions.append(interruption)
        self._listed, self._numbered, self._unnumbered = listed, set(), {}
        return interruption

    def _number(self, area: str, customers: int | None, instant: int) -> None:
        """Set the customers out in an area from `instant` on; None: the area is out, their number is not known."""
        if customers is not None:
            self._known(area, area, None, instant=instant)
            self._set(area, customers, instant)
        elif area not in self._numbered:
            self._unnumbered.setdefault(area, instant)

    def _known(self, area: str, *unnumbered: str | None, instant: int) -> None:
        self._numbered.add(area)
        for each in unnumbered:
            if each in self._unnumbered:
                self._counted(each, instant)
                del self._unnumbered[each]

    def _counted(self, area: str | None, until: int | None) -> None:
        self.uncounted.append(Uncounted(area, self._unnumbered[area], until, len(self.interruptions) - 1))

    def _end(self, instant: int, cycle: int) -> None:
        interruption = self.current
        if interruption is None:
            if cycle not in self._facts.starts:
                self.findings.add(findings.END_WITHOUT_START)
            return
        if cycle < self._cycle:
            self.findings.add(findings.CYCLES_OVERLAP)
            interruption.stepwise = True
        for place, cohorts in self._cohorts.items():
            self._finish([cohort for cohort in cohorts if cohort.cycle <= cycle], instant)
            cohorts[:] = [cohort for cohort in cohorts if cohort.cycle > cycle]
            self._out[place] = sum(cohort.customers for cohort in cohorts)
        if cycle >= self._cycle:
            interruption.end = instant
            for area in self._unnumbered:
                self._counted(area, instant)
            self._unnumbered = {}

    def _entry(self, instant: int) -> None:
        entries = self._facts.timeline[instant]
        if not self.interruptions:
            self.findings.add(findings.ENTRY_BEFORE_START)
            return
        interruption = self.current
        if interruption is None:
            ended = self.interruptions[-1].end
            if ended is not None and instant > ended and any(extends(entry) for entry in entries.values()):
                interruption = self._open(instant, listed="" not in entries)
            else:
                if any(entry[0] for entry in entries.values()):
                    self.findings.add(findings.REMAINING_AFTER_END)
                return
        whole = self._total_only and len(entries) == 1 and "" in entries
        known = {area: self._knows(area, whole=whole) for area in entries}
        for area, entry in entries.items():
            before = sum(self._out.values()) if whole else self._out.get(area, 0)
            after, violated = decide(entry, before, known=known[area])
            self._doubt(violated, None if whole else area)
            if after < before:
                interruption.stepwise = True
            stated = known[area] or entry[0] is not None
            if whole and (before or interruption.areas):
                if stated:
                    self._known("", *self._unnumbered, instant=instant)
                self._set_whole(after, before, instant, interruption)
            else:
                interruption.areas[area] = None
                if stated or extends(entry):
                    self._number(area, after if stated else None, instant)

    def _doubt(self, violated: Iterable[tuple[str, int]], area: str | None) -> None:
        for rule, customers in violated:
            doubt = Doubt(rule, area, len(self.interruptions) - 1)
            self.findings.add(rule)
            self.doubts[doubt] = max(customers, self.doubts.get(doubt, 0))

    def _knows(self, area: str, *, whole: bool) -> bool:
        """Whether the customers out are known before an entry; 0 in an area that the list of the outage leaves out."""
        if whole:
            return bool(self._numbered) and not self._unnumbered
        return area not in self._unnumbered and (area in self._numbered or self._listed)

    def _set(self, area: str, customers: int, instant: int) -> None:
        before = self._out.get(area, 0)
        if customers > before:
            cohorts = self._cohorts.setdefault(area, [])
            cohorts.append(_Cohort(instant, self._cycle, area, customers - before, len(self.interruptions) - 1))
            self._out[area] = customers
        left = before - customers
        while left > 0:
            left -= self._take(area, left, instant)

    def _set_whole(self, customers: int, before: int, instant: int, interruption: Interruption) -> None:
        """Set the total: a drop ends the longest interrupted of all areas first, a rise is in the unknown area."""
        if customers > before:
            interruption.areas[""] = None
            self._set("", self._out.get("", 0) + customers - before, instant)
        left = before - customers
        longest = [(cohorts[0].since, area) for area, cohorts in self._cohorts.items() if cohorts] if left > 0 else []
        heapify(longest)
        while left > 0:
            area = heappop(longest)[1]
            left -= self._take(area, left, instant)
            if self._cohorts[area]:
                heappush(longest, (self._cohorts[area][0].since, area))

    def _take(self, area: str, customers: int, instant: int) -> int:
        """End the longest interrupted cohort of an area, at most so many customers; returns their number."""
        cohorts = self._cohorts[area]
        first = cohorts[0]
        ended = min(first.customers, customers)
        self._finish([first._replace(customers=ended)], instant)
        if ended < first.customers:
            cohorts[0] = first._replace(customers=first.customers - ended)
        else:
            cohorts.pop(0)
        self._out[area] -= ended
        return ended

    def _finish(self, cohorts: Iterable[_Cohort], instant: int | None) -> None:
        self.steps.extend(Step(c.area, c.since, instant, c.customers, c.interruption) for c in cohorts)

    def _open_cohorts(self) -> Iterator[_Cohort]:
        return (cohort for cohorts in self._cohorts.values() for cohort in cohorts)
