"""The lane without any domain: a worker whose fold counts records per key; `python -m tests.integration.counting`."""

import asyncio
import logging
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import faust
import uvloop

from streams.lane.app import attach, new_app
from streams.lane.batch import Output, Record
from streams.lane.config import LaneConfig
from streams.lane.lane import Lane
from streams.lane.position import Position
from streams.settings import Settings
from streams.topics import KPIS, LEDGER, OUTAGES, REPAIRS


class Counting:
    """Per key: how many records were applied; each count also goes to an output topic, as an absolute value."""

    def __init__(self, ledger: str, output: str) -> None:
        self.ledger, self.output = ledger, output
        self.counts: dict[bytes, int] = {}
        self.dirty: set[bytes] = set()

    def load(self, tables: Mapping[str, Mapping[bytes, bytes]], position: Position) -> None:
        self.counts = {key: int(value) for key, value in tables[self.ledger].items()}

    def apply(self, topic: str, records: Sequence[Record]) -> Mapping[str, int]:
        for record in records:
            self.counts[record.key or b""] = self.counts.get(record.key or b"", 0) + 1
            self.dirty.add(record.key or b"")
        return {"applied": len(records)}

    def advance(self, now: int, *, complete: bool) -> None:
        pass

    def outputs(self, position: Position) -> list[Output]:
        dirty, self.dirty = self.dirty, set()
        rows = [(key, b"%d" % self.counts[key]) for key in sorted(dirty)]
        return [Output(topic, *row) for topic in (self.ledger, self.output) for row in rows]

    def rows(self, table: str) -> Mapping[bytes, Any]:
        return self.counts if table == self.ledger else {}

    def metrics(self) -> Mapping[str, Any]:
        return {}


def create_counting_app(settings: Settings) -> faust.App:
    prefix = settings.topic_prefix
    app = new_app(settings, f"{prefix}counting")

    async def ready() -> None:
        pass

    lane = Lane(
        LaneConfig(
            broker=settings.broker,
            app_id=f"{prefix}counting",
            partitions=settings.partitions,
            clock=settings.clock,
            inputs=(prefix + OUTAGES, prefix + REPAIRS),
            tables=(prefix + LEDGER,),
            ledger=prefix + LEDGER,
            interval_seconds=settings.commit_interval_ms / 1000,
            deadline_seconds=settings.broker_deadline_seconds,
            contiguous=settings.contiguous_inputs,
            faults=settings.fault_points,
        ),
        lambda _partition: Counting(prefix + LEDGER, prefix + KPIS),
        generation=lambda: app.consumer_generation_id,
        ready=ready,
    )
    attach(app, lane)
    return app


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("streams.lane").setLevel(logging.INFO)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    faust.Worker(
        create_counting_app(Settings.load()), override_logging=False, quiet=True, redirect_stdouts=False
    ).execute_from_commandline()
