"""Lives of outages, orders and complaints for tests: short ways to say what happened, and to read what came of it."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import schemas.complaint as complaint_events
import schemas.order as order_events
import schemas.outage as outage_events
from schemas.network import Area
from schemas.policy import Policy
from streams.cases.contribution import Contribution
from streams.cases.registry import CaseKind
from streams.dimensions.periods import day_start
from streams.facts import Stamp, State, merge
from streams.reference import calendars
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.sla.policy import shipped

ZONE = "Asia/Shanghai"
_numbers = itertools.count(1)


def at(text: str) -> int:
    """Epoch seconds of a local time, such as "03 08:00" or "03 08:00:30" in June 2026, "09-18 08:00" in its year."""
    day, _, clock = text.partition(" ")
    date = f"2026-{day}" if "-" in day else f"2026-06-{day}"
    return int(datetime.fromisoformat(f"{date}T{clock}").replace(tzinfo=ZoneInfo(ZONE)).timestamp())


def area(name: str, region: str = "north", area_type: str | None = "urban", customers: int = 10_000) -> Area:
    served = [{"from": "2026-01-01", "customers": customers}]
    return Area.model_validate({"area": name, "region": region, "area_type": area_type, "served": served})


NETWORK = Network.from_records(
    [area("A"), area("B", "north", "rural"), area("C", "south", "remote"), area("U", "south", None)]
)
REFERENCE = Reference(NETWORK, Rules(calendar=calendars.load()))


def promising(reference: Reference = REFERENCE, *, valid_from: str = "1970-01-01", **changes: Any) -> Reference:
    """The reference with another policy: clocks by their names, as {field: value}, and fields of the whole policy."""
    said = shipped().model_dump(mode="json", exclude_unset=True)
    for rule in said["clocks"]:
        rule.update(changes.pop(rule["clock"], {}))
    policy = Policy.model_validate_json(json.dumps({**said, "policy": "test", "valid_from": valid_from, **changes}))
    return replace(
        reference, commitments=replace(reference.commitments, policies=(*reference.commitments.policies, policy))
    )


# What the shipped policy does not have: office hours, a cut-off, waiting for material; all within the time of a life.
STRICT = promising(
    office_hours=[{"from": "09:00", "to": "12:05"}, {"from": "12:10", "to": "18:00"}],
    cutoff="12:12",
    L1={"limits": [{"limit": 4}], "unit": "working_minutes", "pause_reasons": ["material"], "warn_percent": [50, 90]},
    L3a={"limits": [{"limit": 8, "area_type": ["rural"]}, {"limit": 5}], "pause_reasons": ["material"]},
    L5={"limits": [{"limit": 3}], "unit": "working_minutes", "pause_reasons": ["material"]},
    L7={"grace_minutes": 1, "warn_minutes_before": 3},
    L11={"grace_minutes": 1, "warn_minutes_before": 3},
    L11b={"grace_minutes": 1},
    L12={"limits": [{"limit": -3}]},
    L13={"limits": [{"limit": 9}], "warn_minutes_before": 2},
    L9={"limits": [{"limit": 1, "important": True}, {"limit": 5}], "unit": "working_minutes"},
    L18={"limits": [{"limit": 300}], "unit": "working_minutes", "warn_minutes_before": 60},
    L19={"limits": [{"limit": 1}]},
    L21={"limits": [{"limit": 2, "category": ["outage"]}, {"limit": 1, "level": ["major"]}]},
)


def _event(module: Any, name: str, when: str | int, key: dict[str, str], said: dict[str, Any]) -> Any:
    number = next(_numbers)
    instant = at(when) if isinstance(when, str) else when
    envelope = {
        "event_id": f"event-{number}",
        "revision": number,
        "occurred_at": instant,
        "recorded_at": instant,
        "source": "oms",
    }
    for field, value in said.items():
        if isinstance(value, dict) and field == "areas":
            count = "remaining" if name in {"extended", "step_restored"} else "customers"
            said[field] = [{"area": area or None, count: n} for area, n in value.items()]
    kind = {"kind": "fault"} if name == "started" else {"by": "repair"} if name == "step_restored" else {}
    cls = getattr(module, "".join(word.capitalize() for word in name.split("_")))
    return cls(**{**key, **envelope, **kind, **said})


def outage(name: str, when: str | int, **said: Any) -> Any:
    """An outage event; `areas` may be a dict of area ("" = unknown) to customers, or to customers remaining."""
    return _event(outage_events, name, when, {"outage_id": "O"}, said)


def order(name: str, when: str | int, **said: Any) -> Any:
    """An order event; a creation is that of a call for repair, received when it occurred, unless said otherwise."""
    if name == "created":
        received = at(when) if isinstance(when, str) else when
        said = {"report_received_at": received, "work_type": "repair", "origin": "call", "area": "A", **said}
    return _event(order_events, name, when, {"work_order_id": "W"}, said)


def complaint(name: str, when: str | int, **said: Any) -> Any:
    """A complaint event; an acceptance is that of a complaint in area A unless said otherwise."""
    fixed = {
        "accepted": {"case_kind": "complaint", "area": "A"},
        "assigned": {"unit": "u1"},
        "transferred": {"unit": "u2"},
        "ruled": {"justified": True},
        "rated": {"score": 4},
    }
    return _event(complaint_events, name, when, {"complaint_id": "C"}, {**fixed.get(name, {}), **said})


def facts(kind: CaseKind, events: Iterable[Any]) -> State:
    """What is known after the events."""
    state: State = {}
    for event in events:
        merge(state, kind.facts_of(event), Stamp.of(event))
    return state


def look(kind: CaseKind, events: Iterable[Any], now: str | int, reference: Reference = REFERENCE) -> Contribution:
    """What the events contribute at an instant."""
    return kind.contribution("X", facts(kind, events), reference, at(now) if isinstance(now, str) else now)


def value(contribution: Contribution, measure: str, cell: str, t: str | int = 0, zone: str = ZONE) -> int:
    """A measure's value at t; 0 where nothing is contributed."""
    fixed, rate = contribution.measures.get((cell, measure), (0, 0))
    instant = at(t) if isinstance(t, str) else t
    return fixed + rate * (instant - day_start(cell.rpartition("|")[2], zone)) if rate else fixed


def measures(contribution: Contribution, scope: str = "all") -> dict[tuple[str, str], tuple[int, int]]:
    """The amounts in one scope by (day, measure), without those of the clocks of the policy."""
    return {
        (cell.rpartition("|")[2], measure): amount
        for (cell, measure), amount in contribution.measures.items()
        if cell.rpartition("|")[0] == scope and not measure.startswith("sla_")
    }
