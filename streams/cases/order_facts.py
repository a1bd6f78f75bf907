"""The facts of a work order event, each with its path in the state of the case.

| path | value |
| --- | --- |
| created, report_received_at, work_type, origin, outage_id, point_id, complaint_id, area | the last value stated |
| triggered_by | a set of identities |
| dispatched, reassigned, waiting, returned, rated; occurrence | [instant, crew or reason or score, if stated] |
| accepted, en_route, arrived, resumed, field_complete; occurrence | [instant] |
| cancelled, closed; occurrence | [instant] |

The occurrence is the event's id, or the one it corrects; a void event retracts it.
"""

from __future__ import annotations

from typing import Any

from streams.facts import Fact
from streams.facts import occurrences as occurrence
from streams.facts import set as fact_set

_ALWAYS = ("report_received_at", "work_type", "origin")
_OPTIONAL = ("outage_id", "point_id", "complaint_id", "area")
_DETAIL = {
    "dispatched": "crew",
    "reassigned": "crew",
    "waiting": "reason",
    "returned": "reason",
    "rated": "score",
}


def facts_of(event: Any) -> list[Fact]:
    """The facts of one event of `schemas.order`."""
    name = event.event_type
    if name == "created":
        return _created(event)
    path = (name, occurrence.identity(event.event_id, event.corrects))
    if event.void:
        return [Fact(path, None)]
    detail = event.given.get(_DETAIL[name]) if name in _DETAIL else None
    return [Fact(path, [event.occurred_at] if detail is None else [event.occurred_at, detail])]


def _created(event: Any) -> list[Fact]:
    if event.void:
        return [Fact(("created",), None), *(Fact((name,), None) for name in _ALWAYS)]
    given = event.given
    facts = [Fact(("created",), event.occurred_at)]
    facts += [Fact((name,), given[name]) for name in _ALWAYS]
    facts += [Fact((name,), given[name]) for name in _OPTIONAL if name in given]
    if "triggered_by" in given:
        facts.append(fact_set.snapshot(("triggered_by",), event.triggered_by or ()))
    return facts
