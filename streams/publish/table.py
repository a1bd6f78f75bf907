"""The KPI table of a partition in memory: the last record of each key, when it was sent, and what waits."""

from __future__ import annotations

from typing import Any

import orjson

from schemas.event import parse_instant
from streams.publish.timers import Timers

Record = dict[str, Any]


class Table:
    """Records by key; `sent` is the second a key was last published at, `dirty` are keys whose data changed since."""

    def __init__(self, publish_interval: int, growth_interval: int) -> None:
        self.publish_interval, self.growth_interval = publish_interval, growth_interval
        self.records: dict[str, Record] = {}
        self.sent: dict[str, int] = {}
        self.dirty: set[str] = set()
        self.timers = Timers()

    def load(self, key: str, value: bytes | None) -> None:
        """Take over a record that was published before; None retires its key."""
        if value is None:
            self.remove(key)
        else:
            record = orjson.loads(value)
            record.setdefault("findings", [])  # of a release that published neither
            record.setdefault("since", None)
            self.put(key, record, parse_instant(record["as_of"]))

    def put(self, key: str, record: Record, sent: int) -> None:
        """A record was published."""
        self.records[key], self.sent[key] = record, sent
        self.dirty.discard(key)

    def remove(self, key: str) -> None:
        """A key was retired."""
        self.records.pop(key, None)
        self.sent.pop(key, None)
        self.dirty.discard(key)

    def fresh(self, key: str, changed_at: int | None) -> bool:
        """Whether the data has changed since the last publication, and not only the time."""
        return key in self.dirty or (changed_at is not None and changed_at > self.sent[key])

    def may_send(self, key: str, wait: int, now: int) -> bool:
        """Whether a key was last sent `wait` seconds ago or more; if not, it is checked again then."""
        sent = self.sent.get(key)
        if sent is None or now - sent >= wait:
            return True
        self.timers.put(sent + wait, key)
        return False

    def plan(self, key: str, changed_at: int | None, now: int) -> None:
        """Plan the next check of a key that is up to date: of a growing value, at once while it has a change."""
        if changed_at is None:
            self.dirty.discard(key)
        elif self.fresh(key, changed_at):
            self.timers.put(now + 1, key)
        else:
            self.timers.put(max(self.sent[key] + self.growth_interval, now + 1), key)
