"""An EndTxn that comes late, on a real broker: its connection is cut, and it is delivered in a later transaction."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from streams.errors import LaneBroken
from streams.lane.batch import Output
from streams.lane.faults import Faults
from streams.lane.producer import PartitionProducer
from streams.settings import Settings
from streams.topics import KPIS, LEDGER
from tests.support.broker_proxy import END_TXN, Proxy
from tests.support.counting_workers import World
from tests.support.workers import committed

pytestmark = pytest.mark.proof

INVALID_PRODUCER_EPOCH, NONE = 47, 0
DEADLINE_SECONDS = 20


def test_a_worker_whose_commit_is_unanswered_ends_and_its_late_commit_is_fenced(
    make_settings: Callable[..., Settings], broker: str, tmp_path: Path
) -> None:
    with Proxy(broker) as proxy:
        world = World(make_settings(session_timeout_seconds=2), tmp_path)
        worker = world.worker(broker=proxy.address)
        try:
            world.send(500)
            world.check()
            proxy.hold(END_TXN)
            world.send(500)
            assert proxy.holding.wait(30)
            assert worker.wait() == 70
            assert "EndTxn" in worker.text
            worker.restart()
            world.send(500)
            world.check()
            assert proxy.release() == INVALID_PRODUCER_EPOCH
            world.send(500)
            world.check()
        finally:
            world.close()


def test_a_producer_ends_with_the_name_of_the_request_and_the_next_one_is_whole(settings: Settings) -> None:
    with Proxy(settings.broker) as proxy:
        asyncio.run(_two_units(settings, proxy))
    for topic in (LEDGER, KPIS):
        assert _values(settings, topic) == [b"second"]


async def _two_units(settings: Settings, proxy: Proxy) -> None:
    name = settings.topic_prefix + "late"
    first = PartitionProducer(proxy.address, name, 0, DEADLINE_SECONDS)
    await first.start()
    proxy.hold(END_TXN)
    with pytest.raises(LaneBroken, match="may or may not have carried out EndTxnRequest"):
        await first.commit(_unit(settings, b"first"), Faults())
    await first.stop()
    second = PartitionProducer(proxy.address, name, 0, DEADLINE_SECONDS)
    await second.start()
    assert await asyncio.to_thread(proxy.release) == INVALID_PRODUCER_EPOCH
    await second.commit(_unit(settings, b"second"), Faults())
    await second.stop()


def test_aiokafkas_own_retry_lets_the_late_one_tear_the_next_transaction(settings: Settings) -> None:
    """Why there is a rule; if this fails, broker or client have learned KIP-890 and the rule can go."""
    with Proxy(settings.broker) as proxy:
        asyncio.run(_torn(settings, proxy))
    assert _values(settings, LEDGER) == [b"first", b"second"]
    assert _values(settings, KPIS) == [b"first"], "the second unit's other half"


async def _torn(settings: Settings, proxy: Proxy) -> None:
    ledger, kpis = settings.topic_prefix + LEDGER, settings.topic_prefix + KPIS
    producer = AIOKafkaProducer(bootstrap_servers=proxy.address, transactional_id=settings.topic_prefix + "late")
    await producer.start()
    await producer.begin_transaction()
    for topic in (ledger, kpis):
        await producer.send_and_wait(topic, b"first", key=b"k", partition=0)
    proxy.hold(END_TXN)
    await producer.commit_transaction()  # the retry is answered
    await producer.begin_transaction()
    await producer.send_and_wait(ledger, b"second", key=b"k", partition=0)
    assert await asyncio.to_thread(proxy.release) == NONE  # half of it is committed; a crash now leaves it so
    await producer.stop()


def _unit(settings: Settings, value: bytes) -> list[Output]:
    return [Output(settings.topic_prefix + topic, b"k", value) for topic in (LEDGER, KPIS)]


def _values(settings: Settings, topic: str) -> list[bytes]:
    return [record.value for record in committed(settings.broker, settings.topic_prefix + topic)]
