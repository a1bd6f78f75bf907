"""Where a source partition stands: the one truth about what was applied, stored in the ledger with the state itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from streams.errors import LaneBroken

KEY = b"position"
VERSION = b"\x02"  # of all that a partition stores; docs/decisions/0018 has the rules for older ones
WITHOUT_ROWS = b"\x01"  # up to November 2026: no count and no hash of the rows
GAPS_MAX = 20  # of a topic; the oldest are forgotten
REBUILD = (
    "Somebody deleted or wrote rows of the ledger, and the numbers would be wrong. `gridpulse rebuild` drops the "
    "ledger, and workers make it anew from the inputs"
)
OUTCOMES = ("applied", "duplicate", "stale", "rejected", "defect", "forwarded", "marks", "lost")


@dataclass(slots=True)
class TopicPosition:
    """Next offset to apply and what became of all before it; `start` is the first offset ever seen."""

    next_offset: int | None = None
    start: int | None = None
    last_timestamp: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    gaps: list[list[int | None]] = field(default_factory=list)  # begin and end in seconds; no end: nothing came since

    def lose(self, beginning: int) -> str:
        """The topic begins after where it was to be read: retention has deleted what lies between; a sentence of it."""
        lost = beginning - (self.next_offset or 0)
        self.count({"lost": lost})
        self.next_offset = beginning
        self.gaps = [*self.gaps[1 - GAPS_MAX :], [self.last_timestamp // 1000, None]]
        return f"retention deleted {lost} records before they were read; the days without them are marked incomplete"

    def resume(self, timestamp: int) -> None:
        """The first record that was applied after a gap (milliseconds) is its end."""
        if self.gaps and self.gaps[-1][1] is None:
            self.gaps[-1][1] = max(timestamp // 1000, self.gaps[-1][0] or 0)

    def count(self, outcomes: Mapping[str, int]) -> None:
        for outcome, n in outcomes.items():
            self.counts[outcome] += n


@dataclass(slots=True)
class Position:
    """One source partition's topics, read time (seconds) and clock.

    `extra` is the state of the fold beside its rows, as a JSON object that the fold encodes and decodes: the lane
    stores it with the position, and reads no field of it.
    """

    partitions: int
    clock: str
    topics: dict[str, TopicPosition]
    as_of: int = 0
    extra: dict[str, object] = field(default_factory=dict)
    rows: tuple[int, ...] | None = None  # count and hash of the ledger's rows beside this one; None: not stored yet
    upgraded: bool = False  # an older version wrote the ledger
    starts: dict[str, int] = field(default_factory=dict)  # where that version began to read
    is_whole: bool = False  # the inputs still have all that it read
    read_before: dict[str, int] = field(default_factory=dict)  # up to where it had read, while that is read again

    def encode(self) -> bytes:
        return VERSION + orjson.dumps(
            {
                "partitions": self.partitions,
                "clock": self.clock,
                "as_of": self.as_of,
                "extra": self.extra,
                "rows": self.rows,
                "read_before": self.read_before,
                "topics": {
                    name: {
                        "next_offset": topic.next_offset,
                        "start": topic.start,
                        "last_timestamp": topic.last_timestamp,
                        "counts": topic.counts,
                        "gaps": topic.gaps,
                    }
                    for name, topic in self.topics.items()
                },
            }
        )

    def restore(self, stored: bytes) -> None:
        """Take over what an earlier owner left; refuse what this one would misread.

        After an older version the inputs are read again from their beginning (docs/decisions/0018).
        """
        if stored[:1] not in {VERSION, WITHOUT_ROWS}:
            raise LaneBroken(
                f"the ledger was written in format {stored[0]}, this version reads format {VERSION[0]} and the one "
                "before: run the version that wrote it, or a newer one"
            )
        value = orjson.loads(stored[1:])
        for name, here in (("partitions", self.partitions), ("clock", self.clock)):
            if value[name] != here:
                raise LaneBroken(f"the ledger was written with {name} = {value[name]}, this worker is set to {here}")
        self.as_of, self.extra = value["as_of"], value["extra"]
        if stored[:1] != VERSION:
            self.upgraded = True
            for name, topic in value["topics"].items():
                if name in self.topics and topic["next_offset"] is not None:
                    self.starts[name], self.read_before[name] = topic["start"] or 0, topic["next_offset"]
            return
        self.read_before = value.get("read_before", {})
        self.rows = value["rows"] and tuple(value["rows"])
        for name, topic in value["topics"].items():
            if name in self.topics:
                counts = dict.fromkeys(OUTCOMES, 0) | topic["counts"]
                self.topics[name] = TopicPosition(
                    topic["next_offset"], topic["start"], topic["last_timestamp"], counts, topic.get("gaps", [])
                )

    def judge(self, beginnings: Mapping[str, int]) -> int:
        """Find out whether the inputs, which begin at these offsets, are whole; how many records are gone."""
        gone = sum(max(0, beginnings[name] - start) for name, start in self.starts.items())
        self.is_whole = self.upgraded and not gone
        return gone

    def take_back(self, now: int, bound: int) -> bool:
        """Let a read time that a wrong clock brought more than `bound` s into the future be `now` (seconds)."""
        if self.clock != "wall" or self.as_of <= now + bound:
            return False
        self.as_of = now
        return True

    def take_over(self, stored: bytes | None, count: int, total: int) -> None:
        """Restore it, if the rows that were read back with it are those that it stands for."""
        if stored is not None:
            self.restore(stored)
        expected = self.rows or (count, total)
        if stored is None and count:
            raise LaneBroken(f"{count} rows are there without a position. {REBUILD}")
        if expected[0] != count:
            raise LaneBroken(f"its position stands for {expected[0]} rows, and {count} are there. {REBUILD}")
        if expected[1] != total:
            raise LaneBroken(f"of the {count} rows that its position stands for some are others. {REBUILD}")
