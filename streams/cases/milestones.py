"""The milestones of each kind of case, from which streams/sla makes its clocks; instants in epoch seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.cases.lists import on_list
from streams.cases.plans import named, notices, plans
from streams.dimensions.scopes import UNKNOWN
from streams.facts import occurrences
from streams.facts.register import read, winner
from streams.sla.milestones import End, Milestones, Wait

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from streams.cases.complaint_lifecycle import Lifecycle
    from streams.cases.interruption import Interruption
    from streams.facts import State
    from streams.reference.network import Network

ORDER_FACTS = (
    "dispatched", "reassigned", "accepted", "en_route", "arrived", "field_complete", "returned", "cancelled", "closed",
)  # fmt: skip
COMPLAINT_FACTS = ("assigned", "transferred", "returned", "contacted", "forwarded", "replied", "closed", "reopened")
ABOUT = ("fault", "etr", "restoration", "delay")
PLAN = 4  # length of the value of a version of a plan
IMPORTANT = 3  # index of the important customers in a list of counts
# The paths of facts of a policy that are not stored under their own name.
PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    "restored": (("end",),),
    "etr_told": (("etrs",),),
    "notice": (("plan",), ("announced",), ("plans",)),
    "scheduled": (("scheduled",), ("announced",)),
    "started": (("start",),),
    "known": (("start",), ("confirmed",)),
} | {f"info_{about}": (("info", about),) for about in ABOUT}


def of_order(facts: State, network: Network, ended: End | None, noted_late: Collection[int]) -> Milestones:
    """Of an order; if the arrival precedes the report, the report is ignored until corrected.

    `noted_late` are the dispatches that a crew had answered before.
    """
    happened = {name: _instants(facts, name) for name in ORDER_FACTS}
    happened["dispatched"] = [at for at in happened["dispatched"] if at not in noted_late]
    reported: int | None = read(facts.get("report_received_at"))
    if reported is not None and min(happened["arrived"], default=reported) >= reported:
        happened["report"] = [reported]
        if ended is not None:  # closed before it was reported: its clocks begin at the report, and end there unproven
            ended = End(max(ended.at, reported), ended.fact)
    waits = [Wait(value[0], value[1]) for value in _values(facts, "waiting")]
    waits += [Wait(value[0], None) for value in _values(facts, "resumed")]
    area = network.area(read(facts.get("area")))
    return Milestones(
        "order",
        _first([reported], happened.values()),
        happened,
        {"work_type": on_list(facts, "work_type")},
        ((area and area.area_type) or UNKNOWN,),
        ended=ended,
        waits=waits,
    )


def of_outage(
    facts: State,
    network: Network,
    kind: str | None,
    interruptions: Sequence[Interruption],
    areas: Iterable[str],
    *,
    closed: bool,
    without_customers: bool = False,
) -> Milestones:
    """Of an outage; `interruptions` are the sustained interruptions of customers.

    `without_customers`: it has begun without any of these; then its confirmation is no milestone.
    """
    announced, closed_at = _one(read(facts.get("announced"))), read(facts.get("closed"))
    versions = plans(facts)
    public = notices(facts, versions)
    versions_of = named(facts, versions, public, interruptions[0].start if interruptions else None)
    happened = {
        "started": [interruption.start for interruption in interruptions],
        "restored": [interruption.end for interruption in interruptions if interruption.end is not None],
        "etr_told": [version.stated_at for version in versions_of["etr"] if version.at is not None],
        "scheduled": [*announced, *_one(read(facts.get("scheduled")))],
        "notice": sorted({*announced, *public}),
    }
    happened |= {name: _one(read(facts.get(name))) for name in ("predicted", "confirmed", "closed")}
    if without_customers:
        happened["confirmed"] = []
    info = facts.get("info", {})
    happened |= {f"info_{about}": occurrences.values(info.get(about)) for about in ABOUT}
    happened["known"] = _known(interruptions, happened["confirmed"], happened["info_fault"])
    infos = [network.area(area) for area in areas]
    return Milestones(
        "outage",
        _first(happened["started"], happened.values()),
        happened,
        {"outage_kind": kind, "important": _important(facts)},
        tuple(sorted({(info and info.area_type) or UNKNOWN for info in infos})),
        versions_of,
        End(closed_at, "closed") if closed else None,
    )


def _known(interruptions: Sequence[Interruption], confirmed: Sequence[int], published: Sequence[int]) -> list[int]:
    """The instants from which each interruption has to be published: its begin.

    For the first interruption its confirmation, if that is earlier, or a publication before both. A publication of one
    interruption does not cover the next.
    """
    begins = [interruption.start for interruption in interruptions]
    first = min([*begins[:1], *confirmed], default=None)
    if first is None:
        return []
    return [max((at for at in published if at <= first), default=first), *begins[1:]]


def of_complaint(facts: State, network: Network, accepted_at: int, lifecycle: Lifecycle) -> Milestones:
    """Of a complaint, from the acceptance on; after a withdrawal it is neither closed nor reopened."""
    happened = {name: [at for at in _instants(facts, name) if at >= accepted_at] for name in COMPLAINT_FACTS}
    withdrawn = [at for at in _instants(facts, "withdrawn") if at >= accepted_at]
    if withdrawn:
        end = min(withdrawn)
        happened["closed"] = [at for at in happened["closed"] if at <= end]
        happened["reopened"] = [at for at in happened["reopened"] if at < end]
    area = network.area(read(facts.get("area")))
    ended = End(lifecycle.withdrawn_at, "withdrawn") if lifecycle.withdrawn_at is not None else None
    if lifecycle.closed_at is not None:
        ended = End(lifecycle.closed_at, "closed")
    return Milestones(
        "complaint",
        accepted_at,
        happened | {"accepted": [accepted_at], "withdrawn": withdrawn},
        {"category": on_list(facts, "category"), "level": on_list(facts, "level")},
        ((area and area.area_type) or UNKNOWN,),
        ended=ended,
    )


def stated_by(facts: State, fact: str, at: int) -> tuple[str, str] | None:
    """The event that states a fact at an instant, and its source; None if no single event does."""
    for path in PATHS.get(fact, ((fact,),)):
        node: Any = facts
        for step in path:
            node = node.get(step, {})
        for register in _registers(node):
            source, entry = winner(register)
            if at in _instants_of(entry[-1]):
                return entry[2], source
    return None


def _registers(node: dict[str, Any]) -> Iterable[dict[str, list[Any]]]:
    if node and all(isinstance(entry, list) for entry in node.values()):
        yield node
        return
    for key in sorted(node):
        yield from _registers(node[key])


def _instants_of(value: Any) -> tuple[Any, ...]:
    """The instants in the value of a fact; of a plan also when it was made public."""
    if isinstance(value, dict):
        return (value.get("announced_at"),)
    return tuple(value[:2] if len(value) == PLAN else value[:1]) if isinstance(value, list) else (value,)


def _values(facts: State, name: str) -> list[Any]:
    occurred = facts.get(name)
    return occurrences.values(occurred) if occurred else []


def _instants(facts: State, name: str) -> list[int]:
    return [value[0] for value in _values(facts, name)]


def _one(at: int | None) -> list[int]:
    return [] if at is None else [at]


def _important(facts: State) -> bool:
    counts = (areas for _, areas in occurrences.standing(facts.get("count")))
    return any(len(count) > IMPORTANT and count[IMPORTANT] for areas in counts for count in areas.values())


def _first(begins: Iterable[int | None], others: Iterable[Sequence[int]]) -> int:
    """The begin of the case: its own begin, else its first fact."""
    known = [at for at in begins if at is not None]
    return min(known or (at for instants in others for at in instants), default=0)
