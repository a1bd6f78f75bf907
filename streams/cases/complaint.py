"""Complaints: from the facts to counts by day of acceptance and of closing, two clocks, and the complaints open now.

Only the case kind `complaint` counts in the KPIs of complaints (no fault report); all kinds count in the intake. A
closing before the acceptance is void: the case is *contradictory*, neither open nor closed, until corrected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.cases import any_case
from streams.cases import findings as rule
from streams.cases.clock_shares import add_clocks, listed
from streams.cases.complaint_facts import facts_of
from streams.cases.complaint_lifecycle import EVENTS, INCOMPLETE, NEITHER, Lifecycle, lifecycle_of
from streams.cases.contribution import Contribution, Measures, earliest
from streams.cases.lists import on_list
from streams.cases.milestones import of_complaint
from streams.dimensions.periods import day_start, local_day
from streams.dimensions.scopes import UNKNOWN, category, level
from streams.facts import occurrences
from streams.facts.register import read
from streams.sla.calendar import day_zero
from streams.sla.clocks import BREACHED, MET, clocks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.facts import State
    from streams.reference.reference import Reference
    from streams.sla.clocks import Clock

__all__ = ["contribution", "facts_of"]

COMPLAINT = "complaint"
CONTACT, REPLY = "L18", "L19"  # the clocks of the KPIs of contact and reply
GIVEN = ("assigned", "transferred", "returned")
# The working days since the acceptance at which each age ends, and its name.
AGES = ((2, "wd_0_1"), (4, "wd_2_3"), (6, "wd_4_5"), (8, "wd_6_7"))
OLDEST = "wd_gt_7"


def contribution(case_id: str, facts: State, reference: Reference, now: int) -> Contribution:
    """The contribution of the case to every cell at `now` (epoch seconds), and until when it holds."""
    case = _Complaint(facts, reference, now)
    measures = Measures()
    case.add(measures)
    add_clocks(measures, case.clocks, case.places, reference.rules.zone)
    found = tuple(sorted(case.findings))
    for name in found:
        measures.count(case.places, f"findings|{name}")
    return Contribution(measures.amounts, found, case.next_change, case.summary(case_id, found), case.clocks)


class _Complaint:
    """A complaint, evaluated at one instant."""

    def __init__(self, facts: State, reference: Reference, now: int) -> None:
        self.facts, self.reference, self.rules, self.now = facts, reference, reference.rules, now
        self.findings: set[str] = any_case.found(facts)
        self.next_change: int | None = None
        self.area: str | None = read(facts.get("area"))
        self.accepted_at: int | None = read(facts.get("accepted"))
        self.case_kind = on_list(facts, "case_kind")
        self.category = on_list(facts, "category")
        self.level = on_list(facts, "level")
        self.places = reference.network.scopes_of(self.area)
        self.scopes = (*self.places, category(self.category or UNKNOWN), level(self.level or UNKNOWN))
        self.lifecycle: Lifecycle = lifecycle_of(self.accepted_at, {name: self._happened(name) for name in EVENTS})
        self.clocks: tuple[Clock, ...] = ()
        self.contact: Clock | None = None
        self.reply: Clock | None = None
        if self.lifecycle.void_ending:
            self.findings.add(rule.CLOSED_BEFORE_ACCEPTED)
        if self.lifecycle.void_contact:
            self.findings.add(rule.CONTACT_BEFORE_ACCEPTED)
        if self.lifecycle.after_ending:
            self.findings.add(rule.FACT_AFTER_CLOSING)
        if self.lifecycle.unanswered and self.case_kind == COMPLAINT:
            self.findings.add(rule.CLOSED_WITHOUT_REPLY)
        if self.accepted_at is not None and self.case_kind == COMPLAINT:
            self._set_clocks(self.accepted_at)

    @property
    def open(self) -> bool:
        """Whether it counts as an open complaint."""
        return self.lifecycle.open and self.case_kind == COMPLAINT

    def _happened(self, name: str) -> list[int]:
        """The instants up to now; a later instant is a next change."""
        occurred = self.facts.get(name)
        instants = [value[0] for value in occurrences.values(occurred)] if occurred else []
        for at in instants:
            if at > self.now:
                self._change_at(at)
        return [at for at in instants if at <= self.now]

    def _set_clocks(self, accepted_at: int) -> None:
        milestones = of_complaint(self.facts, self.reference.network, accepted_at, self.lifecycle)
        self.clocks, changes_at = clocks_of(milestones, self.reference.policies, self.now)
        self._change_at(changes_at)
        first: dict[str, Clock] = {clock.rule.clock: clock for clock in reversed(self.clocks)}
        self.contact, self.reply = first.get(CONTACT), first.get(REPLY)
        if any(clock.provisional for clock in self.clocks):
            self.findings.add(rule.CALENDAR_NOT_LOADED)

    def _change_at(self, instant: int | None) -> None:
        self.next_change = earliest(self.next_change, instant)

    # -- cells ---------------------------------------------------------------------------------------------------------

    def add(self, measures: Measures) -> None:
        """Add to all cells of the case; without an acceptance only to the cell of incomplete cases."""
        if self.accepted_at is None:
            measures.count(self.scopes, f"complaints_by_state|{INCOMPLETE}")
            return
        day = local_day(self.accepted_at, self.rules.zone)
        measures.count(self.scopes, f"customer_cases_accepted|{self.case_kind}", day)
        if self.case_kind == COMPLAINT:
            self._add_acceptance(measures, day)
            self._add_closing(measures)
            self._add_now(measures, self.accepted_at)

    def _add_acceptance(self, measures: Measures, day: str) -> None:
        """The cells of the day of acceptance: intake, cohort, clocks."""
        measures.count(self.scopes, "complaints_opened", day)
        if self.lifecycle.withdrawn_at is None:
            measures.count(self.scopes, "complaints_cohort", day)
            if self.lifecycle.closed_at is not None:
                measures.count(self.scopes, "complaints_cohort_closed", day)
        for name, clock in (("contacts", self.contact), ("replies", self.reply)):
            if clock is not None and clock.decided:
                measures.count(self.scopes, f"complaint_{name}_due", day)
                if clock.status == MET:
                    measures.count(self.scopes, f"complaint_{name}_on_time", day)

    def _add_closing(self, measures: Measures) -> None:
        """The cells of the day of the current closing, and of the day of the first closing."""
        lifecycle, zone = self.lifecycle, self.rules.zone
        if lifecycle.closed_at is not None:
            measures.count(self.scopes, "complaints_closed", local_day(lifecycle.closed_at, zone))
        if lifecycle.first_closed_at is not None:
            day = local_day(lifecycle.first_closed_at, zone)
            measures.count(self.scopes, "complaints_first_closed", day)
            if lifecycle.reopened:
                measures.count(self.scopes, "complaints_reopened", day)

    def _add_now(self, measures: Measures, accepted_at: int) -> None:
        """The cells of now: by state; of open complaints also by age, and whether a reply is overdue."""
        if self.open or self.lifecycle.state in NEITHER:
            measures.count(self.scopes, f"complaints_by_state|{self.lifecycle.state}")
        if not self.open:
            return
        measures.count(self.scopes, "complaints_open")
        measures.count(self.scopes, f"complaints_open_by_age|{self._age(accepted_at)}")
        if self.reply is not None and self.reply.status == BREACHED:
            measures.count(self.scopes, "complaints_overdue")

    def _age(self, accepted_at: int) -> str:
        """The age in working days since the acceptance, not reset by a reopening; the next age begins at midnight."""
        zone, cutoff = self.rules.zone, self.reference.policies.at(accepted_at).work.cutoff
        calendar, first, today = self.reference.calendar, day_zero(accepted_at, zone, cutoff), local_day(self.now, zone)
        passed = calendar.working_days_between(first, today)
        for end, name in AGES:
            if passed < end:
                self._change_at(day_start(calendar.due_day(first, end)[0], zone))
                return name
        return OLDEST

    def _unit(self) -> str | None:
        """The unit that has the case now; None after a return."""
        given = [
            (value[0], rank, value[1] if name != "returned" else None)
            for rank, name in enumerate(GIVEN)
            for value in occurrences.values(self.facts.get(name))
            if value[0] <= self.now
        ]
        return max(given, key=lambda each: each[:2])[2] if given else None

    def summary(self, case_id: str, found: tuple[str, ...]) -> Mapping[str, Any]:
        """The record of `grid.cases.v1`, instants in epoch seconds."""
        info, lifecycle = self.reference.network.area(self.area), self.lifecycle
        return {
            "case": case_id,
            "kind": "complaint",
            "state": lifecycle.state,
            "case_kind": self.case_kind,
            "category": self.category,
            "level": self.level,
            "regions": [info.region if info else UNKNOWN],
            "areas": [self.area or UNKNOWN],
            "customer": read(self.facts.get("customer")),
            "accepted_at": self.accepted_at,
            "contacted_at": lifecycle.contacted_at,
            "replied_at": lifecycle.replied_at,
            "closed_at": lifecycle.closed_at,
            "contact_deadline_at": self.contact.deadline_at if self.contact else None,
            "reply_deadline_at": self.reply.deadline_at if self.reply else None,
            "unit": self._unit(),
            "clocks": listed(self.clocks),
            "findings": list(found),
            "open": self.open,
            "as_of": self.now,
        }
