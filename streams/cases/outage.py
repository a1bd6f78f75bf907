"""Outages: from the facts to customers out, interruptions (IEEE 1366, event-start view) and restoration times.

A cancelled or merged outage contributes nothing; the customers of a merged outage are in question until another outage
counts them. An outage counts 1 in every scope that it touches; its customers count where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.cases import any_case, in_question
from streams.cases import findings as rule
from streams.cases.clock_shares import add_clocks, listed
from streams.cases.contribution import Contribution, Measures, earliest
from streams.cases.lists import on_list
from streams.cases.milestones import of_outage
from streams.cases.outage_cells import Cells, scopes_of
from streams.cases.outage_facts import facts_of
from streams.cases.plans import against_plan, estimates
from streams.cases.supply import Supply, SupplyFacts
from streams.dimensions.scopes import UNKNOWN
from streams.facts import occurrences, timeline
from streams.facts import set as fact_set
from streams.facts.register import read
from streams.kpis.in_question import AREA_UNKNOWN, CASE_FULL
from streams.sla.clocks import clocks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.cases.in_question import Questioned
    from streams.cases.interruption import Interruption, Step, Uncounted
    from streams.facts import State
    from streams.reference.reference import Reference
    from streams.sla.clocks import Clock

__all__ = ["contribution", "facts_of"]

NOWHERE = "non_payment"
BEFORE = ("confirmed", "announced", "scheduled", "predicted")  # states before its begin, the strongest first


def contribution(case_id: str, facts: State, reference: Reference, now: int) -> Contribution:
    """The contribution of the outage to every cell at `now` (epoch seconds), and until when it holds."""
    outage = _Outage(facts, reference, now)
    measures = Measures()
    clocks: tuple[Clock, ...] = ()
    scopes = scopes_of(reference.network, outage.areas)
    if outage.counts:
        outage.change_at(outage.cells().add(measures))
        clocks = outage.clocks()
        add_clocks(measures, clocks, scopes, reference.rules.zone)
    in_question.add(measures, outage.in_question(), reference.network, outage.group)
    found = tuple(sorted(outage.findings))
    for name in found:
        measures.count(scopes, f"findings|{name}")
    summary = outage.summary(case_id, found, clocks)
    return Contribution(measures.amounts, found, outage.next_change, summary, clocks)


def supply_facts(facts: State) -> SupplyFacts:
    """The facts about supply that hold."""
    return SupplyFacts(
        {int(cycle): instant for cycle, instant in occurrences.standing(facts.get("start"))},
        {int(cycle): instant for cycle, instant in occurrences.standing(facts.get("end"))},
        {
            int(cycle): {area: count[0] for area, count in sorted(areas.items())}
            for cycle, areas in occurrences.standing(facts.get("count"))
        },
        timeline.standing(facts.get("timeline"), facts.get("steps")),
    )


class _Outage:
    """An outage, evaluated at one instant."""

    def __init__(self, facts: State, reference: Reference, now: int) -> None:
        self.facts, self.reference, self.now = facts, reference, now
        self.kind = on_list(facts, "kind") or read(facts.get("intended_kind"))
        self.group = self.kind or UNKNOWN
        self.findings: set[str] = any_case.found(facts)
        self.interruptions: list[Interruption] = []
        self.steps: list[Step] = []
        self.current: Interruption | None = None
        self.next_change: int | None = None
        self.supply: Supply | None = None
        self.stated = self.valid = supply_facts(facts)  # `valid`: without the cycles that contradict themselves
        self.state = self._state()
        self.areas = self._areas()
        # Cancelled and merged outages, and disconnections for non-payment, are in no number.
        self.counts = self.kind != NOWHERE and self.state not in {"cancelled", "merged"}
        if not self.counts:
            self.findings.clear()
        elif self.interruptions and any(area not in reference.network.areas for area in self.areas):
            self.findings.add(AREA_UNKNOWN)
        self._check_after_closing()

    def _state(self) -> str:
        for ending in ("cancelled", "merged"):
            if read(self.facts.get(ending)) is not None:
                return ending
        contradictory = self.valid.contradictory()
        if contradictory:
            self.findings.add(rule.END_BEFORE_START)
            self.valid = self.valid.without(contradictory)
            if self.valid.starts:
                self._sweep()
            return "contradictory"
        closed_at = read(self.facts.get("closed"))
        closed = closed_at is not None
        if not self.valid.starts:
            return self._state_before(closed=closed)
        self._sweep()
        if self.current is not None:
            if closed_at is not None and closed_at >= self.current.start:
                self.findings.add(rule.CLOSED_WITHOUT_RESTORATION)
            return "partially_restored" if self.current.stepwise else "active"
        if self.interruptions:
            return "closed" if closed_at is not None and closed_at >= self.interruptions[-1].start else "restored"
        return self._expected_state() or "not_begun"

    def _sweep(self) -> None:
        self.supply = supply = Supply(self.valid, self.now)
        self.findings |= supply.findings
        self.interruptions, self.steps, self.current = supply.interruptions, supply.steps, supply.current
        self.next_change = supply.next_change

    def _check_after_closing(self) -> None:
        """Add the finding of an outage whose supply changed, or that got an estimate, after its file was closed."""
        endings = [at for name in ("closed", "cancelled") if (at := read(self.facts.get(name))) is not None]
        if not endings:
            return
        instants = {*self.stated.starts.values(), *self.stated.ends.values(), *self.stated.timeline}
        instants.update(version.stated_at for version in estimates(self.facts))
        after = [at for at in instants if at > min(endings)]
        if any(at <= self.now for at in after):
            self.findings.add(rule.FACT_AFTER_CLOSING)
        self.change_at(min((at for at in after if at > self.now), default=None))

    def _state_before(self, *, closed: bool) -> str:
        """The state before any start: the expected state, or incomplete if a fact implies that a start is missing."""
        expected = self._expected_state()
        if expected is None or self.valid.ends or self.valid.timeline:
            return "incomplete"
        return "closed" if closed else expected

    def _expected_state(self) -> str | None:
        return next((name for name in BEFORE if read(self.facts.get(name)) is not None), None)

    def _areas(self) -> tuple[str, ...]:
        """Every area that a fact names; the unknown area if none does."""
        areas: dict[str, None] = {}
        for interruption in self.interruptions:
            areas |= interruption.areas
        if not areas:
            for counts in self.valid.counts.values():
                areas |= dict.fromkeys(counts)
            for entries in self.valid.timeline.values():
                areas |= dict.fromkeys(entries)
        return tuple(areas) or self._expected_areas() or ("",)

    def _expected_areas(self) -> tuple[str, ...]:
        return tuple(sorted(read(self.facts.get("expected")) or ()))

    def cells(self) -> Cells:
        """Its contribution to the cells of now and of days."""
        return Cells(self.group, self.state, self.supply, self.areas, self.reference, now=self.now)

    def in_question(self) -> list[Questioned]:
        """The customers whom findings put in question; adds these findings to `findings`."""
        merged = self.state == "merged" and self.kind != NOWHERE
        if merged:
            valid = self.valid.without(self.valid.contradictory())
            self.supply = Supply(valid, self.now) if valid.starts else None
        if self.supply is None or not (self.counts or merged):
            return []
        checks = in_question.InQuestion(self.supply, self.areas, self.reference, self.now)
        if merged:
            found = checks.merged(read(self.facts.get("merged_at")) or max(self.valid.starts.values()))
            self.change_at(self.supply.next_change)
        else:
            split = fact_set.standing(self.facts.get("split"))
            split_at = (read(self.facts.get("split_at")) or 0) if split else None
            found = checks.counted(split_at, full=CASE_FULL in self.findings)
        self.findings |= {each.rule for each in found if each.now or each.day}
        self.change_at(min(checks.changes, default=None))
        return found

    def change_at(self, instant: int | None) -> None:
        self.next_change = earliest(self.next_change, instant)

    def clocks(self) -> tuple[Clock, ...]:
        """Its clocks by the policy, with their status."""
        committed = self._committed()
        interruptions = [interruption for number, interruption in enumerate(self.interruptions) if number in committed]
        begun, closed = bool(self.interruptions) and not interruptions, self.state == "closed"
        milestones = of_outage(
            self.facts,
            self.reference.network,
            self.kind,
            interruptions,
            self.areas,
            closed=closed,
            without_customers=begun,
        )
        self.findings |= against_plan(milestones)
        clocks, changes_at = clocks_of(milestones, self.reference.policies, self.now)
        self.change_at(changes_at)
        return clocks

    def _committed(self) -> set[int]:
        """The interruptions of customers that are, or may become, sustained; no other has a commitment."""
        if self.supply is None:
            return set()
        threshold = self.reference.rules.momentary_threshold_seconds
        spans: list[Step | Uncounted] = [*self.supply.steps, *self.supply.uncounted]
        return {each.interruption for each in spans if each.until is None or each.until - each.since > threshold}

    def summary(self, case_id: str, found: tuple[str, ...], clocks: tuple[Clock, ...]) -> Mapping[str, Any]:
        """The record of `grid.cases.v1`; instants in epoch seconds, durations in seconds without any threshold."""
        now, facts, area = self.now, self.facts, self.reference.network.area
        last, infos = self.interruptions[-1] if self.interruptions else None, [area(name) for name in self.areas]
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
