"""The way of one record through the code, counted by the interpreter: `python -m tests.walk`.

A record goes from `Lane.offer` through the writer's step, the outputs of its unit, the partials on their way back and
the totals to the KPI records: one partition, one record, no broker. Its case or point is there before, and published.
tests/calls.py says what is counted.
"""

import asyncio
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

import orjson

from schemas.event import format_instant
from schemas.network import Area, Point, Served
from streams import topics
from streams.agents.partition import SUMMARY_VERSION, SourcePartition
from streams.agents.publication import Publication
from streams.app import new_ledger
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.kpis.kpi import Role
from streams.lane.batch import Batch, Output
from streams.lane.config import LaneConfig
from streams.lane.faults import Faults
from streams.lane.lane import Lane
from streams.lane.long_turns import LongTurns
from streams.lane.position import Position, TopicPosition
from streams.lane.row_sum import RowSum
from streams.lane.writer import Writer
from streams.publish.board import Board
from streams.readers.rows import CHECKS
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.wiring.names import Names
from tests.calls import Count, Steps

NOON = 1_780_459_200  # 2026-06-03T12:00:00+08:00
MINUTE = 60
RULES = Rules()
NETWORK = Network.from_records(
    (
        Area(area="A", region="north", area_type="urban", served=[Served(valid_from="2026-01-01", customers=1000)]),
        Point(area="A", point="P", monitoring_class="D", nominal_centivolts=22_000, phases=["A"]),
    )
)


class Event(NamedTuple):
    """A record of an input: its key and what it says, at an instant (epoch seconds)."""

    topic: str
    key: str
    at: int
    said: dict[str, Any]


class Trip(NamedTuple):
    """What is counted, and what was there before."""

    name: str
    role: Role
    before: tuple[Event, ...]
    record: Event


def outage(event_type: str, at: int, **said: Any) -> Event:
    return Event(topics.OUTAGES, "O", at, {"event_type": event_type, "outage_id": "O", "event_id": event_type, **said})


def voltage(event_type: str, at: int, **said: Any) -> Event:
    about = {"area": "A", "point": "P", "phase": "A", "interval_seconds": 15 * MINUTE}
    return Event(topics.VOLTAGE, "A", at, {"event_type": event_type, **about, **said})


def reading(at: int) -> Event:
    return voltage("reading", at, occurred_at=format_instant(at), value_centivolts=24_000)


def frame(start: int) -> Event:
    values = [22_000 + 100 * n for n in range(16)]
    return voltage("frame", start + 16 * 15 * MINUTE, start=format_instant(start), values_centivolts=values)


STARTED = outage(
    "started",
    NOON - 60 * MINUTE,
    occurred_at=format_instant(NOON - 60 * MINUTE),
    kind="fault",
    areas=[{"area": "A", "customers": 10}],
)
TRIPS = (
    Trip("outage `restored`", "cases", (STARTED,), outage("restored", NOON, occurred_at=format_instant(NOON))),
    Trip("voltage frame, 16 values", "voltage", (frame(NOON - 480 * MINUTE),), frame(NOON - 240 * MINUTE)),
    Trip("voltage reading in order", "voltage", (reading(NOON - 15 * MINUTE),), reading(NOON)),
)


class Service:
    """One partition of a role with its lane, its publication and no broker; `now` is the broker's clock."""

    def __init__(self, role: Role) -> None:
        self.names = Names.under("", role)
        reference = Reference(NETWORK, RULES)
        board = Board(0, 1, KPIS, RULES, publish_interval=1, growth_interval=60, role=role)
        ledger = new_ledger(role, reference, lambda _area: True)
        fold = SourcePartition(0, self.names, board, ledger, audit_interval_seconds=24 * 60 * MINUTE)
        self.position = Position(1, "wall", {topic: TopicPosition(0, 0) for topic in self.names.families})
        tables = (self.names.ledger, self.names.partials, self.names.kpis, self.names.breaches)
        fold.load({table: {} for table in tables}, self.position)
        self.now = NOON
        self.writer = Writer(
            0,
            fold,
            self.position,
            None,  # type: ignore[arg-type]  # nothing is committed
            RowSum(),
            ledger_topic=self.names.ledger,
            interval_seconds=0.1,
            contiguous=True,
            faults=Faults(),
            long_turns=LongTurns(),
            now_ms=lambda: self.now * 1000,
        )
        inputs = tuple(self.names.families)
        config = LaneConfig("", "", 1, "wall", inputs, tables, self.names.ledger, 0.1, 5, contiguous=True)
        self.lane = Lane(config, lambda _: fold, generation=lambda: 1, ready=asyncio.Event().wait)
        self.lane.writers[0] = self.writer
        self.publication = Publication(
            "",
            self.names.partials,
            lambda: Totals(1, RULES.zone, marks=False, made_with=SUMMARY_VERSION),
            self.lane.writers.values,
            marks=False,
            deadline_seconds=5,
            check=CHECKS[topics.PARTIALS],
        )
        with patch("streams.lane.writer.spawn_guarded", lambda _what, loop: loop.close()):
            self.writer.start()

    def take(self, event: Event) -> tuple[list[Output], list[Output]]:
        """The record's whole way: what its own unit writes, and what the unit after it writes."""
        offset = self.position.topics[event.topic].next_offset
        said = {"source": "s", "revision": 1, "recorded_at": format_instant(event.at), **event.said}
        record = SimpleNamespace(
            key=event.key.encode(), value=orjson.dumps(said), timestamp=event.at * 1000, offset=offset, headers=()
        )
        self.now = event.at + 1
        self.lane.offer(Batch(event.topic, 0, [record]))
        for topic in self.names.families:  # everything else is read, too
            self.lane.observe(topic, 0, 0, self.now)
        self.writer._step()
        first = self.writer._close_unit()
        partials = [each for each in first if each.topic == self.names.partials]
        self.publication._take(0, [SimpleNamespace(key=each.key, value=each.value) for each in partials])
        run(self.publication._publish())
        return first, self.writer._close_unit()


def run(coroutine: Any) -> None:
    """To the end of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise AssertionError("it waits")


def walk(trip: Trip) -> tuple[Count, list[Output], list[Output]]:
    """Count one trip, and what its own unit writes and the next one. Once before it is not counted: caches fill."""
    for count in (Count(), Count()):
        service = Service(trip.role)
        for event in trip.before:
            service.take(event)
        with count.counting():
            first, second = service.take(trip.record)
    return count, first, second


def main() -> None:
    titles = ("trip", *Steps._fields)
    print(f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}")
    for trip in TRIPS:
        count, _, _ = walk(trip)
        print(f"| {trip.name} | {' | '.join(f'{number:,}' for number in count.steps)} |")


if __name__ == "__main__":
    main()
