"""Whether a record of the network topic is a policy or a calendar: the contract of both, written down a second time."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

Check = Callable[[Any], bool]
Fields = Mapping[str, tuple[bool, Check]]  # by name: whether it is required, and what it may hold

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
MINUTES_MAX: Final = 366 * 24 * 60
PERCENT_MAX: Final = 100_000
WORKING_DAYS_MAX: Final = 100
DEADLINE: Final = 100  # percent
CLOCKS: Final = (
    "L1", "L2", "L3a", "L3b", "L5", "L6", "L7", "L8a", "L8b", "L9", "L11", "L11b", "L12", "L13", "L15a", "L15b", "L17",
    "L18", "L19", "L20", "L21",
)  # fmt: skip
FACTS: Final = {
    "order": "report dispatched reassigned accepted en_route arrived field_complete returned cancelled closed",
    "outage": "predicted confirmed scheduled notice known started restored etr_told info_fault info_etr "
    "info_restoration info_delay closed",
    "complaint": "accepted assigned transferred returned contacted forwarded replied closed reopened withdrawn",
    "point": "out within severe eased silent heard unknown",
}
TRAITS: Final = {
    "area_type": ("order outage complaint point", "urban rural remote"),
    "work_type": ("order", "repair reconnection rectification inspection other"),
    "outage_kind": ("outage", "fault planned temporary load_shedding upstream customer_caused non_payment other"),
    "category": ("complaint", "service business outage supply_quality grid_construction other"),
    "level": ("complaint", "special major important general other"),
}
# A run of a point's values, and all that may end it.
RUNS: Final = {"out": {"within", "unknown"}, "severe": {"eased", "unknown"}, "silent": {"heard"}}


def is_sound(value: Any, record_type: str) -> bool:
    """Whether a JSON value is a policy, or a calendar, of the contract."""
    if not isinstance(value, dict) or value.get("record_type") != record_type:
        return False
    if record_type == "calendar":
        return _holds(value, CALENDAR) and value["valid_from"] <= value["valid_to"]
    return (
        _holds(value, POLICY)
        and all(a < b for a, b in pairwise(part[end] for part in value["office_hours"] for end in ("from", "to")))
        and len({rule["clock"] for rule in value["clocks"]}) == len(value["clocks"])
    )


def _text(most: int) -> Check:
    return lambda value: isinstance(value, str) and 1 <= len(value) <= most


def _number(least: int, most: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _one_of(words: str) -> Check:
    known = words.split()
    return lambda value: isinstance(value, str) and value in known


def _list(check: Check, least: int = 0, most: int = 1 << 30) -> Check:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(check, value))


def _nullable(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and CLOCK.fullmatch(value) is not None


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or DAY.fullmatch(value) is None or not "1900-01-01" <= value <= "2199-12-31":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_span(value: Any) -> bool:
    days = {"from": (True, _is_day), "to": (True, _is_day)}
    return isinstance(value, dict) and _holds(value, days) and bool(value["from"] <= value["to"])


def _are_hours(value: Any) -> bool:
    return isinstance(value, dict) and _holds(value, {"from": (True, _is_time), "to": (True, _is_time)})


def _is_limit(value: Any) -> bool:
    return isinstance(value, dict) and _holds(value, LIMIT)


def _is_rule(value: Any) -> bool:
    return isinstance(value, dict) and _holds(value, RULE) and all(_together(value))


def _holds(value: Mapping[str, Any], fields: Fields) -> bool:
    """Whether each field that is there, or has to be, holds what it may; other fields say nothing."""
    return all(check(value[name]) if name in value else not required for name, (required, check) in fields.items())


def _together(rule: dict[str, Any]) -> Iterator[bool]:
    """What no field shows by itself."""
    kind, unit, due = rule["kind"], rule.get("unit", "minutes"), rule.get("due")
    starts, stops, voids = rule["start"], rule["stop"], rule.get("void", [])
    limits = [limit["limit"] for limit in rule["limits"]]
    yield set(starts + stops + voids) <= set(FACTS[kind].split())
    traits = {name: kinds for name, (kinds, _) in TRAITS.items()} | {"important": "outage"}
    yield all(kind in traits[name].split() for limit in rule["limits"] for name in limit if name in traits)
    yield due is None or (kind == "outage" and unit == "minutes")
    yield not rule.get("early", False) or (due == "plan_start" and stops == ["started"])
    yield due is not None or min(limits) >= 1
    yield unit != "working_days" or max(limits) <= WORKING_DAYS_MAX
    yield not rule.get("pause_reasons") or (kind == "order" and due is None)
    yield unit == "minutes" or not rule.get("grace_minutes", 0)
    yield unit != "intervals" or (kind == "point" and starts == ["silent"])
    if kind == "point":
        yield "working" not in unit and len(starts) == 1 and RUNS.get(starts[0], {""}) <= set(stops + voids)
    warns, escalates = rule.get("warn_percent", [75, 90]), rule.get("escalate_percent", [200])
    yield all(a < b for levels in (warns, escalates) for a, b in pairwise(levels))
    yield max(warns, default=0) < DEADLINE < min(escalates, default=PERCENT_MAX)


_ID, _TEXT, _PERCENT, _MINUTES = _text(128), _text(256), _number(1, PERCENT_MAX), _number(1, MINUTES_MAX)
_FACTS = _one_of(" ".join(FACTS.values()))
LIMIT: Final[Fields] = {
    "limit": (True, _number(-MINUTES_MAX, MINUTES_MAX)),
    "important": (False, _nullable(_is_flag)),
    **{name: (False, _nullable(_list(_one_of(words)))) for name, (_, words) in TRAITS.items()},
}
RULE: Final[Fields] = {
    "clock": (True, _one_of(" ".join(CLOCKS))),
    "kind": (True, _one_of("order outage complaint point")),
    "start": (True, _list(_FACTS, 1)),
    "each": (False, _is_flag),
    "stop": (True, _list(_FACTS, 1)),
    "void": (False, _list(_FACTS)),
    "due": (False, _nullable(_one_of("etr plan_start plan_end"))),
    "early": (False, _is_flag),
    "unit": (False, _one_of("minutes working_minutes working_days intervals")),
    "limits": (True, _list(_is_limit, 1)),
    "grace_minutes": (False, _number(0, MINUTES_MAX)),
    "warn_percent": (False, _list(_PERCENT, 0, 2)),
    "warn_minutes_before": (False, _nullable(_MINUTES)),
    "escalate_percent": (False, _list(_PERCENT)),
    "pause_reasons": (False, _list(_TEXT)),
    "severity": (True, _one_of("warning critical")),
    "obligation": (False, _one_of("law commitment default")),
    "source": (True, _TEXT),
}
POLICY: Final[Fields] = {
    "policy": (True, _ID),
    "valid_from": (True, _is_day),
    "office_hours": (True, _list(_are_hours, 1)),
    "cutoff": (False, _nullable(_is_time)),
    "clocks": (True, _list(_is_rule)),
}
CALENDAR: Final[Fields] = {
    "calendar": (True, _ID),
    "valid_from": (True, _is_day),
    "valid_to": (True, _is_day),
    "off": (False, _list(_is_span)),
    "working": (False, _list(_is_day)),
}
