"""Recovery's proof that the log of announcements and grid.sla-breaches.v1 say the same (docs/decisions/0016)."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

import orjson

from schemas.event import format_instant, parse_instant
from streams.sla.announcements import RETRACTED, Entry, Log

VOIDED = (RETRACTED, "void")
NEEDED = frozenset(
    ("status", "open", "level_percent", "started_at", "deadline_at", "detected_at", "severity", "policy", "policy_hash")
)


def record_key(name: str, case_key: str) -> bytes:
    """The key of the record for the entry `<clock>|<cycle>` of a case's log."""
    clock, _, cycle = name.partition("|")
    return f"{clock}|{case_key}|{cycle}".encode()


def unproven(log: Log, case_key: str, rows: Mapping[bytes, bytes], kept_since: int) -> frozenset[str]:
    """The entries whose record is not in the topic, or differs, and cannot have been deleted by retention.

    `kept_since` (epoch seconds): what was announced before it may be gone.
    """
    return frozenset(
        name
        for name, entry in log.items()
        if _announced_at(entry) >= kept_since and not _says(rows.get(record_key(name, case_key)), entry)
    )


def standing(rows: Mapping[bytes, bytes], cases: Container[str]) -> Iterator[tuple[str, str, Entry]]:
    """Case, name and entry for every record of one of these cases whose clock goes on."""
    for raw, value in rows.items():
        clock, _, rest = raw.decode(errors="replace").partition("|")
        case_key, _, cycle = rest.rpartition("|")
        record = _parsed(value) if case_key in cases else {}
        if record.get("open") and record["status"] not in VOIDED:
            yield case_key, f"{clock}|{cycle}", _entry(record)


def _announced_at(entry: Entry) -> int:
    """When, or an instant before that: entries from before 2026-12 do not have it."""
    instants = (entry.get(name) for name in ("at", "started_at", "ended_at"))
    return max((at for at in instants if at is not None), default=0)


def _says(value: bytes | None, entry: Entry) -> bool:
    record = _parsed(value)
    return bool(record) and (
        record["status"] == entry["told"]
        and record["level_percent"] == entry["level"]
        and record["started_at"] == _formatted(entry["started_at"])
        and record["deadline_at"] == _formatted(entry["deadline_at"])
    )


def _parsed(value: bytes | None) -> dict[str, Any]:
    """A record's fields; none where it is no record of ours: it is written over."""
    try:
        record = orjson.loads(value or b"")
        return record if record.keys() >= NEEDED else {}
    except (orjson.JSONDecodeError, AttributeError):
        return {}


def _formatted(at: int | None) -> str | None:
    return None if at is None else format_instant(at)


def _entry(record: Mapping[str, Any]) -> Entry:
    instants = {name: record[name] and parse_instant(record[name]) for name in ("started_at", "deadline_at")}
    return {
        "told": record["status"],
        "status": record["status"],
        "level": record["level_percent"],
        **instants,
        "ended_at": None,
        "severity": record["severity"],
        "policy": record["policy"],
        "policy_hash": record["policy_hash"],
        "at": parse_instant(record["detected_at"]),
    }
