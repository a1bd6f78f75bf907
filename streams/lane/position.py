"""Where a source partition stands: the one truth about what was applied, stored in the ledger with the state itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from streams.errors import LaneBroken

KEY = b"position"
VERSION = b"\x01"
OUTCOMES = ("applied", "duplicate", "stale", "rejected", "defect", "forwarded", "marks")


@dataclass(slots=True)
class TopicPosition:
    """Next offset to apply and what became of all before it; `start` is the first offset ever seen."""

    next_offset: int | None = None
    start: int | None = None
    last_timestamp: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))

    def count(self, outcomes: Mapping[str, int]) -> None:
        for outcome, n in outcomes.items():
            self.counts[outcome] += n


@dataclass(slots=True)
class Position:
    """One source partition's topics, read time (seconds), clock and what its state machine keeps beside them."""

    partitions: int
    clock: str
    topics: dict[str, TopicPosition]
    as_of: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def encode(self) -> bytes:
        return VERSION + orjson.dumps(
            {
                "partitions": self.partitions,
                "clock": self.clock,
                "as_of": self.as_of,
                "extra": self.extra,
                "topics": {
                    name: {
                        "next_offset": topic.next_offset,
                        "start": topic.start,
                        "last_timestamp": topic.last_timestamp,
                        "counts": topic.counts,
                    }
                    for name, topic in self.topics.items()
                },
            }
        )

    def restore(self, stored: bytes) -> None:
        """Take over what an earlier owner left; refuse what this one would misread."""
        if stored[:1] != VERSION:
            raise LaneBroken(f"the ledger was written in format {stored[0]}, this version reads format {VERSION[0]}")
        value = orjson.loads(stored[1:])
        for name in ("partitions", "clock"):
            if value[name] != getattr(self, name):
                raise LaneBroken(
                    f"the ledger was written with {name} = {value[name]}, this worker is set to {getattr(self, name)}"
                )
        self.as_of, self.extra = value["as_of"], value["extra"]
        for name, topic in value["topics"].items():
            if name in self.topics:
                counts = dict.fromkeys(OUTCOMES, 0) | topic["counts"]
                self.topics[name] = TopicPosition(topic["next_offset"], topic["start"], topic["last_timestamp"], counts)
