"""The estimates and plans of an outage, version by version, and the notices of each plan.

A notice is given at an instant, of the plan in force then (of the first plan, if the notice precedes all). It holds for
every version whose begin lies in the time that it covers: the customers expected the outage then.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from streams.cases import findings
from streams.facts import occurrences
from streams.facts.register import read
from streams.sla.milestones import Named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.facts import State
    from streams.sla.milestones import Milestones

PLANNED = frozenset({"planned", "temporary"})
ANNOUNCED = "announced"
TIED_TO = ("scheduled", ANNOUNCED)  # registers that, when retracted, retract the plans of their events
LATEST = 2**63  # after every instant: of several estimates stated in one second the earliest holds


class Plan(NamedTuple):
    """A version of the plan, stated at `stated_at`; `announced_at`: when, by its own record, it was made public."""

    stated_at: int
    start: int
    end: int
    announced_at: int | None
    announces: bool


def estimates(facts: State) -> list[Named]:
    """All versions of the estimate in the order in which they were stated; `at` is None where it was withdrawn.

    A ledger of an older release has the instants and the last estimate only.
    """
    last = read(facts.get("etr"))
    stored = occurrences.values(facts.get("etrs"))
    found = [Named(*(value if isinstance(value, list) else (value, last))) for value in stored]
    return changed(sorted(found, key=lambda each: (each.stated_at, -(LATEST if each.at is None else each.at))))


def changed(versions: Sequence[Named]) -> list[Named]:
    """Without versions that repeat the one in force: a repetition is no new commitment."""
    return [*versions[:1], *(now for before, now in pairwise(versions) if now.at != before.at)]


def plans(facts: State) -> list[Plan]:
    """All versions of the plan in the order in which they were stated; of an older ledger the last version only."""
    if "plans" not in facts:
        return _last_plan(facts)
    found = [
        Plan(stated_at, start, end, announced_at, name == ANNOUNCED)
        for name, versions in facts["plans"].items()
        if name not in TIED_TO or read(facts.get(name)) is not None
        for stated_at, announced_at, start, end in occurrences.values(versions)
    ]
    return sorted(found, key=lambda each: each[:3])


def _last_plan(facts: State) -> list[Plan]:
    plan = read(facts.get("plan"))
    if plan is None:
        return []
    known = [read(facts.get(ANNOUNCED)), read(facts.get("scheduled")), plan["announced_at"]]
    stated_at = min((at for at in known if at is not None), default=plan["start"])
    return [Plan(stated_at, plan["start"], plan["end"], None, announces=False)]


def notices(facts: State, versions: Sequence[Plan]) -> list[int]:
    """The instants at which a version was made public; an older ledger has them without their versions."""
    known = facts.get("plans", {})
    public = [version.stated_at for version in versions if version.announces]
    public += [version.announced_at for version in versions if version.announced_at is not None]
    if ANNOUNCED not in known and (announced := read(facts.get(ANNOUNCED))) is not None:
        public.append(announced)
    if not known.keys() & TIED_TO and (plan := read(facts.get("plan"))) and plan["announced_at"] is not None:
        public.append(plan["announced_at"])
    return sorted(set(public))


def named(
    facts: State, versions: Sequence[Plan], public: Sequence[int], begun_at: int | None
) -> Mapping[str, Sequence[Named]]:
    """The versions by due fact of a policy; an interruption without a plan before it has an assumed one.

    `public`: the `notices` of the versions.
    """
    noticed = [(at, _of(at, versions)) for at in public] if versions else []
    starts = [
        Named(version.stated_at, version.start, tuple(at for at, plan in noticed if _holds(plan, version)))
        for version in versions
    ]
    if begun_at is not None and not any(each.stated_at <= begun_at for each in starts):
        starts = [Named(begun_at, begun_at, tuple(public), assumed=True)]
    return {
        "etr": estimates(facts),
        "plan_start": changed(starts),
        "plan_end": changed([Named(version.stated_at, version.end) for version in versions]),
    }


def against_plan(milestones: Milestones) -> set[str]:
    """The findings of a planned interruption that began without a plan, or before its planned begin."""
    begun_at = min(milestones.happened["started"], default=None)
    if begun_at is None or milestones.traits["outage_kind"] not in PLANNED:
        return set()
    plan = [version for version in milestones.named["plan_start"] if version.stated_at <= begun_at][-1]
    if plan.assumed:
        return {findings.STARTED_WITHOUT_PLAN}
    return {findings.STARTED_BEFORE_PLAN} if plan.at is not None and begun_at < plan.at else set()


def _of(notice: int, versions: Sequence[Plan]) -> Plan:
    """The plan in force when the notice was given."""
    return versions[max(bisect_right(versions, notice, key=attrgetter("stated_at")) - 1, 0)]


def _holds(noticed: Plan, version: Plan) -> bool:
    return noticed.start <= version.start <= noticed.end
