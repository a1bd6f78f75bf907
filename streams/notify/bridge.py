"""`gridpulse notify`: grid.sla-breaches.v1 in, alerts out; any number may run, Alertmanager joins equal alerts."""

import asyncio
import logging
import signal
from collections.abc import Sequence
from typing import Any

import uvloop

from streams import topics
from streams.notify.alerts import Links
from streams.notify.delivery import Delivery
from streams.notify.server import create_notify_web, serving
from streams.notify.standing import Standing
from streams.readers.compacted import CompactedReader
from streams.readers.guard import Guard
from streams.readers.rows import CHECKS
from streams.settings import Settings

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def run(settings: Settings) -> None:
    """Tell every Alertmanager until SIGINT or SIGTERM; what ends the reader ends the process with its sentence."""
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    uvloop.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    telling, stop = asyncio.create_task(notify(settings)), asyncio.create_task(stopping.wait())
    await asyncio.wait((telling, stop), return_when=asyncio.FIRST_COMPLETED)
    if telling.done():
        telling.result()
    for task in (telling, stop):
        task.cancel()
    await asyncio.wait((telling, stop))


async def notify(settings: Settings) -> None:
    """Read all that was announced, then tell it and what follows until cancelled."""
    standing = Standing(Links(settings.zone, settings.public_url.rstrip("/")))
    deliveries = [Delivery(url, standing, settings.notify_interval_seconds) for url in settings.alertmanager.split(",")]

    def take(partition: int, records: Sequence[Any]) -> None:
        standing.apply(partition, records)
        for delivery in deliveries:
            delivery.news.set()

    topic = settings.topic_prefix + topics.SLA_BREACHES
    guard = Guard(topic, CHECKS[topics.SLA_BREACHES], take)
    reader = CompactedReader(
        settings.broker,
        topic,
        guard,
        deadline_seconds=settings.broker_deadline_seconds,
    )
    async with serving(settings, create_notify_web(reader, guard, standing, deliveries)):
        await reader.start()
        tasks = [asyncio.ensure_future(reader.wait_closed())]
        try:
            await reader.caught_up()  # what half of the topic says stands may be over
            tasks += [asyncio.ensure_future(delivery.run()) for delivery in deliveries]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await reader.stop()
