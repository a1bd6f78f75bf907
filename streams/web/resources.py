"""The API: each resource once, for the server that routes to it and the OpenAPI document that describes it."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aiohttp import web

from streams.web import answers, cases, events, kpis, openapi, sla, story, wallboard
from streams.web.parameters import Parameter

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Resource(NamedTuple):
    """A path to GET. `answer` is a model of the JSON, or None for what `media` says alone; `places` fill the path."""

    path: str
    handler: Handler
    summary: str
    parameters: tuple[Parameter, ...]
    answer: type[Any] | None
    media: str = "application/json"
    places: tuple[tuple[str, tuple[str, ...]], ...] = ()


RESOURCES = (
    Resource("/api/v1/kpis", kpis.kpis, "KPI records", kpis.PARAMETERS, answers.KpiPage),
    Resource("/api/v1/cases", cases.cases, "Open and recent cases", cases.PARAMETERS, answers.CasePage),
    Resource("/api/v1/sla", sla.sla, "Clocks by the time that is left", sla.PARAMETERS, answers.ClockPage),
    Resource("/api/v1/wallboard", wallboard.wallboard, "The wallboard", wallboard.PAGE_PARAMETERS, answers.Wallboard),
    Resource(
        "/api/v1/tiles/{tile}/cases",
        wallboard.tile_cases,
        "The cases behind a tile",
        wallboard.LIST_PARAMETERS,
        answers.TileCases,
        places=(("tile", wallboard.LISTS["cases"]),),
    ),
    Resource(
        "/api/v1/tiles/{tile}/areas",
        wallboard.tile_areas,
        "The transformer areas behind a tile",
        wallboard.LIST_PARAMETERS,
        answers.TileAreas,
        places=(("tile", wallboard.LISTS["areas"]),),
    ),
    Resource(
        "/api/v1/events", events.events, "Tiles and scenes as they change", events.PARAMETERS, None, "text/event-stream"
    ),
    Resource("/api/v1/story", story.story, "What the demo tells", story.PARAMETERS, answers.Told),
    Resource("/api/v1/openapi.json", openapi.openapi, "This document", openapi.PARAMETERS, None),
)
