"""What was told of clocks in grid.sla-breaches.v1, against what the oracle lists: clock by clock, change by change."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from schemas.event import parse_instant
from streams import topics
from streams.oracle.announced import BROKEN, STATUSES, Change, Status, announced
from streams.oracle.engine import Oracle
from streams.oracle.records import FAMILIES, Record, mark_of
from streams.settings import Settings
from tests.support.workers import committed

WIDTH = 118
CASES = (topics.OUTAGES, topics.REPAIRS, topics.COMPLAINTS)
KINDS = ("outage", "order", "complaint")  # whose clocks the oracle lists
Changes = Mapping[str, list[Change]]  # by clock|kind/case|cycle, in time


def change_of(record: Mapping[str, Any]) -> Change:
    """A record as the oracle would list it."""
    ended = record["stopped_by"] and record["stopped_by"]["occurred_at"]
    instants = (record["started_at"], record["deadline_at"], ended)
    stand = Status(record["status"], record["level_percent"], *(at and parse_instant(at) for at in instants))
    return Change(parse_instant(record["detected_at"]), stand)


def by_clock(changes: Iterable[tuple[str, Change]]) -> Changes:
    found: dict[str, list[Change]] = {}
    for key, change in changes:
        found.setdefault(key, []).append(change)
    return found


@dataclass(frozen=True)
class Compared:
    """What workers told and what the oracle lists, from the first mark on."""

    told: Changes
    listed: Changes
    first: int

    @cached_property
    def wrong(self) -> list[str]:
        """A sentence for each clock of which something else was told, and for each deadline before the first mark."""
        clocks = sorted(self.told.keys() | self.listed.keys())
        found = [
            f"{key}: told {self.told.get(key, [])}, listed {self.listed.get(key, [])}"
            for key in clocks
            if self.told.get(key) != self.listed.get(key)
        ]
        over = [key for key, changes in self.told.items() if (changes[0].clock.deadline_at or self.first) < self.first]
        return found + [f"{key}: its deadline lay before the first mark" for key in over]

    def section(self) -> list[str]:
        """For a report: how much was compared, what differs."""
        statuses = ", ".join(f"{status} {n:,}" for status, n in self.statuses.most_common())
        clocks = ", ".join(f"{clock} {n:,}" for clock, n in sorted(self.clocks.items()))
        about = (
            f"Of {len(self.listed):,} clocks of outages, orders and complaints the oracle lists "
            f"{self.statuses.total():,} announcements: {statuses}. Each has to be in "
            "`grid.sla-breaches.v1` once, in this order, at this mark, with status, level, begin, deadline and end, "
            f"and nothing else. Clocks of which a breach is among them: {clocks}."
        )
        found = f"**{len(self.listed.keys() | self.told.keys()):,} clocks compared, {len(self.wrong):,} differ.**"
        return [textwrap.fill(about, WIDTH), "", found, *(f"- {sentence}" for sentence in self.wrong[:20]), ""]

    @property
    def statuses(self) -> Counter[str]:
        return Counter(change.clock.status for changes in self.listed.values() for change in changes)

    @property
    def clocks(self) -> Counter[str]:
        """Of how many cases and cycles of each clock a breach is listed."""
        broken = (key for key, said in self.listed.items() if any(each.clock.status in BROKEN for each in said))
        return Counter(key.split("|", 1)[0] for key in broken)


def compare(settings: Settings) -> Compared:
    """What was told of outages, orders and complaints under these settings, with marks, and what should have been."""
    prefix = settings.topic_prefix
    records = committed(settings.broker, prefix + topics.SLA_BREACHES, evaluation=True)
    # A withdrawn key is one of points, or of cases that an older version had.
    said = ((record.key.decode(), orjson.loads(record.value)) for record in records if record.value is not None)
    told = by_clock((key, change_of(record)) for key, record in said if record["kind"] in KINDS)
    with Oracle(settings, _inputs(settings)) as oracle:
        return Compared(told, by_clock(announced(oracle, oracle.marks)), oracle.marks[0])


def stands(settings: Settings) -> dict[str, Status]:
    """How every clock stands at the last mark, by the oracle, announced or not."""
    inputs, kinds = _inputs(settings), dict(zip(CASES, KINDS, strict=True))
    cases = {(kinds[each.topic], (each.key or b"").decode()) for each in inputs if each.topic in kinds}
    with Oracle(settings, inputs) as oracle:
        (rows,) = oracle.clocks(oracle.marks[-1], (STATUSES,), sorted(cases))
        return {key: Status(*stand) for key, *stand in rows}


def _inputs(settings: Settings) -> list[Record]:
    every = (topics.NETWORK, *CASES)
    prefix = settings.topic_prefix
    return [_input(topic, record) for topic in every for record in committed(settings.broker, prefix + topic)]


def _input(topic: str, record: Any) -> Record:
    assert topic in FAMILIES
    mark = mark_of(record.value, record.headers)
    return Record(topic, record.partition, record.offset, record.timestamp, record.key, record.value, mark)
