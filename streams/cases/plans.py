"""What an outage's sources named, version by version: estimates, plans, and which notice belongs to which plan.

A notice is given at an instant, of the plan that was in force then (of the first one, if it came before all). It holds
for every version whose begin lies in the time that it spoke of: the customers expected the outage then.
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
TIED_TO = ("scheduled", ANNOUNCED)  # registers which, when they are unsaid, unsay the plans of their events
LATEST = 2**63  # after every instant: of several told in one second the earliest estimate holds


class Plan(NamedTuple):
    """A version of the plan, by the instant at which it was said; `announced_at` is when it says it was made public."""

    stated_at: int
    start: int
    end: int
    announced_at: int | None
    announces: bool


def estimates(facts: State) -> list[Named]:
    """All versions of the estimate in the order in which they were told; taken back where it is None.

    A ledger of before these were kept has the instants only, and the last estimate.
    """
    last = read(facts.get("etr"))
    told = occurrences.values(facts.get("etrs"))
    found = [Named(*(value if isinstance(value, list) else (value, last))) for value in told]
    return changed(sorted(found, key=lambda each: (each.stated_at, -(LATEST if each.at is None else each.at))))


def changed(versions: Sequence[Named]) -> list[Named]:
    """Without those that say what was in force already: to tell it again is no other promise."""
    return [*versions[:1], *(now for before, now in pairwise(versions) if now.at != before.at)]


def plans(facts: State) -> list[Plan]:
    """All versions of the plan in the order in which they were said; of an older ledger the last one."""
    if "plans" not in facts:
        return _last_plan(facts)
    found = [
        Plan(stated_at, start, end, announced_at, name == ANNOUNCED)
        for name, said in facts["plans"].items()
        if name not in TIED_TO or read(facts.get(name)) is not None
        for stated_at, announced_at, start, end in occurrences.values(said)
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
    """When any of them was made public; what an older ledger knows of that has no version."""
    known = facts.get("plans", {})
    said = [version.stated_at for version in versions if version.announces]
    said += [version.announced_at for version in versions if version.announced_at is not None]
    if ANNOUNCED not in known and (announced := read(facts.get(ANNOUNCED))) is not None:
        said.append(announced)
    if not known.keys() & TIED_TO and (plan := read(facts.get("plan"))) and plan["announced_at"] is not None:
        said.append(plan["announced_at"])
    return sorted(set(said))


def named(
    facts: State, versions: Sequence[Plan], public: Sequence[int], begun_at: int | None
) -> Mapping[str, Sequence[Named]]:
    """By the due facts of a policy; what began before there was any plan was planned for then, by nobody.

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
    """The findings of an interruption by intention that began without a plan, or before it."""
    begun_at = min(milestones.happened["started"], default=None)
    if begun_at is None or milestones.traits["outage_kind"] not in PLANNED:
        return set()
    plan = [version for version in milestones.named["plan_start"] if version.stated_at <= begun_at][-1]
    if plan.assumed:
        return {findings.STARTED_WITHOUT_PLAN}
    return {findings.STARTED_BEFORE_PLAN} if plan.at is not None and begun_at < plan.at else set()


def _of(notice: int, versions: Sequence[Plan]) -> Plan:
    """The version in force when the notice was given."""
    return versions[max(bisect_right(versions, notice, key=attrgetter("stated_at")) - 1, 0)]


def _holds(noticed: Plan, version: Plan) -> bool:
    return noticed.start <= version.start <= noticed.end
