"""GET /: the wallboard page, what it needs to know, and the list of cases behind each tile."""

from pathlib import Path

from aiohttp import web

from streams.web import tiles
from streams.web.keys import BOARD, HUB, SETTINGS
from streams.web.problems import RequestError, json, limit_of, query
from streams.web.summaries import at_read_time
from streams.web.texts import LANGUAGES, texts

STATIC = Path(__file__).parent / "static"
LIMIT, LIMIT_MAX = 200, 100_000
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"


async def page(_request: web.Request) -> web.FileResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return web.FileResponse(STATIC / "wallboard.html", headers=headers)


async def wallboard(request: web.Request) -> web.Response:
    """Words, zone and order of the tiles, and the tiles as they are: the page is complete before the first event."""
    language = query(request, frozenset(("lang",))).get("lang", ["en"])[-1]
    if language not in LANGUAGES:
        raise RequestError(f"lang={language} is none of {', '.join(LANGUAGES)}.")
    hub, settings = request.app[HUB], request.app[SETTINGS]
    await hub.render()
    order = [tile.name for tile in tiles.TILES] + [tiles.PIPELINE]
    body = {"lang": language, "zone": settings.zone, "clock": settings.clock, "order": order, "texts": texts(language)}
    return json({**body, "tiles": hub.tiles})


async def tile_cases(request: web.Request) -> web.Response:
    """The cases behind a tile, the greatest first; `sum` is over all of them, also those beyond `limit`.

    `tile` is what the tile says at this moment: its `sum` is that of the list.
    """
    board, name = request.app[BOARD], request.match_info["tile"]
    limit = limit_of(query(request, frozenset(("limit",))), LIMIT, LIMIT_MAX)
    if name not in {*tiles.BY_NAME, tiles.PIPELINE}:
        raise RequestError(f"There is no tile {name}; there are {', '.join(tiles.BY_NAME)}, {tiles.PIPELINE}.", 404)
    amount = tiles.behind(board, name)
    counted = [(value, key) for key, case in board.cases.items() if (value := amount(case)) is not None]
    counted.sort(key=lambda entry: (-entry[0], entry[1]))
    frontier = board.frontier()
    body = {
        "name": name,
        "tile": tiles.render(board)[name],
        "unit": tiles.listed(name),
        "sum": sum(value for value, _ in counted),
        "count": len(counted),
        "items": [{"amount": value, **at_read_time(board.cases[key], frontier)} for value, key in counted[:limit]],
    }
    return json(body)
