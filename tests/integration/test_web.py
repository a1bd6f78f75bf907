"""Readers and web server over a real broker, with transactions that commit, abort and stay open."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiokafka import AIOKafkaProducer

from streams import topics
from streams.errors import TopicsWrong
from streams.readers.compacted import CompactedReader
from streams.web.feed import Feed
from streams.web.server import create_board, create_web


@pytest.fixture
async def producer(settings) -> AsyncIterator[AIOKafkaProducer]:
    name = f"{settings.topic_prefix}writer"
    async with AIOKafkaProducer(bootstrap_servers=settings.broker, transactional_id=name) as producer:
        yield producer


async def send(producer, topic, *records, partition=0):
    futures = [await producer.send(topic, value, key=key, partition=partition) for key, value in records]
    await asyncio.gather(*futures)


async def test_reading_ends_at_the_last_stable_offset_and_then_follows(settings, producer):
    topic, read, more = settings.topic_prefix + topics.KPIS, [], asyncio.Event()

    def take(partition, records):
        read.extend((partition, record.key) for record in records)
        more.set()

    async with producer.transaction():
        await send(producer, topic, (b"a", b"1"), (b"b", b"2"))
    await producer.begin_transaction()
    await send(producer, topic, (b"aborted", b"1"))
    await producer.abort_transaction()
    await producer.begin_transaction()
    await send(producer, topic, (b"open", b"1"), partition=1)
    reader = CompactedReader(settings.broker, topic, take)
    await reader.start()
    try:
        await asyncio.wait_for(reader.caught_up(), 20)

        assert read == [(0, b"a"), (0, b"b")]
        assert reader.partitions == settings.partitions
        assert reader.progress() == (5, 5)  # two records and one aborted, with a control record each

        more.clear()
        await producer.commit_transaction()
        await asyncio.wait_for(more.wait(), 20)
        assert read[-1] == (1, b"open")
    finally:
        await reader.stop()


async def test_a_topic_that_does_not_exist_is_named(settings):
    reader = CompactedReader(settings.broker, settings.topic_prefix + "nothing", lambda _p, _r: None)

    with pytest.raises(TopicsWrong, match="nothing"):
        await reader.start()


async def test_what_the_owner_raises_ends_the_reading(settings, producer):
    topic, failures = settings.topic_prefix + topics.CASES, []

    def fail(_partition, _records):
        raise LookupError("here")

    async with producer.transaction():
        await send(producer, topic, (b"a", b"1"))
    reader = CompactedReader(settings.broker, topic, fail, on_failure=failures.append)
    await reader.start()
    try:
        with pytest.raises(LookupError, match="here"):
            await asyncio.wait_for(reader.caught_up(), 20)
        assert [type(failure) for failure in failures] == [LookupError]
    finally:
        await reader.stop()


async def test_the_web_server_becomes_ready_with_what_the_topics_hold(settings, producer):
    case = {
        "case": "A",
        "kind": "outage",
        "open": True,
        "regions": [],
        "areas": [],
        "findings": [],
        "as_of": "2026-06-03T04:00:00Z",
        "state": "active",
    }
    async with producer.transaction():
        await send(producer, settings.topic_prefix + topics.CASES, (b"outage/A", orjson.dumps(case)))
    board = create_board(settings)
    feed = Feed(settings, board)
    async with TestClient(TestServer(create_web(settings, board, feed))) as client:
        assert (await client.get("/startupz")).status == 503
        assert (await client.get("/api/v1/wallboard")).status == 503  # no totals over half of the topics
        reading = asyncio.create_task(feed.run())
        try:
            async with asyncio.timeout(30):
                while (await client.get("/readyz")).status != 200:
                    assert not reading.done()
            found = await (await client.get("/api/v1/cases")).json()
            assert [item["case"] for item in found["items"]] == ["A"]
            assert (await client.get("/livez")).status == 200
        finally:
            reading.cancel()
            await asyncio.wait((reading,))
