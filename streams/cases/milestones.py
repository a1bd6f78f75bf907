"""What each kind of case tells its clocks (streams/sla): the facts of a policy as instants, in epoch seconds."""

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

    from streams.cases.complaint_life import Life
    from streams.cases.interruption import Episode
    from streams.facts import State
    from streams.reference.network import Network

ORDER_FACTS = (
    "dispatched", "reassigned", "accepted", "en_route", "arrived", "field_complete", "returned", "cancelled", "closed",
)  # fmt: skip
COMPLAINT_FACTS = ("assigned", "transferred", "returned", "contacted", "forwarded", "replied", "closed", "reopened")
ABOUT = ("fault", "etr", "restoration", "delay")
PLAN = 4  # how long the value of a version of a plan is
IMPORTANT = 3  # where a list of counts has the important customers
# Where the facts of a policy are kept, if not under their own name.
PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    "restored": (("end",),),
    "etr_told": (("etrs",),),
    "notice": (("plan",), ("announced",), ("plans",)),
    "scheduled": (("scheduled",), ("announced",)),
    "started": (("start",),),
    "known": (("start",), ("confirmed",)),
} | {f"info_{about}": (("info", about),) for about in ABOUT}


def of_order(facts: State, network: Network, ended: End | None, noted_late: Collection[int]) -> Milestones:
    """An order's; one that was reached before it was reported has no report to go by, until corrected.

    `noted_late` are the dispatches that a crew had answered before.
    """
    happened = {name: _instants(facts, name) for name in ORDER_FACTS}
    happened["dispatched"] = [at for at in happened["dispatched"] if at not in noted_late]
    reported: int | None = read(facts.get("report_received_at"))
    if reported is not None and min(happened["arrived"], default=reported) >= reported:
        happened["report"] = [reported]
        if ended is not None:  # closed before it was reported: what was promised from then on is left without proof
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
    episodes: Sequence[Episode],
    areas: Iterable[str],
    *,
    closed: bool,
    nobody: bool = False,
) -> Milestones:
    """An outage's; its interruptions are the sustained ones of customers that the sweep over its facts found.

    `nobody`: it has begun, and has none of these; then nothing was confirmed that customers would have to know of.
    """
    announced, closed_at = _one(read(facts.get("announced"))), read(facts.get("closed"))
    versions = plans(facts)
    public = notices(facts, versions)
    told = named(facts, versions, public, episodes[0].start if episodes else None)
    happened = {
        "started": [episode.start for episode in episodes],
        "restored": [episode.end for episode in episodes if episode.end is not None],
        "etr_told": [version.stated_at for version in told["etr"] if version.at is not None],
        "scheduled": [*announced, *_one(read(facts.get("scheduled")))],
        "notice": sorted({*announced, *public}),
    }
    happened |= {name: _one(read(facts.get(name))) for name in ("predicted", "confirmed", "closed")}
    if nobody:
        happened["confirmed"] = []
    info = facts.get("info", {})
    happened |= {f"info_{about}": occurrences.values(info.get(about)) for about in ABOUT}
    happened["known"] = _known(episodes, happened["confirmed"], happened["info_fault"])
    infos = [network.area(area) for area in areas]
    return Milestones(
        "outage",
        _first(happened["started"], happened.values()),
        happened,
        {"outage_kind": kind, "important": _important(facts)},
        tuple(sorted({(info and info.area_type) or UNKNOWN for info in infos})),
        told,
        End(closed_at, "closed") if closed else None,
    )


def _known(episodes: Sequence[Episode], confirmed: Sequence[int], published: Sequence[int]) -> list[int]:
    """From when the customers have to hear of each interruption: from its begin on.

    Of the first from its confirmation on, if that was earlier; what was published before either was known then. What
    was published of an interruption says nothing of the next one.
    """
    begins = [episode.start for episode in episodes]
    first = min([*begins[:1], *confirmed], default=None)
    if first is None:
        return []
    return [max((at for at in published if at <= first), default=first), *begins[1:]]


def of_complaint(facts: State, network: Network, accepted_at: int, life: Life) -> Milestones:
    """A complaint's, from the acceptance on; after a withdrawal it is neither closed nor reopened."""
    happened = {name: [at for at in _instants(facts, name) if at >= accepted_at] for name in COMPLAINT_FACTS}
    withdrawn = [at for at in _instants(facts, "withdrawn") if at >= accepted_at]
    if withdrawn:
        end = min(withdrawn)
        happened["closed"] = [at for at in happened["closed"] if at <= end]
        happened["reopened"] = [at for at in happened["reopened"] if at < end]
    area = network.area(read(facts.get("area")))
    ended = End(life.withdrawn_at, "withdrawn") if life.withdrawn_at is not None else None
    if life.closed_at is not None:
        ended = End(life.closed_at, "closed")
    return Milestones(
        "complaint",
        accepted_at,
        happened | {"accepted": [accepted_at], "withdrawn": withdrawn},
        {"category": on_list(facts, "category"), "level": on_list(facts, "level")},
        ((area and area.area_type) or UNKNOWN,),
        ended=ended,
    )


def stated_by(facts: State, fact: str, at: int) -> tuple[str, str] | None:
    """The event that says that something happened then, and its source; None where no single one does."""
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
    """The instants at which a value of a fact says that something happened: of a plan also when it was made public."""
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
    """When the case began: at its own begin, else with the first thing that is known of it."""
    known = [at for at in begins if at is not None]
    return min(known or (at for instants in others for at in instants), default=0)
