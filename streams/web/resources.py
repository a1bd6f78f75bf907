"""The API: each resource once, for the server that routes to it and the OpenAPI document that describes it."""

from streams.web import cases, demo_log, events, kpis, openapi, response_models, sla, wallboard
from streams.web.resource import Resource

RESOURCES = (
    Resource("/api/v1/kpis", kpis.kpis, "KPI records", kpis.PARAMETERS, response_models.KpiPage),
    Resource("/api/v1/cases", cases.cases, "Open and recent cases", cases.PARAMETERS, response_models.CasePage),
    Resource("/api/v1/sla", sla.sla, "Clocks by time left", sla.PARAMETERS, response_models.ClockPage),
    Resource(
        "/api/v1/wallboard", wallboard.wallboard, "The wallboard", wallboard.PAGE_PARAMETERS, response_models.Wallboard
    ),
    Resource(
        "/api/v1/tiles/{tile}/cases",
        wallboard.tile_cases,
        "The cases behind a tile",
        wallboard.LIST_PARAMETERS,
        response_models.TileCases,
        places=(("tile", wallboard.LISTS["cases"]),),
    ),
    Resource(
        "/api/v1/tiles/{tile}/areas",
        wallboard.tile_areas,
        "The transformer areas behind a tile",
        wallboard.LIST_PARAMETERS,
        response_models.TileAreas,
        places=(("tile", wallboard.LISTS["areas"]),),
    ),
    Resource(
        "/api/v1/events", events.events, "Tiles and scenes as they change", events.PARAMETERS, None, "text/event-stream"
    ),
    Resource("/api/v1/story", demo_log.story, "The demo log", demo_log.PARAMETERS, response_models.DemoLog),
    Resource("/api/v1/openapi.json", openapi.openapi, "This document", openapi.PARAMETERS, None),
)
