"""Reading tables back on a real broker, where another app writes to the same topic."""

import asyncio
from collections.abc import Callable

from aiokafka import AIOKafkaProducer

from streams.lane.batch import Output
from streams.lane.faults import Faults
from streams.lane.producer import PartitionProducer
from streams.lane.recovery import read_tables
from streams.settings import Settings
from streams.topics import KPIS


async def test_what_stands_behind_another_apps_open_transaction_is_waited_for(
    make_settings: Callable[..., Settings],
) -> None:
    """Both roles write to grid.kpis.v1: one that is killed in a commit must not hide what the other has committed."""
    settings = make_settings(partitions=1)
    topic, looked = settings.topic_prefix + KPIS, asyncio.Event()
    theirs = AIOKafkaProducer(bootstrap_servers=settings.broker, transactional_id=f"{topic}-theirs")
    await theirs.start()
    await theirs.begin_transaction()
    await theirs.send_and_wait(topic, b"1", b"theirs", partition=0)
    ours = PartitionProducer(settings.broker, f"{topic}-ours", 0, 20)
    await ours.start()
    await ours.commit([Output(topic, b"ours", b"2")], Faults())

    reading = asyncio.create_task(read_tables(settings.broker, (topic,), (0,), 20, lambda *_: looked.set(), checks={}))
    await looked.wait()
    await theirs.commit_transaction()

    assert await reading == {0: {topic: {b"theirs": b"1", b"ours": b"2"}}}
    await ours.stop()
    await theirs.stop()
