"""Metrics and health of a forwarder: whether it has read the topic, and whether an Alertmanager is waiting."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.notify.alert_state import AlertState
from streams.notify.delivery import Delivery
from streams.readers.compacted import CompactedReader
from streams.readers.guard import Guard
from streams.settings import Settings
from streams.web.exposition import expose
from streams.web.health import SERVICE_UNAVAILABLE, livez
from streams.web.listening import claim, listen
from streams.web.problems import json, problems

PREFIX = "gridpulse_notify_"


class ForwarderCollector(Collector):
    """Every series of GET /metrics of a forwarder."""

    def __init__(self, state: AlertState, deliveries: Sequence[Delivery], *, ready: bool, set_aside: int = 0) -> None:
        self._state, self._deliveries, self._ready, self._set_aside = state, deliveries, ready, set_aside

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        """Series of the forwarder, then of each Alertmanager."""
        yield GaugeMetricFamily(PREFIX + "ready", "1 when all announcements are read.", int(self._ready))
        yield GaugeMetricFamily(PREFIX + "alerts", "Firing alerts.", len(self._state.firing))
        yield GaugeMetricFamily(
            PREFIX + "rows_set_aside", "Keys whose last announcement is foreign or damaged.", self._set_aside
        )
        overdue = GaugeMetricFamily(
            PREFIX + "overdue_seconds",
            "Seconds since the oldest change that an Alertmanager has not received; 0 when it has all.",
            labels=["alertmanager"],
        )
        failures = CounterMetricFamily(
            PREFIX + "failures", "Failed requests to an Alertmanager.", labels=["alertmanager"]
        )
        for delivery in self._deliveries:
            overdue.add_metric([delivery.address], delivery.overdue_seconds)
            failures.add_metric([delivery.address], delivery.failures)
        yield from (overdue, failures)


def create_notify_web(
    reader: CompactedReader, guard: Guard, state: AlertState, deliveries: Sequence[Delivery]
) -> web.Application:
    """/livez, /metrics and /readyz; an Alertmanager that is down is no reason to restart the forwarder."""

    async def metrics(request: web.Request) -> web.Response:
        return expose(
            request, ForwarderCollector(state, deliveries, ready=reader.is_caught_up, set_aside=guard.set_aside)
        )

    async def readyz(_request: web.Request) -> web.Response:
        read, total = reader.progress()
        ready = reader.is_caught_up
        body = {
            "status": "ready" if ready else "recovering",
            "recovery": {"read": read, "total": total},
            "alertmanagers": {each.address: {"overdue_seconds": round(each.overdue_seconds)} for each in deliveries},
        }
        return json(body, 200 if ready else SERVICE_UNAVAILABLE)

    app = web.Application(middlewares=[problems])
    app.add_routes([web.get("/livez", livez), web.get("/metrics", metrics), web.get("/readyz", readyz)])
    return app


@asynccontextmanager
async def serving(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    """The server of the forwarder, if it has a port."""
    if not settings.notify_port:
        yield
        return
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await listen(runner, claim(settings.web_host, settings.notify_port, "GRIDPULSE_NOTIFY_PORT"))
        yield
    finally:
        await runner.cleanup()
