"""Supply over time: when an outage was open, and for how long which customers were without supply.

The facts of all cycles are put in the order of time and swept up to now; what lies ahead has not happened yet. Open
runs from a start to the end of that cycle or of a later one, whatever the counts say; an extension after the end
opens anew. Customers are kept as cohorts (since, number) per area: a rise begins a cohort, a drop ends the longest
interrupted first, an end ends all. An area whose number nobody has said is without supply all the same, uncounted.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from streams.cases import findings
from streams.cases.entries import decide, extends
from streams.cases.interruption import Doubt, Episode, Step, Uncounted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.facts.timeline import Timeline

_END, _START, _ENTRY, _END_AT_START = range(4)  # the order of what shares an instant


class _Cohort(NamedTuple):
    since: int
    cycle: int
    area: str
    customers: int
    episode: int


@dataclass(slots=True)
class Told:
    """The facts that a sweep reads: instants per cycle, initial counts per cycle and area, the timeline."""

    starts: Mapping[int, int]
    ends: Mapping[int, int]
    counts: Mapping[int, Mapping[str, int | None]]
    timeline: Timeline

    def contradictory(self) -> set[int]:
        """The cycles that ended before they began; an end at the start is valid."""
        return {cycle for cycle, end in self.ends.items() if cycle in self.starts and end < self.starts[cycle]}

    def without(self, cycles: set[int]) -> Told:
        """The same without the starts and ends of these cycles."""
        starts = {cycle: start for cycle, start in self.starts.items() if cycle not in cycles}
        ends = {cycle: end for cycle, end in self.ends.items() if cycle not in cycles}
        return Told(starts, ends, self.counts, self.timeline)

    def in_time(self) -> list[tuple[int, int, int]]:
        """(instant, what, cycle) in the order in which it takes effect."""
        points = [(start, _START, cycle) for cycle, start in self.starts.items()]
        for cycle, end in self.ends.items():
            points.append((end, _END_AT_START if self.starts.get(cycle) == end else _END, cycle))
        points.extend((instant, _ENTRY, 0) for instant in self.timeline)
        points.sort()
        return points


class Supply:
    """The sweep and its result: `episodes`, their `steps` and `uncounted` areas, `findings`, the `next_change` ahead.

    `doubts` has the greatest number of customers by which the statements differ.
    """

    __slots__ = (
        "_cohorts", "_cycle", "_listed", "_numbered", "_out", "_told", "_total_only", "_unnumbered",
        "doubts", "episodes", "findings", "next_change", "steps", "uncounted",
    )  # fmt: skip

    def __init__(self, told: Told, now: int) -> None:
        self.episodes: list[Episode] = []
        self.steps: list[Step] = []
        self.uncounted: list[Uncounted] = []
        self.doubts: dict[Doubt, int] = {}
        self.findings: set[str] = set()
        self.next_change: int | None = None
        self._told = told
        self._cohorts: dict[str, list[_Cohort]] = {}  # of each area by since
        self._out: dict[str, int] = {}  # their customers, which are asked for at every entry
        self._cycle = 0
        self._listed = False  # whether the present episode began with a list of its areas
        self._numbered: set[str] = set()  # its areas whose number was said
        self._unnumbered: dict[str | None, int] = {}  # since when those whose number was not
        self._total_only = not any("" in areas for areas in told.counts.values())
        for instant, what, cycle in told.in_time():
            if instant > now:
                self.next_change = instant
                break
            if what == _START:
                self._start(instant, cycle)
            elif what == _ENTRY:
                self._entry(instant)
            else:
                self._end(instant, cycle)
        self._finish(self._standing(), None)
        for area in self._unnumbered:
            self._counted(area, None)

    @property
    def current(self) -> Episode | None:
        """The interruption that is open now."""
        return self.episodes[-1] if self.episodes and self.episodes[-1].end is None else None

    def _start(self, instant: int, cycle: int) -> None:
        episode = self.current
        counts = self._told.counts.get(cycle, {})
        if episode is None:
            episode = self._open(instant, listed=bool(counts) and "" not in counts)
            self._cycle = cycle
            if not counts:
                self._unnumbered[None] = instant
        self._cycle = max(self._cycle, cycle)
        for area, customers in counts.items():
            episode.areas[area] = None
            self._number(area, customers, instant)

    def _open(self, instant: int, *, listed: bool) -> Episode:
        episode = Episode(instant)
        self.episodes.append(episode)
        self._listed, self._numbered, self._unnumbered = listed, set(), {}
        return episode

    def _number(self, area: str, customers: int | None, instant: int) -> None:
        """What is said of an area: from now on so many are out there, or it is out and nobody says how many."""
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
        self.uncounted.append(Uncounted(area, self._unnumbered[area], until, len(self.episodes) - 1))

    def _end(self, instant: int, cycle: int) -> None:
        episode = self.current
        if episode is None:
            if cycle not in self._told.starts:
                self.findings.add(findings.END_WITHOUT_START)
            return
        if cycle < self._cycle:
            self.findings.add(findings.CYCLES_OVERLAP)
            episode.stepwise = True
        for place, cohorts in self._cohorts.items():
            self._finish([cohort for cohort in cohorts if cohort.cycle <= cycle], instant)
            cohorts[:] = [cohort for cohort in cohorts if cohort.cycle > cycle]
            self._out[place] = sum(cohort.customers for cohort in cohorts)
        if cycle >= self._cycle:
            episode.end = instant
            for area in self._unnumbered:
                self._counted(area, instant)
            self._unnumbered = {}

    def _entry(self, instant: int) -> None:
        entries = self._told.timeline[instant]
        if not self.episodes:
            self.findings.add(findings.ENTRY_BEFORE_START)
            return
        episode = self.current
        if episode is None:
            ended = self.episodes[-1].end
            if ended is not None and instant > ended and any(extends(entry) for entry in entries.values()):
                episode = self._open(instant, listed="" not in entries)
            else:
                if any(entry[0] for entry in entries.values()):
                    self.findings.add(findings.REMAINING_AFTER_END)
                return
        whole = self._total_only and len(entries) == 1 and "" in entries
        known = {area: self._knows(area, whole=whole) for area in entries}
        for area, entry in entries.items():
            before = sum(self._out.values()) if whole else self._out.get(area, 0)
            after, broken = decide(entry, before, known=known[area])
            self._doubt(broken, None if whole else area)
            if after < before:
                episode.stepwise = True
            said = known[area] or entry[0] is not None
            if whole and (before or episode.areas):
                if said:
                    self._known("", *self._unnumbered, instant=instant)
                self._set_whole(after, before, instant, episode)
            else:
                episode.areas[area] = None
                if said or extends(entry):
                    self._number(area, after if said else None, instant)

    def _doubt(self, broken: Iterable[tuple[str, int]], area: str | None) -> None:
        for rule, customers in broken:
            doubt = Doubt(rule, area, len(self.episodes) - 1)
            self.findings.add(rule)
            self.doubts[doubt] = max(customers, self.doubts.get(doubt, 0))

    def _knows(self, area: str, *, whole: bool) -> bool:
        """Whether a number stands before an entry; in an area that the outage's list leaves out nobody is out."""
        if whole:
            return bool(self._numbered) and not self._unnumbered
        return area not in self._unnumbered and (area in self._numbered or self._listed)

    def _set(self, area: str, customers: int, instant: int) -> None:
        before = self._out.get(area, 0)
        if customers > before:
            cohorts = self._cohorts.setdefault(area, [])
            cohorts.append(_Cohort(instant, self._cycle, area, customers - before, len(self.episodes) - 1))
            self._out[area] = customers
        left = before - customers
        while left > 0:
            left -= self._take(area, left, instant)

    def _set_whole(self, customers: int, before: int, instant: int, episode: Episode) -> None:
        """No area given: the longest interrupted of all areas go first; who comes is in the unknown area."""
        if customers > before:
            episode.areas[""] = None
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
        """End the interruption of the longest interrupted of an area, at most so many; how many that are."""
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
        self.steps.extend(Step(c.area, c.since, instant, c.customers, c.episode) for c in cohorts)

    def _standing(self) -> Iterator[_Cohort]:
        return (cohort for cohorts in self._cohorts.values() for cohort in cohorts)
