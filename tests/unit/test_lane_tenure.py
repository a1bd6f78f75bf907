"""Who owns what when rebalances overtake recoveries: a revoke ends a tenure before the group's generation moves."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from streams.lane import lane as lanes
from streams.lane.config import LaneConfig
from streams.lane.lane import Lane


class Fold:
    def load(self, tables, position): ...
    def apply(self, topic, records):
        return {}

    def advance(self, now, *, complete): ...
    def outputs(self, position):
        return []


class Producer:
    def __init__(self, _broker: str, _id: str, partition: int, _deadline: float) -> None:
        self.partition = partition

    async def start(self) -> None: ...

    async def stop(self) -> None: ...
    async def commit(self, outputs, faults) -> None: ...


class World:
    """A lane whose tables can be held back while it reads them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.generation, self.readable, self.reading = 1, asyncio.Event(), asyncio.Event()
        self.readable.set()
        monkeypatch.setattr(lanes, "PartitionProducer", Producer)
        monkeypatch.setattr(lanes, "read_tables", self.read)
        monkeypatch.setattr(lanes, "first_offsets", self.begins)
        config = LaneConfig("broker", "app", 2, "wall", ("in",), ("ledger",), "ledger", 0.01, 5, contiguous=True)
        self.lane = Lane(config, lambda _partition: Fold(), generation=lambda: self.generation, ready=self.ready)

    async def ready(self) -> None: ...

    async def read(self, _broker: str, topics: Any, partitions: Any, *_rest: Any, **_named: Any) -> Mapping[int, Any]:
        self.reading.set()
        await self.readable.wait()
        return {partition: {topic: {} for topic in topics} for partition in partitions}

    async def begins(self, _broker: str, topics: Any, partitions: Any, _deadline: float) -> dict[int, dict[str, int]]:
        return {partition: dict.fromkeys(topics, 0) for partition in partitions}

    async def own(self, *partitions: int) -> None:
        await self.lane.recover(partitions)
        self.lane.begin(self.lane.tenure(), {("in", partition): 0 for partition in partitions})


async def test_a_recovery_that_a_revoke_overtook_installs_nothing(monkeypatch):
    world = World(monkeypatch)
    world.readable.clear()
    recovery = asyncio.create_task(world.lane.recover({0, 1}))
    await world.reading.wait()
    await world.lane.revoke()
    world.readable.set()
    await recovery

    assert not world.lane.writers


async def test_a_seek_that_a_revoke_overtook_starts_nobody(monkeypatch):
    world = World(monkeypatch)
    await world.lane.recover({0})
    tenure = world.lane.tenure()
    await world.lane.revoke()

    world.lane.begin(tenure, {("in", 0): 0})

    assert not world.lane.writers


@pytest.mark.parametrize(("rebalances", "kept"), [(1, True), (2, False)])
async def test_state_is_kept_for_the_very_next_generation_only(monkeypatch, rebalances, kept):
    world = World(monkeypatch)
    await world.own(0)
    before = world.lane.writers[0]
    for _ in range(rebalances):
        await world.lane.revoke()
        world.generation += 1

    await world.own(0)

    assert (world.lane.writers[0] is before) is kept
    await world.lane.close()
