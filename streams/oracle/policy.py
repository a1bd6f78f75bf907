"""Versions of the policy as rows for SQL: the data is the service's, what is made of it is not."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from streams import topics
from streams.oracle.commitments import is_sound
from streams.oracle.records import Record
from streams.oracle.values import parsed

TABLES = {
    "policy_version": "{version: 'INTEGER', valid_from: 'VARCHAR', cutoff: 'VARCHAR'}",
    "policy_hours": "{version: 'INTEGER', since: 'VARCHAR', until: 'VARCHAR'}",
    "clock_rule": (
        "{version: 'INTEGER', clock: 'VARCHAR', kind: 'VARCHAR', starts: 'VARCHAR[]', each: 'BOOLEAN', "
        "stops: 'VARCHAR[]', voids: 'VARCHAR[]', due: 'VARCHAR', early: 'BOOLEAN', obligation: 'VARCHAR', "
        "unit: 'VARCHAR', grace: 'BIGINT', "
        "warns: 'BIGINT[]', warn_before: 'BIGINT', escalates: 'BIGINT[]', reasons: 'VARCHAR[]'}"
    ),
    "clock_limit": (
        "{version: 'INTEGER', clock: 'VARCHAR', number: 'INTEGER', amount: 'BIGINT', area_type: 'VARCHAR[]', "
        "work_type: 'VARCHAR[]', outage_kind: 'VARCHAR[]', important: 'BOOLEAN', category: 'VARCHAR[]', "
        "level: 'VARCHAR[]'}"
    ),
}


def rows(records: Iterable[Record]) -> dict[str, list[dict[str, Any]]]:
    """Rows of TABLES: the shipped policy, then the loaded ones by their names; of one day the later holds."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    by_day = {policy["valid_from"]: policy for policy in (_shipped(), *loaded(records, "policy"))}
    for version, policy in enumerate(by_day[day] for day in sorted(by_day)):
        found["policy_version"].append(
            {"version": version, "valid_from": policy["valid_from"], "cutoff": policy.get("cutoff")}
        )
        found["policy_hours"] += [
            {"version": version, "since": part["from"], "until": part["to"]} for part in policy["office_hours"]
        ]
        for rule in policy["clocks"]:
            found["clock_rule"].append(_rule(version, rule))
            found["clock_limit"] += [
                {"version": version, "clock": rule["clock"], "number": number, "amount": limit["limit"], **limit}
                for number, limit in enumerate(rule["limits"])
            ]
    return found


def loaded(records: Iterable[Record], record_type: str) -> Iterator[dict[str, Any]]:
    """The last record under each key of one type in the network topic; an invalid record is ignored."""
    standing: dict[bytes, dict[str, Any]] = {}
    for record in records:
        key = record.key or b""
        if record.topic != topics.NETWORK or not key.startswith(f"{record_type}/".encode()):
            continue
        value = None if record.value is None else parsed(record.value)
        if record.value is None:
            standing.pop(key, None)
        elif isinstance(value, dict) and is_sound(value, record_type):
            standing[key] = value
    return (standing[key] for key in sorted(standing))


def _shipped() -> dict[str, Any]:
    return tomllib.loads((files("streams.sla") / "policies" / "default.toml").read_text(encoding="utf-8"))


def _rule(version: int, rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": version,
        "clock": rule["clock"],
        "kind": rule["kind"],
        "starts": rule["start"],
        "each": rule.get("each", False),
        "stops": rule["stop"],
        "voids": rule.get("void", []),
        "due": rule.get("due"),
        "early": rule.get("early", False),
        "obligation": rule.get("obligation", "default"),
        "unit": rule.get("unit", "minutes"),
        "grace": rule.get("grace_minutes", 0),
        "warns": rule.get("warn_percent", [75, 90]) if rule.get("warn_minutes_before") is None else [],
        "warn_before": rule.get("warn_minutes_before"),
        "escalates": rule.get("escalate_percent", [200]),
        "reasons": rule.get("pause_reasons", []),
    }
