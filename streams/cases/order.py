"""Work orders: from the facts to open orders by state, and to the arrival clock of repair orders.

The arrival clock, L3a of the policy, runs from the report to the first arrival (GB/T 28583: 接到报修之时起), whatever
crews are dispatched meanwhile.

- `cancelled` at or before the deadline and before any arrival: the order is not due, the customer needs no crew.
- `closed` without an arrival: due at the deadline, and not on time unless an arrival by then is reported later.
- `returned` (退单) and `field_complete` end nothing: the customer still waits, or the arrival is yet to be reported.
- An order with an arrival before its report contradicts itself, and is in neither count until corrected.

A crew that accepted, set out or arrived had been dispatched: a dispatch noted later, without a return or reassignment
between, starts no clock of acceptance.

An arrival belongs to the crew that had the order then; the breach of an order without an arrival belongs to the crew
that had it at the deadline. A returned order belongs to no crew until it is dispatched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from streams.cases import any_case
from streams.cases import findings as rule
from streams.cases.clock_shares import add_clocks, listed
from streams.cases.contribution import Contribution, Measures, earliest
from streams.cases.lists import on_list
from streams.cases.milestones import of_order
from streams.cases.order_facts import facts_of
from streams.dimensions.periods import local_day
from streams.dimensions.scopes import UNKNOWN, crew
from streams.facts import occurrences
from streams.facts.register import read
from streams.sla.clocks import MET, clocks_of
from streams.sla.milestones import End

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.facts import State
    from streams.reference.reference import Reference
    from streams.sla.clocks import Clock

__all__ = ["contribution", "facts_of"]

REPAIR = "repair"
ARRIVAL = "L3a"  # the clock of on-time arrival
# The events that change the state of work, in their order at the same instant, with the state that they lead to.
STATES = {
    "dispatched": "dispatched",
    "reassigned": "dispatched",
    "accepted": "accepted",
    "en_route": "en_route",
    "arrived": "on_site",
    "waiting": "waiting",
    "resumed": "on_site",
    "field_complete": "field_complete",
    "returned": "returned",
}
RANK = {name: position for position, name in enumerate(STATES)}
ANSWERED_BY = frozenset({"accepted", "en_route", "arrived", "field_complete"})
RETURNED_BY = frozenset({"reassigned", "returned"})
GIVEN = ("dispatched", "reassigned")
RETURNED = "returned"
ENDINGS = ("cancelled", "closed")
# These never lead back: a dispatch noted after the arrival of the crew does not change the state.
ONWARDS = {"dispatched": 1, "accepted": 2, "en_route": 3}
REACHED = {"created": 0, "returned": 0, "incomplete": 0, "dispatched": 1, "accepted": 2, "en_route": 3}


def contribution(case_id: str, facts: State, reference: Reference, now: int) -> Contribution:
    """The contribution of the order to every cell at `now` (epoch seconds), and until when it holds."""
    order = _Order(facts, reference, now)
    measures = Measures()
    if order.open:
        measures.count(order.scopes(order.crew_at(now)), f"orders_open|{order.state}")
    arrival = order.arrival()
    order.add_arrival(measures, arrival)
    add_clocks(measures, order.clocks, order.places, reference.rules.zone)
    found = tuple(sorted(order.findings))
    for name in found:
        measures.count(order.places, f"findings|{name}")
    summary = order.summary(case_id, found, arrival)
    return Contribution(measures.amounts, found, order.next_change, summary, order.clocks)


class _Arrival(NamedTuple):
    """Report and first arrival in epoch seconds, and the clock from one to the other."""

    reported_at: int | None
    arrived_at: int | None
    clock: Clock | None = None


class _Order:
    """An order, evaluated at one instant."""

    def __init__(self, facts: State, reference: Reference, now: int) -> None:
        self.facts, self.reference, self.now = facts, reference, now
        self.findings: set[str] = any_case.found(facts)
        self.next_change: int | None = None
        self.area: str | None = read(facts.get("area"))
        self.work_type = on_list(facts, "work_type")
        self.places = reference.network.scopes_of(self.area)
        self.crews = sorted(
            (value[0], RANK[name], value[1] if name in GIVEN else "")
            for name in (*GIVEN, RETURNED)
            for value in self._stated(name)
        )
        self.ended_at = {name: min(value[0] for value in found) for name in ENDINGS if (found := self._happened(name))}
        self.moves = sorted((value[0], RANK[name], name) for name in STATES for value in self._happened(name))
        self.state = self._state()
        self.open = not self.ended_at
        ended = min((End(at, name) for name, at in self.ended_at.items()), default=None)
        noted_late = self._noted_late()
        self._find(ended, noted_late)
        milestones = of_order(facts, reference.network, ended, noted_late)
        self.clocks, changes_at = clocks_of(milestones, reference.policies, now)
        self.next_change = earliest(self.next_change, changes_at)

    def _stated(self, name: str) -> list[list[Any]]:
        occurred = self.facts.get(name)
        return occurrences.values(occurred) if occurred else []

    def _happened(self, name: str) -> list[list[Any]]:
        """The occurrences up to now; a later occurrence is a next change."""
        happened = []
        for value in self._stated(name):
            if value[0] <= self.now:
                happened.append(value)
            else:
                self._change_at(value[0])
        return happened

    def _state(self) -> str:
        state = "created" if read(self.facts.get("created")) is not None else "incomplete"
        if self.ended_at:
            return max(ENDINGS, key=lambda name: self.ended_at.get(name, -1))
        if state == "incomplete":
            return state
        for _, _, name in self.moves:
            if name not in ONWARDS or REACHED.get(state, 9) < ONWARDS[name]:
                state = STATES[name]
        return state

    def _noted_late(self) -> frozenset[int]:
        """The dispatches noted after the answer to them: the crew was there, or on its way."""
        answered, late = False, set()
        for at, _, name in self.moves:
            if name == "dispatched" and answered:
                late.add(at)
            answered = name in ANSWERED_BY or (answered and name not in RETURNED_BY)
        return frozenset(late)

    def _find(self, ended: End | None, noted_late: frozenset[int]) -> None:
        """Add the findings of a contradictory sequence, and of facts missing in a closed file."""
        if noted_late:
            self.findings.add(rule.DISPATCH_NOTED_LATE)
        if ended is None:
            return
        if any(at > ended.at for at, _, _ in self.moves):
            self.findings.add(rule.FACT_AFTER_CLOSING)
        if ended.fact == "closed" and self.work_type == REPAIR and "arrived" not in {name for _, _, name in self.moves}:
            self.findings.add(rule.CLOSED_WITHOUT_ARRIVAL)

    def crew_at(self, instant: int) -> str | None:
        """The crew that has the order at an instant; None before a dispatch, and after a return."""
        latest = None
        for since, _, name in self.crews:
            if since > instant:
                break
            latest = name or None
        return latest

    def crew_arrived(self, instant: int) -> str | None:
        """The crew that arrived: the crew with the order then, else the next crew dispatched, else the last one."""
        given = [(since, name) for since, _, name in self.crews if name]
        after = (name for since, name in given if since > instant)
        return self.crew_at(instant) or next(after, given[-1][1] if given else None)

    def scopes(self, name: str | None) -> tuple[str, ...]:
        return self.places if name is None else (*self.places, crew(name))

    def arrival(self) -> _Arrival:
        """The arrival clock of a repair order; the strictest limit holds where the type of the area is not known."""
        reported = read(self.facts.get("report_received_at"))
        arrived = min((value[0] for value in self._happened("arrived")), default=None)
        if self.work_type != REPAIR or reported is None:
            return _Arrival(reported, arrived)
        info = self.reference.network.area(self.area)
        if info is None or info.area_type is None:
            self.findings.add(rule.AREA_TYPE_UNKNOWN)
        if arrived is not None and arrived < reported:
            self.findings.add(rule.ARRIVAL_BEFORE_REPORT)
            return _Arrival(reported, None)
        clock = next((each for each in self.clocks if each.rule.clock == ARRIVAL), None)
        return _Arrival(reported, arrived, clock)

    def add_arrival(self, measures: Measures, arrival: _Arrival) -> None:
        """The cells of the day of the report, in the scope of the crew that arrived, or had it at the deadline."""
        reported, arrived, clock = arrival
        if reported is None or clock is None or not clock.decided:
            return
        day = local_day(reported, self.reference.rules.zone)
        if arrived is None:
            measures.count(self.scopes(self.crew_at(clock.deadline_at or reported)), "arrivals_due", day)
            return
        scopes = self.scopes(self.crew_arrived(arrived))
        seconds = arrived - reported
        measures.count(scopes, "arrivals_due", day)
        measures.count(scopes, "arrivals", day)
        measures.add(scopes, "arrival_seconds", day, seconds)
        measures.count(scopes, f"arrival_minutes|{-(-seconds // 60)}", day)
        if clock.status == MET:
            measures.count(scopes, "arrivals_on_time", day)

    def _change_at(self, instant: int) -> None:
        self.next_change = earliest(self.next_change, instant)

    def summary(self, case_id: str, found: tuple[str, ...], arrival: _Arrival) -> Mapping[str, Any]:
        """The record of `grid.cases.v1`, instants in epoch seconds."""
        info = self.reference.network.area(self.area)
        return {
            "case": case_id,
            "kind": "order",
            "state": self.state,
            "work_type": self.work_type,
            "regions": [info.region if info else UNKNOWN],
            "areas": [self.area or UNKNOWN],
            "crew": self.crew_at(self.now),
            "report_received_at": arrival.reported_at,
            "arrived_at": arrival.arrived_at,
            "deadline_at": arrival.clock and arrival.clock.deadline_at,
            "clocks": listed(self.clocks),
            "findings": list(found),
            "open": self.open,
            "as_of": self.now,
        }
