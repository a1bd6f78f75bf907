"""GET /: the wallboard page, what it needs to know, and the list of cases or areas behind each tile."""

from pathlib import Path

from aiohttp import web

from streams.web import parameters, tiles
from streams.web.keys import BOARD, HUB, SETTINGS
from streams.web.parameters import Parameter, choice
from streams.web.problems import RequestError, json
from streams.web.summaries import at_read_time, soonest
from streams.web.texts import LANGUAGES, texts
from streams.web.tiles.areas import areas

STATIC = Path(__file__).parent / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
LANG = choice("lang", "Language of the texts.", LANGUAGES, many=False)._replace(
    schema={"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}
)
LIMIT = parameters.limit(200, 100_000)
PAGE_PARAMETERS: tuple[Parameter, ...] = (LANG,)
LIST_PARAMETERS: tuple[Parameter, ...] = (LIMIT,)
LISTS = {
    "cases": (*(tile.name for tile in tiles.TILES if tile.behind == "cases"), tiles.PIPELINE),
    "areas": tuple(tile.name for tile in tiles.TILES if tile.behind == "areas"),
}


async def page(_request: web.Request) -> web.FileResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return web.FileResponse(STATIC / "wallboard.html", headers=headers)


async def wallboard(request: web.Request) -> web.Response:
    """Words, zone and order of the tiles, and the tiles as they are: the page is complete before the first event."""
    language = parameters.last(parameters.query(request, PAGE_PARAMETERS), LANG)
    hub, settings = request.app[HUB], request.app[SETTINGS]
    await hub.render()
    body = {"lang": language, "zone": settings.zone, "clock": settings.clock, "texts": texts(language)}
    views = [{"name": view.name, "tiles": view.tiles} for view in tiles.VIEWS]
    return json({**body, "views": views, "tiles": hub.tiles, "scenes": hub.scenes})


async def tile_cases(request: web.Request) -> web.Response:
    """The cases behind a tile, the greatest first, of clocks the least time left; `sum` is also over those left out.

    `tile` is what the tile says at this moment: its `sum` is that of the list.
    """
    board, (name, limit) = request.app[BOARD], _asked(request, "cases")
    amount = tiles.behind(board, name)
    counted = [(value, key) for key, case in board.cases.items() if (value := amount(case)) is not None]
    status = tiles.status(name)
    soon = {key: soonest(board.cases[key], status) if status else "" for _, key in counted}
    counted.sort(key=lambda entry: (soon[entry[1]], -entry[0], entry[1]))
    body = {
        "name": name,
        "tile": tiles.render(board)[name],
        "unit": tiles.listed(name),
        "sum": sum(value for value, _ in counted),
        "status": status,
        "total": len(counted),
        "items": [{"amount": value, **at_read_time(board, board.cases[key])} for value, key in counted[:limit]],
    }
    return json(body)


async def tile_areas(request: web.Request) -> web.Response:
    """The transformer areas behind a tile: of a count the most first, of a rate the lowest, which has no sum."""
    board, (name, limit) = request.app[BOARD], _asked(request, "areas")
    rows, total = areas(board, tiles.BY_NAME[name])
    body = {
        "name": name,
        "tile": tiles.render(board)[name],
        "unit": tiles.listed(name),
        "sum": total,
        "total": len(rows),
        "items": rows[:limit],
    }
    return json(body)


def _asked(request: web.Request, what: str) -> tuple[str, int]:
    """The tile and the limit of a request for a list."""
    limit = int(parameters.last(parameters.query(request, LIST_PARAMETERS), LIMIT))
    name = request.match_info["tile"]
    if name not in LISTS[what]:
        raise RequestError(f"There is no tile {name} with a list; there are {', '.join(LISTS[what])}.", 404)
    return name, limit
