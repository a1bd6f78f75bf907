"""Outages: from the facts to customers out, interruptions (IEEE 1366, event-start view) and restoration times.

A cancelled outage contributes nothing. Neither does a merged one: its customers go to the other outage with the links
between cases. An outage counts 1 in every scope it touches, its customers where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.cases import findings as rule
from streams.cases.clock_shares import add_clocks, listed
from streams.cases.contribution import Contribution, Measures, earliest
from streams.cases.moments import of_outage
from streams.cases.outage_facts import facts_of
from streams.cases.supply import Episode, Step, Supply, Told
from streams.cells.periods import day_start, local_day
from streams.cells.scopes import UNKNOWN
from streams.facts import occurrences, timeline
from streams.facts.register import read
from streams.sla.clocks import clocks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.cases.reference import Reference, Rules
    from streams.facts import State
    from streams.sla.clocks import Clock

__all__ = ["contribution", "facts_of"]

HOUR = 3600
GROUPS = {
    "fault": "fault",
    "upstream": "fault",
    "customer_caused": "fault",
    "planned": "planned",
    "temporary": "planned",
    "load_shedding": "load_shedding",
}
NOWHERE = "non_payment"
BEFORE = ("confirmed", "announced", "scheduled", "predicted")  # what may be said before it begins, the strongest first


def contribution(case_id: str, facts: State, reference: Reference, now: int) -> Contribution:
    """What the outage adds to every cell at `now` (epoch seconds), and until when that holds."""
    outage = _Outage(facts, reference, now)
    measures = Measures()
    clocks: tuple[Clock, ...] = ()
    if outage.counts:
        outage.add_now(measures)
        outage.add_days(measures)
        clocks = outage.clocks()
        add_clocks(measures, clocks, outage.scopes(outage.areas), reference.rules.zone)
    found = tuple(sorted(outage.findings)) if outage.counts else ()
    for name in found:
        measures.count(outage.scopes(outage.areas), f"findings|{name}")
    summary = outage.summary(case_id, found, clocks)
    return Contribution(measures.amounts, found, outage.next_breakpoint, summary, clocks)


def told(facts: State) -> Told:
    """The standing facts about supply."""
    return Told(
        {int(cycle): instant for cycle, instant in occurrences.standing(facts.get("start"))},
        {int(cycle): instant for cycle, instant in occurrences.standing(facts.get("end"))},
        {
            int(cycle): {area: count[0] or 0 for area, count in sorted(areas.items())}
            for cycle, areas in occurrences.standing(facts.get("count"))
        },
        timeline.standing(facts.get("timeline"), facts.get("steps")),
    )


class _Outage:
    """One look at an outage: what the facts say at one instant."""

    def __init__(self, facts: State, reference: Reference, now: int) -> None:
        self.facts, self.reference, self.now = facts, reference, now
        self.kind = read(facts.get("kind")) or read(facts.get("intended_kind"))
        self.group = GROUPS.get(self.kind or "", UNKNOWN)
        self.findings: set[str] = set()
        self.episodes: list[Episode] = []
        self.steps: list[Step] = []
        self.current: Episode | None = None
        self.next_breakpoint: int | None = None
        self.told = told(facts)
        self.state = self._state()
        self.areas = self._areas()
        # Cancelled, merged and unpaid ones contribute nothing at all.
        self.counts = self.kind != NOWHERE and self.state not in {"cancelled", "merged"}
        if self.episodes and any(area not in reference.network.areas for area in self.areas):
            self.findings.add(rule.AREA_UNKNOWN)

    def _state(self) -> str:
        for ending in ("cancelled", "merged"):
            if read(self.facts.get(ending)) is not None:
                return ending
        contradictory = self.told.contradictory()
        if contradictory:
            self.findings.add(rule.END_BEFORE_START)
            self.told = self.told.without(contradictory)
            if self.told.starts:
                self._sweep()
            return "contradictory"
        closed_at = read(self.facts.get("closed"))
        closed = closed_at is not None
        if not self.told.starts:
            return self._state_before(closed=closed)
        self._sweep()
        if self.current is not None:
            if closed_at is not None and closed_at >= self.current.start:
                self.findings.add(rule.CLOSED_WITHOUT_RESTORATION)
            return "partially_restored" if self.current.stepwise else "active"
        if self.episodes:
            return "closed" if closed else "restored"
        return self._said_before() or "not_begun"

    def _sweep(self) -> None:
        supply = Supply(self.told, self.now)
        self.findings |= supply.findings
        self.episodes, self.steps, self.current = supply.episodes, supply.steps, supply.current
        self.next_breakpoint = supply.next_change

    def _state_before(self, *, closed: bool) -> str:
        """Nothing has started: what is expected, or, where something speaks of a start that is missing, incomplete."""
        said = self._said_before()
        if said is None or self.told.ends or self.told.timeline:
            return "incomplete"
        return "closed" if closed else said

    def _said_before(self) -> str | None:
        return next((name for name in BEFORE if read(self.facts.get(name)) is not None), None)

    def _areas(self) -> tuple[str, ...]:
        """Every area spoken of; the unknown one where none is."""
        areas: dict[str, None] = {}
        for episode in self.episodes:
            areas |= episode.areas
        if not areas:
            for counts in self.told.counts.values():
                areas |= dict.fromkeys(counts)
            for entries in self.told.timeline.values():
                areas |= dict.fromkeys(entries)
        return tuple(areas) or self._expected() or ("",)

    def _expected(self) -> tuple[str, ...]:
        return tuple(sorted(read(self.facts.get("expected")) or ()))

    def _areas_of(self, episode: Episode) -> tuple[str, ...]:
        """Where an interruption was; told no areas, it was where the outage is."""
        return tuple(episode.areas) or self.areas

    def scopes(self, areas: Iterable[str]) -> tuple[str, ...]:
        scopes_of = self.reference.network.scopes_of
        found = [scopes_of(area) for area in areas]
        return found[0] if len(found) == 1 else tuple(dict.fromkeys(scope for scopes in found for scope in scopes))

    def add_now(self, measures: Measures) -> None:
        """The cells of now: by state, and of an open one customers and age."""
        if self.state in {"restored", "closed", "not_begun"}:
            return
        by_state = f"outages_by_state|{self.group}|{self.state}"
        if self.current is None:
            measures.count(self.scopes(self.areas), by_state)
            return
        scopes = self.scopes(self._areas_of(self.current))
        bucket, until = _age(self.now - self.current.start, self.reference.rules)
        if until is not None:
            self._change_at(self.current.start + until)
        measures.count(scopes, by_state)
        measures.count(scopes, f"outages_open|{self.group}")
        measures.count(scopes, f"outages_open_by_age|{self.group}|{bucket}")
        scopes_of = self.reference.network.scopes_of
        for step in self.steps:
            if step.until is None:
                measures.add(scopes_of(step.area), f"customers_out|{self.group}", "now", step.customers)

    def add_days(self, measures: Measures) -> None:
        """The cells of days: sustained interruptions by the day each began, restorations by the day of the last one."""
        rules = self.reference.rules
        zone, threshold = rules.zone, rules.momentary_threshold_seconds
        scopes_of = self.reference.network.scopes_of
        interruptions, seconds = f"customer_interruptions|{self.group}", f"interruption_seconds|{self.group}"
        for area, since, until, customers in self.steps:
            lasted = (self.now if until is None else until) - since
            if lasted <= threshold:
                if until is None:
                    self._change_at(since + threshold + 1)
                continue
            day = local_day(since, zone)
            scopes = scopes_of(area)
            measures.add(scopes, interruptions, day, customers)
            if until is None:
                measures.add(scopes, seconds, day, customers * (day_start(day, zone) - since), customers)
            else:
                measures.add(scopes, seconds, day, customers * lasted)
        for episode in self.episodes:
            if episode.end is not None:
                lasted = episode.end - episode.start
                day, scopes = local_day(episode.end, zone), self.scopes(self._areas_of(episode))
                measures.count(scopes, f"restorations|{self.group}", day)
                measures.add(scopes, f"restoration_seconds|{self.group}", day, lasted)
                measures.count(scopes, f"restoration_minutes|{self.group}|{-(-lasted // 60)}", day)

    def _change_at(self, instant: int | None) -> None:
        self.next_breakpoint = earliest(self.next_breakpoint, instant)

    def clocks(self) -> tuple[Clock, ...]:
        """What the policy promises for it, and where that stands."""
        moments = of_outage(self.facts, self.reference.network, self.kind, self.episodes, self.areas)
        clocks, changes_at = clocks_of(moments, self.reference.policies, self.now)
        self._change_at(changes_at)
        return clocks

    def summary(self, case_id: str, found: tuple[str, ...], clocks: tuple[Clock, ...]) -> Mapping[str, Any]:
        """The record of `grid.cases.v1`, instants in epoch seconds, durations in seconds without any threshold."""
        now, facts, area = self.now, self.facts, self.reference.network.area
        last, infos = self.episodes[-1] if self.episodes else None, [area(name) for name in self.areas]
        return {
            "case": case_id,
            "kind": "outage",
            "state": self.state,
            "outage_kind": self.kind,
            "regions": sorted({info.region if info else UNKNOWN for info in infos}),
            "areas": sorted(name or UNKNOWN for name in self.areas),
            "started_at": last.start if last else None,
            "restored_at": last.end if last else None,
            "customers_out": sum(step.customers for step in self.steps if step.until is None),
            "customer_seconds_out": sum(
                step.customers * ((now if step.until is None else step.until) - step.since) for step in self.steps
            ),
            "plan": read(facts.get("plan")),
            "etr": read(facts.get("etr")),
            "cause": read(facts.get("cause")),
            "clocks": listed(clocks),
            "findings": list(found),
            "open": self.current is not None,
            "as_of": now,
        }


def _age(seconds: int, rules: Rules) -> tuple[str, int | None]:
    """The age bucket of an open outage, and the age in seconds at which it leaves it."""
    lower = None
    for hours in rules.age_bucket_hours:
        if seconds < hours * HOUR:
            return f"lt_{hours}h" if lower is None else f"{lower}h_{hours}h", hours * HOUR
        lower = hours
    return f"ge_{lower}h", None
