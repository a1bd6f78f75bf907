"""GET /: the wallboard page, what it needs to know, and the list of cases or areas behind each tile."""

from collections import Counter
from pathlib import Path

from aiohttp import web

from streams.web import languages, paging, parameters
from streams.web.keys import BOARD, HUB, SETTINGS, SLICES
from streams.web.parameters import Parameter
from streams.web.problems import RequestError, json
from streams.web.slices import First
from streams.web.state import Record
from streams.web.summaries import at_read_time, soonest
from streams.web.texts import texts
from streams.web.tiles import render as tiles
from streams.web.tiles.areas import areas
from streams.web.tiles.views import BY_NAME, PIPELINE, TILES, VIEWS

STATIC = Path(__file__).parent / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
LANG = Parameter(
    "lang",
    "Language of the texts, by its tag: `en`, `zh`, `zh-CN`. Without one that is supported it is what Accept-Language "
    "prefers, else English; `lang` in the response names it.",
    {"type": "string"},
    many=True,
)
LIMIT = parameters.limit(200, paging.MOST)
PAGE_PARAMETERS: tuple[Parameter, ...] = (LANG,)
LIST_PARAMETERS: tuple[Parameter, ...] = (LIMIT,)
LISTS = {
    "cases": (*(tile.name for tile in TILES if tile.behind == "cases"), PIPELINE),
    "areas": tuple(tile.name for tile in TILES if tile.behind == "areas"),
}


async def page(_request: web.Request) -> web.FileResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return web.FileResponse(STATIC / "wallboard.html", headers=headers)


async def wallboard(request: web.Request) -> web.Response:
    """Messages, zone, order of the tiles, and the present tiles: the page is complete before the first event."""
    asked = parameters.query(request, PAGE_PARAMETERS).get(LANG.name, ())
    language = languages.chosen(asked, request.headers.get("Accept-Language", ""))
    hub, settings = request.app[HUB], request.app[SETTINGS]
    await hub.render()
    body = {"lang": language, "zone": settings.zone, "clock": settings.clock, "texts": texts(language)}
    views = [{"name": view.name, "tiles": view.tiles} for view in VIEWS]
    return json({**body, "views": views, "tiles": hub.tiles, "scenes": hub.scenes})


async def tile_cases(request: web.Request) -> web.Response:
    """The cases behind a tile, the greatest first (clocks: least time left); `sum` includes rows beyond `limit`.

    `tile` is the present tile: its `sum` equals the sum of the list.
    """
    board, (name, limit) = request.app[BOARD], _asked(request, "cases")
    amount, status, tile = tiles.behind(board, name), tiles.status(name), tiles.render(board)[name]
    first, sums = First(limit), Counter[str]()

    def work(some: list[tuple[str, Record]]) -> None:
        counted = [(value, key, case) for key, case in some if (value := amount(case)) is not None]
        sums["sum"] += sum(value for value, _, _ in counted)
        first.add([(soonest(case, status) if status else "", -value, key, case) for value, key, case in counted])

    await request.app[SLICES].each(list(board.cases.items()), work)
    body = {
        "name": name,
        "tile": tile,
        "unit": tiles.listed(name),
        "sum": sums["sum"],
        "status": status,
        "total": first.count,
        "items": [{"amount": -less, **at_read_time(board, case)} for _, less, _, case in first.keys],
    }
    return json(body)


async def tile_areas(request: web.Request) -> web.Response:
    """The transformer areas behind a tile: of a count the most first, of a rate the lowest, which has no sum."""
    board, (name, limit) = request.app[BOARD], _asked(request, "areas")
    tile = tiles.render(board)[name]
    rows, total = await areas(board, BY_NAME[name], request.app[SLICES])
    body = {
        "name": name,
        "tile": tile,
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
