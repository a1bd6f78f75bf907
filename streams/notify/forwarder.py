"""`gridpulse notify`: grid.sla-breaches.v1 in, alerts out; any number may run, Alertmanager deduplicates alerts."""

import asyncio
import logging
import signal
from collections.abc import Sequence
from typing import Any

import uvloop

from streams import topics
from streams.notify.alert_state import AlertState
from streams.notify.alerts import Links
from streams.notify.delivery import Delivery
from streams.notify.server import create_notify_web, serving
from streams.readers.compacted import CompactedReader
from streams.readers.guard import Guard
from streams.readers.rows import CHECKS
from streams.settings import Settings

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def run(settings: Settings) -> None:
    """Forward to every Alertmanager until SIGINT or SIGTERM; an error of the reader ends the process."""
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    uvloop.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    forwarding, stop = asyncio.create_task(notify(settings)), asyncio.create_task(stopping.wait())
    await asyncio.wait((forwarding, stop), return_when=asyncio.FIRST_COMPLETED)
    if forwarding.done():
        forwarding.result()
    for task in (forwarding, stop):
        task.cancel()
    await asyncio.wait((forwarding, stop))


async def notify(settings: Settings) -> None:
    """Read all announcements, then forward them and each new announcement until cancelled."""
    state = AlertState(Links(settings.zone, settings.public_url.rstrip("/")))
    deliveries = [Delivery(url, state, settings.notify_interval_seconds) for url in settings.alertmanager.split(",")]

    def take(partition: int, records: Sequence[Any]) -> None:
        state.apply(partition, records)
        for delivery in deliveries:
            delivery.changed.set()

    topic = settings.topic_prefix + topics.SLA_BREACHES
    guard = Guard(topic, CHECKS[topics.SLA_BREACHES], take)
    reader = CompactedReader(
        settings.broker,
        topic,
        guard,
        deadline_seconds=settings.broker_deadline_seconds,
    )
    async with serving(settings, create_notify_web(reader, guard, state, deliveries)):
        await reader.start()
        tasks = [asyncio.ensure_future(reader.wait_closed())]
        try:
            await reader.caught_up()  # half of the topic may contain alerts that have ended
            tasks += [asyncio.ensure_future(delivery.run()) for delivery in deliveries]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await reader.stop()
