"""Contradictions between the lines of one file; the ledger cannot detect them, because it keeps the last statement.

A row for each area of an interruption is the usual case: each row states a whole list of areas, and so replaces the
list of the row before it.
"""

from collections import OrderedDict
from typing import Any, NamedTuple

from schemas import codec
from schemas.event import format_instant
from schemas.voltage import Reading
from streams.load.mapping import Times
from streams.load.times import stood_twice

# Some 300 bytes each; lines of one interruption are close to each other.
KEPT_MAX = 500_000
# Events with a complete list of areas, and events with one instant of a cycle.
WHOLE_LISTS = frozenset({"predicted", "confirmed", "scheduled", "announced", "started", "count_revised"})
STATED_ONCE = WHOLE_LISTS | {"restored"}
IDS = ("outage_id", "work_order_id", "complaint_id")
# The fields that identify a version, with the type of the event; voltages have a place and a time, no event_id.
IDENTITY = ("event_id", "source", "revision", "recorded_at", "void", "cycle", "step", *IDS)
VOLTAGE_IDENTITY = ("area", "point", "phase", "value_kind", "occurred_at", "start", "interval_seconds", "day")


class _Stated(NamedTuple):
    line: int
    recorded_at: int
    occurred_at: int
    areas: frozenset[tuple[str | None, int | None]] | None


class Contradictions:
    """Stores the statements of a file's lines; `against` describes the statement that an event contradicts."""

    def __init__(self, times: Times | None = None) -> None:
        self._zone = times.zone if times is not None and times.ambiguous != "refuse" else None
        self._stated: OrderedDict[tuple[Any, ...], _Stated] = OrderedDict()
        self._doubled: dict[tuple[Any, ...], int] = {}
        self._versions: OrderedDict[int, tuple[int, int]] = OrderedDict()  # hash of a version: line, hash of its event

    def against(self, family: str, event: Any, line: int) -> str | None:
        """The statement that an event contradicts; without a contradiction the event is stored."""
        if family == "outages" and event.event_type in STATED_ONCE and not event.void:
            return self._against_stated(event, line)
        return self._against_doubled(event, line) or self._against_version(event, line)

    def _against_version(self, event: Any, line: int) -> str | None:
        """A different statement under the same version: the ledger would keep only one of the two."""
        names = (*IDENTITY, *(() if hasattr(event, "event_id") else VOLTAGE_IDENTITY))
        version = hash((type(event), *(getattr(event, name, None) for name in names)))
        content = hash(codec.encode(event))
        other, before = self._versions.setdefault(version, (line, content))
        if before == content:
            if len(self._versions) > KEPT_MAX:
                self._versions.popitem(last=False)
            return None
        what = f"event_id {event.event_id!r}" if hasattr(event, "event_id") else f"a value of {event.point}"
        return (
            f"{what} is in line {other} with another content, and neither revision nor recorded_at shows which is "
            "newer: one would replace the other"
        )

    def _against_doubled(self, event: Any, line: int) -> str | None:
        if self._zone is not None and isinstance(event, Reading) and stood_twice(event.occurred_at, self._zone):
            return self._against_reading(event, line)
        return None

    def _against_stated(self, event: Any, line: int) -> str | None:
        key = (event.outage_id, event.event_type, getattr(event, "cycle", 0), event.source, event.revision)
        listed = getattr(event, "areas", None)
        areas = None if listed is None else frozenset((item.area, item.customers) for item in listed)
        new, old = _Stated(line, event.recorded_at, event.occurred_at, areas), self._stated.get(key)
        what = None if old is None else _difference(old, new)
        if old is not None and what:
            return (
                f"{event.event_type} of {event.outage_id} states other {what} than line {old.line}, in the same "
                "revision: one would replace the other. One event lists all areas; a later one has a greater revision"
            )
        self._stated[key] = new
        if len(self._stated) > KEPT_MAX:
            self._stated.popitem(last=False)
        return None

    def _against_reading(self, event: Reading, line: int) -> str | None:
        key = (event.area, event.point, event.phase, event.source, event.occurred_at)
        other = self._doubled.setdefault(key, line)
        if other == line:
            return None
        return (
            f"{event.point} has a value for {format_instant(event.occurred_at)} in line {other} already: in the hour "
            f"that {self._zone} has twice, the rule of the mapping makes one instant of two. Send offsets"
        )


def _difference(old: _Stated, new: _Stated) -> str | None:
    """The difference of two statements of one version; a newer list of numbers for the same areas is an update."""
    if old.areas != new.areas and old.areas and new.areas:
        names = [{area for area, _ in stated.areas or ()} for stated in (old, new)]
        if old.recorded_at == new.recorded_at or not names[0] & names[1]:
            return "areas"
    return "times" if old.recorded_at == new.recorded_at and old.occurred_at != new.occurred_at else None
