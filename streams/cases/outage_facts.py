"""The facts of an outage event, each with its path in the state of the case.

| path | value |
| --- | --- |
| kind, cause, plan, detected_by, detected_at, first_call_at, etr, merged, split | the last value stated |
| predicted, confirmed, scheduled, announced, cancelled, closed, merged_at, split_at | instant |
| expected | {area: counts} before anything began |
| start, cycle and end, cycle | instant |
| count, cycle | {area: [customers, mv_users, residential, important], without trailing nulls} |
| timeline, instant, area | [remaining, restored, 1 if extended], likewise |
| steps, step id | [instant, {area: as in the timeline}] |
| info, about, occurrence | instant |
| etrs, occurrence | [instant at which an estimate was stated, the estimate, null where it was withdrawn] |
| plans, type of event, occurrence | [instant at which a plan was stated, when it was announced, its start, its end] |

The area "" is the unknown area. A list of counts is one register: another list replaces it as a whole. A void event
retracts the facts under its identity (the instant, the counts, the entries), and states nothing about the whole outage
(its kind, its cause).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from schemas.event import OTHER, instant_of, of_list
from schemas.outage import About
from streams.facts import Fact
from streams.facts import occurrences as occurrence
from streams.facts import set as fact_set

if TYPE_CHECKING:
    from collections.abc import Callable

ABOUT = get_args(About)
_ABOUT_THE_WHOLE = ("kind", "cause", "detected_by", "detected_at", "first_call_at")


def facts_of(event: Any) -> list[Fact]:
    """The facts of one event of `schemas.outage`."""
    return _FACTS_OF[event.event_type](event)


def _whole(event: Any) -> list[Fact]:
    """The facts about the outage as a whole; absent is not null."""
    if event.void:
        return []
    given = event.given
    facts = [Fact((name,), given[name]) for name in _ABOUT_THE_WHOLE if name in given]
    if "plan" in given:
        facts.append(_plan(event))
    return facts


def _plan(event: Any) -> Fact:
    plan = event.plan
    if event.void or plan is None:
        return Fact(("plan",), None)
    return Fact(("plan",), {"announced_at": plan.announced_at, "start": plan.start, "end": plan.end})


def _suspected(event: Any) -> list[Fact]:
    return [Fact((event.event_type,), _unless_void(event)), *_counts(event, ("expected",)), *_whole(event)]


def _version(event: Any) -> Fact:
    """The plan as one of its versions: a commitment stays, whatever is stated later."""
    path = ("plans", event.event_type, occurrence.identity(event.event_id, event.corrects))
    plan = event.plan
    version = None if event.void else [event.occurred_at, plan.announced_at, plan.start, plan.end]
    return Fact(path, version)


def _intended(event: Any) -> list[Fact]:
    facts = [*_suspected(event), _version(event)]
    if event.void:
        facts.append(_plan(event))
    elif "kind" not in event.given:
        facts.append(Fact(("intended_kind",), "planned"))
    return facts


def _started(event: Any) -> list[Fact]:
    cycle = str(event.cycle)
    counts = [Fact(("count", cycle), None)] if event.void else _counts(event, ("count", cycle))
    version = [] if event.plan is None and not event.void else [_version(event)]
    return [Fact(("start", cycle), _unless_void(event)), *counts, *_whole(event), *version]


def _count_revised(event: Any) -> list[Fact]:
    return _counts(event, ("count", str(event.cycle)))


def _restored(event: Any) -> list[Fact]:
    return [Fact(("end", str(event.cycle)), _unless_void(event))]


def _instant_only(event: Any) -> list[Fact]:
    return [Fact((event.event_type,), _unless_void(event))]


def _merged(event: Any) -> list[Fact]:
    return [Fact(("merged",), None if event.void else event.into), Fact(("merged_at",), _unless_void(event))]


def _split(event: Any) -> list[Fact]:
    into = fact_set.snapshot(("split",), () if event.void else event.into)
    return [into, Fact(("split_at",), _unless_void(event))]


def _info_published(event: Any) -> list[Fact]:
    path = ("info", of_list(event.about, ABOUT) or OTHER, occurrence.identity(event.event_id, event.corrects))
    return [Fact(path, _unless_void(event))]


def _etr(event: Any) -> list[Fact]:
    path = ("etrs", occurrence.identity(event.event_id, event.corrects))
    version = None if event.void else [event.occurred_at, event.etr]
    return [Fact(("etr",), None if event.void else event.etr), Fact(path, version)]


def _entries(event: Any) -> list[Fact]:
    """Step restored and extended: entries of the timeline, by their instant, or by the id of a named step."""
    extended = event.event_type == "extended"
    entries = {
        item.area or "": _trimmed([item.remaining, item.restored, 1 if extended else None]) for item in event.areas
    }
    moved = None if event.corrects is None else instant_of(event.corrects)
    step = None if extended else event.step
    if event.corrects is not None and moved is None:
        step = event.corrects
    facts = []
    if moved is not None:
        facts = [Fact(("timeline", str(moved), area), None) for area in entries]
    if step is not None:
        value = None if event.void else [event.occurred_at, entries]
        return [*facts, Fact(("steps", step), value)]
    if event.void:
        return facts or [Fact(("timeline", str(event.occurred_at), area), None) for area in entries]
    if moved == event.occurred_at:
        facts = []
    return facts + [Fact(("timeline", str(event.occurred_at), area), entry) for area, entry in entries.items()]


def _counts(event: Any, path: tuple[str, ...]) -> list[Fact]:
    """The whole list of areas, if the event has one."""
    if event.areas is None:
        return []
    counts = {
        item.area or "": _trimmed([item.customers, item.mv_users, item.residential, item.important])
        for item in event.areas
    }
    return [Fact(path, None if event.void else counts)]


def _unless_void(event: Any) -> int | None:
    return None if event.void else event.occurred_at


def _trimmed(values: list[int | None]) -> list[int | None]:
    while len(values) > 1 and values[-1] is None:
        values.pop()
    return values


_FACTS_OF: dict[str, Callable[[Any], list[Fact]]] = {
    "predicted": _suspected,
    "confirmed": _suspected,
    "scheduled": _intended,
    "announced": _intended,
    "started": _started,
    "extended": _entries,
    "step_restored": _entries,
    "count_revised": _count_revised,
    "restored": _restored,
    "closed": _instant_only,
    "cancelled": _instant_only,
    "merged": _merged,
    "split": _split,
    "info_published": _info_published,
    "etr": _etr,
}
