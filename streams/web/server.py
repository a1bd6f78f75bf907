"""`gridpulse web`: compacted topics in, metrics, API and wallboard out; any number of them may run."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from socket import socket

import uvloop
from aiohttp import web

from streams import clock
from streams.lane.broker_clock import BrokerClock
from streams.settings import Settings
from streams.web import keys
from streams.web.demo_steps import DemoSteps
from streams.web.feed import Feed
from streams.web.health import complete_history, livez, readyz, startupz
from streams.web.hub import Hub
from streams.web.listening import claim, listen
from streams.web.metrics import metrics
from streams.web.openapi import document
from streams.web.problems import problems
from streams.web.resources import RESOURCES
from streams.web.slices import Slices
from streams.web.state import Board
from streams.web.wallboard import STATIC, page

SHUTDOWN_SECONDS = 3


def create_board(settings: Settings, broker_clock: BrokerClock | None = None) -> Board:
    """A board on the broker's clock; without one on that of this host."""
    board = Board(
        settings.partitions,
        zone=settings.zone,
        marks=settings.clock == "marks",
        stale_after_seconds=settings.stale_after_seconds,
        wall=clock.now if broker_clock is None else broker_clock.now,
    )
    if broker_clock is not None:
        board.skew_ms = lambda: broker_clock.skew_ms
    return board


def create_web(settings: Settings, board: Board, feed: Feed | None = None) -> web.Application:
    """The application over a board; without a feed the board is taken as complete."""
    app = web.Application(middlewares=[problems, complete_history])
    demo_steps = DemoSteps(Path(settings.story_file)) if settings.story_file else None
    app[keys.SETTINGS], app[keys.BOARD], app[keys.HUB] = settings, board, Hub(board, demo_steps)
    app[keys.SLICES] = Slices()
    app[keys.DOCUMENT] = document(RESOURCES)
    if feed is not None:
        app[keys.FEED] = feed
    app.add_routes(
        [
            web.get("/", page),
            *(web.get(resource.path, resource.handler) for resource in RESOURCES),
            web.get("/livez", livez),
            web.get("/metrics", metrics),
            web.get("/readyz", readyz),
            web.get("/startupz", startupz),
            web.static("/static", STATIC),
        ]
    )
    app.cleanup_ctx.append(_render)
    app.on_shutdown.append(_let_go)
    return app


async def _render(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[keys.HUB].run(), name="render tiles")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _let_go(app: web.Application) -> None:
    await app[keys.HUB].close()


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; what ends a reader ends the process with its sentence."""
    with claim(settings.web_host, settings.web_port, "GRIDPULSE_WEB_PORT") as claimed:
        uvloop.run(_serve(settings, claimed))


async def _serve(settings: Settings, claimed: socket) -> None:
    """What is stale goes by the broker's clock: a web server whose own is behind would show dead data as live."""
    if settings.clock == "marks":
        await _serve_board(settings, claimed, create_board(settings))
        return
    clock.shift(settings.fault_clock_seconds)
    async with BrokerClock(settings) as broker_clock:
        await _serve_board(settings, claimed, create_board(settings, broker_clock))


async def _serve_board(settings: Settings, claimed: socket, board: Board) -> None:
    feed = Feed(settings, board)
    runner = web.AppRunner(create_web(settings, board, feed), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    reading = asyncio.create_task(feed.run(), name="read topics")
    stop = asyncio.create_task(stopping.wait())
    try:
        await listen(runner, claimed)
        await asyncio.wait((reading, stop), return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()
    finally:
        stop.cancel()
        reading.cancel()
        await asyncio.wait((reading,))
        await runner.cleanup()
