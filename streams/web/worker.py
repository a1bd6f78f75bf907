"""The pipeline as one worker sees it: its own small server, up before recovery and until after the last commit."""

from socket import socket
from typing import Any

import mode
from aiohttp import web

from streams.lane.fold import Fold
from streams.lane.lane import Lane
from streams.settings import Settings
from streams.web.exposition import expose
from streams.web.listening import listen
from streams.web.problems import json, problems
from streams.web.worker_metrics import LaneCollector

SERVICE_UNAVAILABLE = 503


class WorkerServer(mode.Service):  # type: ignore[misc]  # mode's classes are Any to mypy
    """Runs beside the app in the worker's event loop, so that it responds exactly as long as that loop runs."""

    def __init__(self, settings: Settings, lane: Lane[Fold], claimed: socket, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._claimed = claimed
        self._runner = web.AppRunner(
            create_worker_web(lane, settings.broker_deadline_seconds), access_log=None, shutdown_timeout=1
        )

    async def on_start(self) -> None:
        await self._runner.setup()
        await listen(self._runner, self._claimed)

    async def on_stop(self) -> None:
        await self._runner.cleanup()


def create_worker_web(lane: Lane[Fold], deadline_seconds: float) -> web.Application:
    """/metrics, /livez, /readyz and /startupz over a lane."""
    app = web.Application(middlewares=[problems])
    probes = Probes(lane, deadline_seconds)

    async def metrics(request: web.Request) -> web.Response:
        return expose(request, LaneCollector(lane))

    async def livez(_request: web.Request) -> web.Response:
        return probes.live()

    async def readyz(_request: web.Request) -> web.Response:
        return probes.ready()

    async def startupz(_request: web.Request) -> web.Response:
        return probes.started()

    app.add_routes(
        [
            web.get("/livez", livez),
            web.get("/metrics", metrics),
            web.get("/readyz", readyz),
            web.get("/startupz", startupz),
        ]
    )
    return app


class Probes:
    """The probes of Kubernetes; each body has the reasons of the result."""

    def __init__(self, lane: Lane[Fold], deadline_seconds: float) -> None:
        self._lane, self._deadline = lane, deadline_seconds
        self._was_ready = False

    def live(self) -> web.Response:
        """The loop and the broker respond; being behind or recovering is no reason to restart."""
        ages = {partition: writer.commit_age for partition, writer in sorted(self._lane.writers.items())}
        stuck = [partition for partition, age in ages.items() if age > self._deadline]
        body = {"status": "stuck" if stuck else "ok", "partitions_stuck": stuck}
        return json(body, SERVICE_UNAVAILABLE if stuck else 200)

    def ready(self) -> web.Response:
        """Ready when it works on everything it was assigned."""
        return json(self._body(), 200 if self._lane.is_ready else SERVICE_UNAVAILABLE)

    def started(self) -> web.Response:
        """Whether it has ever been ready, to be asked with the patience that the longest recovery needs."""
        self._was_ready = self._was_ready or self._lane.is_ready
        return json(self._body(), 200 if self._was_ready else SERVICE_UNAVAILABLE)

    def _body(self) -> dict[str, Any]:
        lane = self._lane
        status = "ready" if lane.is_ready else "recovering" if lane.recovering else "waiting for partitions"
        return {
            "status": status,
            "partitions_assigned": None if lane.assigned is None else sorted(lane.assigned),
            "partitions_owned": sorted(lane.writers),
            "recovery": {"read": lane.recovery_done, "total": lane.recovery_total},
        }
