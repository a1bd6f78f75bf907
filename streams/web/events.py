"""GET /api/v1/events: server-sent events, at most one message a second, with the tiles that changed."""

import contextlib
from typing import Any

import orjson
from aiohttp import web

from streams.web import parameters
from streams.web.connections import connections_max
from streams.web.hub import Hub
from streams.web.keys import HUB
from streams.web.problems import RequestError

PARAMETERS: tuple[parameters.Parameter, ...] = ()
LISTENING_PERCENT = 75  # of all connections; the remaining connections are for short responses
RETRY_MS = 1_000
KEEP_ALIVE_SECONDS = 10  # below the idle limits of proxies
HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def events(request: web.Request) -> web.StreamResponse:
    """The first message has every tile; a reader that is slow gets fewer messages, not older ones.

    503: as many as there is place for listen already.
    """
    parameters.query(request, PARAMETERS)
    hub = request.app[HUB]
    if hub.listeners >= connections_max() * LISTENING_PERCENT // 100:
        raise RequestError(f"{hub.listeners} clients listen already; another server can be started.", 503)
    hub.listeners += 1
    try:
        return await _stream(request, hub)
    finally:
        hub.listeners -= 1


async def _stream(request: web.Request, hub: Hub) -> web.StreamResponse:
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(request)
    sent: dict[str, Any] = {}
    scenes: list[dict[str, Any]] | None = None
    turn = 0
    with contextlib.suppress(ConnectionError):
        await response.write(f"retry: {RETRY_MS}\n\n".encode())
        while not hub.closing:
            if not await hub.wait_changed(turn, within_seconds=KEEP_ALIVE_SECONDS):
                await response.write(b"event: alive\ndata: {}\n\n")
                continue
            turn, tiles = hub.turn, hub.tiles
            changed = {name: tile for name, tile in tiles.items() if sent.get(name) != tile}
            await response.write(b"event: tiles\ndata: " + orjson.dumps(changed) + b"\n\n")
            sent = tiles
            if hub.scenes != scenes:
                scenes = hub.scenes
                await response.write(b"event: story\ndata: " + orjson.dumps(scenes) + b"\n\n")
    return response
