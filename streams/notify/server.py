"""The bridge as it sees itself: has it read what stands, and is anybody waiting to be told."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.notify.delivery import Delivery
from streams.notify.standing import Standing
from streams.readers.compacted import CompactedReader
from streams.readers.guard import Guard
from streams.settings import Settings
from streams.web.exposition import expose
from streams.web.health import SERVICE_UNAVAILABLE, livez
from streams.web.listening import claim, listen
from streams.web.problems import json, problems

PREFIX = "gridpulse_notify_"


class BridgeCollector(Collector):
    """Every series of GET /metrics of a bridge."""

    def __init__(self, standing: Standing, deliveries: Sequence[Delivery], *, ready: bool, set_aside: int = 0) -> None:
        self._standing, self._deliveries, self._ready, self._set_aside = standing, deliveries, ready, set_aside

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        """Of the bridge, then of each Alertmanager."""
        yield GaugeMetricFamily(PREFIX + "ready", "1 when all that was announced is read.", int(self._ready))
        yield GaugeMetricFamily(PREFIX + "alerts", "Alerts that stand.", len(self._standing.firing))
        yield GaugeMetricFamily(
            PREFIX + "rows_set_aside", "Keys whose last announcement is foreign or damaged.", self._set_aside
        )
        overdue = GaugeMetricFamily(
            PREFIX + "overdue_seconds",
            "How long an Alertmanager has been waiting to be told; 0 when it knows everything.",
            labels=["alertmanager"],
        )
        failures = CounterMetricFamily(
            PREFIX + "failures", "Attempts to tell an Alertmanager that failed.", labels=["alertmanager"]
        )
        for delivery in self._deliveries:
            overdue.add_metric([delivery.address], delivery.overdue_seconds)
            failures.add_metric([delivery.address], delivery.failures)
        yield from (overdue, failures)


def create_notify_web(
    reader: CompactedReader, guard: Guard, standing: Standing, deliveries: Sequence[Delivery]
) -> web.Application:
    """/livez, /metrics and /readyz; an Alertmanager that is away is no reason to restart the bridge."""

    async def metrics(request: web.Request) -> web.Response:
        return expose(
            request, BridgeCollector(standing, deliveries, ready=reader.is_caught_up, set_aside=guard.set_aside)
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
    """The bridge's own server, where it has a port."""
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
