"""The API: each resource once, for the server that routes to it and the OpenAPI document that describes it."""

from streams.web import answers, cases, events, kpis, openapi, sla, story, wallboard
from streams.web.resource import Resource

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
