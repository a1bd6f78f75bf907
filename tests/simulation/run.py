"""One run: a process that commits units through gridpulse's own producer, ends when that raises, and begins again."""

import asyncio
import logging
import random
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import detangle
from aiokafka import AIOKafkaProducer

from streams.lane import producer as lane_producer
from streams.lane.batch import Output
from streams.lane.faults import Faults
from streams.lane.one_try import OneTryProducer
from streams.lane.producer import PartitionProducer
from tests.simulation.brokers import BROKERS, PORT, TOPICS, Cluster
from tests.simulation.troubles import Trouble, drawn

UNITS = 12
DEADLINE_SECONDS = 20.0
LIVES_MAX = 30
QUIET_SECONDS = 70.0  # after which nothing is on its way any more
LEDGER = "gridpulse.ledger.v1"


@dataclass
class Result:
    """What a run left in the topics; `torn` are units that were visible in these topics and not in all."""

    seed: int
    troubles: list[Trouble]
    torn: dict[int, tuple[str, ...]] = field(default_factory=dict)
    doubled: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    hanging: tuple[str, ...] = ()
    ends: list[str] = field(default_factory=list)
    late_met_ongoing: bool = False

    @property
    def wrong(self) -> bool:
        """Whether a unit is torn, twice there, missing though it was committed; or records are left pending."""
        return bool(self.torn or self.doubled or self.lost or self.hanging)

    @property
    def ended_without_reason(self) -> bool:
        """Every request was answered, and the process ended all the same."""
        return bool(self.ends) and all(trouble.known for trouble in self.troubles)

    @property
    def announcement_lost(self) -> bool:
        """A ledger row that says "announced" without the announcement."""
        return any(LEDGER in topics and "grid.sla-breaches.v1" not in topics for topics in self.torn.values())


def simulate(seed: int, *, verifies: bool, rule: bool = True) -> Result:
    """Run one seed; `rule=False` gives the producer aiokafka's own retries back."""
    result = Result(seed, drawn(random.Random(seed)))
    logging.disable(logging.CRITICAL)
    producer = OneTryProducer if rule else _Stock
    try:
        with mock.patch.object(lane_producer, "OneTryProducer", producer):
            detangle.run(
                lambda: _live(result, verifies=verifies),
                seed=seed,
                patch_time=True,
                fail_on_unobserved=False,  # a process that ends leaves futures behind
                fail_on_callback_error=False,  # and aiokafka's callbacks stumble over batches that failed with it
                net={"latency": (0.001, 0.06)},
            )
    finally:
        logging.disable(logging.NOTSET)
    return result


class _Stock(AIOKafkaProducer):
    lost = None


async def _live(result: Result, *, verifies: bool) -> None:
    cluster = Cluster(result.troubles, random.Random(result.seed), verifies=verifies)
    await cluster.start()
    ours = asyncio.all_tasks()
    reported: set[int] = set()
    for _ in range(LIVES_MAX):
        life = asyncio.ensure_future(_one_life(cluster, reported))
        cluster.kill = life.cancel
        await asyncio.wait([life])
        error = asyncio.CancelledError("killed") if life.cancelled() else life.exception()
        if error is None:
            break
        result.ends.append(f"{type(error).__name__}: {error}")
        await _kill(ours | cluster.tasks)
    await asyncio.sleep(QUIET_SECONDS)
    _judge(result, cluster, reported)
    await _kill(ours | cluster.tasks)


async def _one_life(cluster: Cluster, reported: set[int]) -> None:
    """From the take-over to the last unit; where to begin is what the ledger says, as in a recovery."""
    producer = PartitionProducer(f"{BROKERS[0]}:{PORT}", "gridpulse-cases-0", 0, DEADLINE_SECONDS)
    producer._producer._closed = True  # a process that ends does not complain about it
    await producer.start()
    done = max(cluster.logs[LEDGER].committed, default=-1)
    for unit in range(done + 1, UNITS):
        await producer.commit([Output(topic, b"k", b"unit-%06d" % unit) for topic in TOPICS], Faults())
        reported.add(unit)


async def _kill(spared: set[asyncio.Task[Any]]) -> None:
    """End all tasks of the process under test; its connections go with them."""
    others = asyncio.all_tasks() - spared
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=1)


def _judge(result: Result, cluster: Cluster, reported: set[int]) -> None:
    visible: dict[str, Any] = {topic: log.committed for topic, log in cluster.logs.items()}
    units = {unit for values in visible.values() for unit in values}
    there = {unit: tuple(topic for topic in TOPICS if unit in visible[topic]) for unit in sorted(units)}
    result.torn = cluster.torn
    result.doubled = tuple(sorted({u for values in visible.values() for u in values if values.count(u) > 1}))
    result.lost = tuple(sorted(unit for unit in reported if len(there.get(unit, ())) < len(TOPICS)))
    result.hanging = tuple(topic for topic, log in cluster.logs.items() if log.pending)
    result.late_met_ongoing = "ongoing" in cluster.late_met
