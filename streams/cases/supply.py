"""Supply over time: when an outage was open, and for how long which customers were without supply.

The facts of all cycles are put in the order of time and swept up to now; what lies ahead has not happened yet. Open
runs from a start to the end of that cycle or of a later one, whatever the counts say; an extension after the end
opens anew. Customers are kept as cohorts (since, number) per area: a rise begins a cohort, a drop ends the longest
interrupted first, an end ends all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from streams.cases import findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from streams.facts.timeline import Timeline

_END, _START, _ENTRY, _END_AT_START = range(4)  # the order of what shares an instant


class Step(NamedTuple):
    """Customers of one area without supply from `since` to `until` (None: still)."""

    area: str
    since: int
    until: int | None
    customers: int


@dataclass(slots=True)
class Episode:
    """One interruption of supply, from `start` to full restoration at `end` (None: still open)."""

    start: int
    end: int | None = None
    areas: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    stepwise: bool = False


class _Cohort(NamedTuple):
    since: int
    cycle: int
    area: str
    customers: int


@dataclass(slots=True)
class Told:
    """The facts that a sweep reads: instants per cycle, initial counts per cycle and area, the timeline."""

    starts: Mapping[int, int]
    ends: Mapping[int, int]
    counts: Mapping[int, Mapping[str, int]]
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
    """The sweep and its result: `episodes`, `steps` (finished and ongoing), `findings`, the `next_change` ahead."""

    __slots__ = ("_cohorts", "_cycle", "_told", "_total_only", "episodes", "findings", "next_change", "steps")

    def __init__(self, told: Told, now: int) -> None:
        self.episodes: list[Episode] = []
        self.steps: list[Step] = []
        self.findings: set[str] = set()
        self.next_change: int | None = None
        self._told = told
        self._cohorts: dict[str, list[_Cohort]] = {}
        self._cycle = 0
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
        self.steps.extend(Step(c.area, c.since, None, c.customers) for c in self._standing())

    @property
    def current(self) -> Episode | None:
        """The interruption that is open now."""
        return self.episodes[-1] if self.episodes and self.episodes[-1].end is None else None

    def _start(self, instant: int, cycle: int) -> None:
        episode = self.current
        if episode is None:
            episode = self._open(instant)
            self._cycle = cycle
        self._cycle = max(self._cycle, cycle)
        for area, customers in self._told.counts.get(cycle, {}).items():
            episode.areas[area] = None
            self._set(area, customers, instant)

    def _open(self, instant: int) -> Episode:
        episode = Episode(instant)
        self.episodes.append(episode)
        return episode

    def _end(self, instant: int, cycle: int) -> None:
        episode = self.current
        if episode is None:
            if cycle not in self._told.starts:
                self.findings.add(findings.END_WITHOUT_START)
            return
        if cycle < self._cycle:
            self.findings.add(findings.CYCLES_OVERLAP)
            episode.stepwise = True
        for cohorts in self._cohorts.values():
            self._finish([cohort for cohort in cohorts if cohort.cycle <= cycle], instant)
            cohorts[:] = [cohort for cohort in cohorts if cohort.cycle > cycle]
        if cycle >= self._cycle:
            episode.end = instant

    def _entry(self, instant: int) -> None:
        entries = self._told.timeline[instant]
        if not self.episodes:
            self.findings.add(findings.ENTRY_BEFORE_START)
            return
        episode = self.current
        if episode is None:
            ended = self.episodes[-1].end
            if ended is not None and instant > ended and any(_extends(entry) for entry in entries.values()):
                episode = self._open(instant)
            else:
                if any(entry[0] for entry in entries.values()):
                    self.findings.add(findings.REMAINING_AFTER_END)
                return
        whole = self._total_only and len(entries) == 1 and "" in entries
        for area, entry in entries.items():
            before = sum(c.customers for c in (self._standing() if whole else self._cohorts.get(area, ())))
            after = self._remaining(entry, before)
            if after < before:
                episode.stepwise = True
            if whole and (before or episode.areas):
                self._set_whole(after, before, instant, episode)
            else:
                episode.areas[area] = None
                self._set(area, after, instant)

    def _remaining(self, entry: Sequence[int | None], before: int) -> int:
        """Customers out after the entry: remaining holds against a restored count; not known, before does."""
        remaining = entry[0]
        restored = _restored(entry)
        if restored is not None:
            if restored > before:
                self.findings.add(findings.MORE_RESTORED)
            elif remaining is not None and before - restored != remaining:
                self.findings.add(findings.RESTORED_DISAGREES)
            if remaining is None:
                return max(0, before - restored)
        return before if remaining is None else remaining

    def _set(self, area: str, customers: int, instant: int) -> None:
        cohorts = self._cohorts.setdefault(area, [])
        before = sum(cohort.customers for cohort in cohorts)
        if customers > before:
            cohorts.append(_Cohort(instant, self._cycle, area, customers - before))
        elif customers < before:
            self._take(cohorts, before - customers, instant)

    def _set_whole(self, customers: int, before: int, instant: int, episode: Episode) -> None:
        """No area given: the longest interrupted of all areas go first; who comes is in the unknown area."""
        if customers >= before:
            if customers > before:
                episode.areas[""] = None
                self._set("", sum(c.customers for c in self._cohorts.get("", ())) + customers - before, instant)
            return
        standing = sorted(self._standing(), key=lambda cohort: (cohort.since, cohort.area))
        self._take(standing, before - customers, instant)
        self._cohorts = {}
        for cohort in standing:
            self._cohorts.setdefault(cohort.area, []).append(cohort)

    def _take(self, cohorts: list[_Cohort], customers: int, instant: int) -> None:
        """End the interruption of that many, from the front."""
        ended = []
        while customers:
            first = cohorts[0]
            if first.customers > customers:
                ended.append(first._replace(customers=customers))
                cohorts[0] = first._replace(customers=first.customers - customers)
                break
            customers -= first.customers
            ended.append(cohorts.pop(0))
        self._finish(ended, instant)

    def _finish(self, cohorts: Sequence[_Cohort], instant: int) -> None:
        self.steps.extend(Step(c.area, c.since, instant, c.customers) for c in cohorts)

    def _standing(self) -> Iterator[_Cohort]:
        return (cohort for cohorts in self._cohorts.values() for cohort in cohorts)


def _extends(entry: Sequence[int | None]) -> bool:
    return len(entry) > 2  # noqa: PLR2004  [remaining, restored, 1]


def _restored(entry: Sequence[int | None]) -> int | None:
    return entry[1] if len(entry) > 1 and not _extends(entry) else None
