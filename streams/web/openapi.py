"""GET /api/v1/openapi.json: the API as an OpenAPI 3.1 document, from the registries that its handlers use."""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from streams.web import parameters
from streams.web.keys import DOCUMENT
from streams.web.problems import json
from streams.web.response_models import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from streams.web.resource import Resource

PARAMETERS: tuple[parameters.Parameter, ...] = ()
REFERENCE = "#/components/schemas/{model}"
PROBLEMS = {
    "400": "A parameter is wrong; `detail` names it.",
    "404": "There is no such thing.",
    "503": "The topics are still being read; /readyz shows the progress.",
}


def document(resources: Iterable[Resource]) -> dict[str, Any]:
    """The whole document."""
    described = tuple(resources)
    models = {resource.model for resource in described if resource.model is not None} | {Problem}
    ordered = sorted(models, key=lambda model: str(model.__name__))
    _, schemas = models_json_schema([(model, "validation") for model in ordered], ref_template=REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "gridpulse",
            "version": "1",
            "description": (
                "KPIs of the dispatch centre, the cases behind them, and the wallboard. Responses are valid up to "
                "`current_to`; readers pass over fields that they do not know."
            ),
        },
        "paths": {resource.path: {"get": _operation(resource)} for resource in described},
        "components": {"schemas": schemas["$defs"]},
    }


def _operation(resource: Resource) -> dict[str, Any]:
    places = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": list(values)}}
        for name, values in resource.places
    ]
    return {
        "operationId": resource.handler.__name__,
        "summary": resource.summary,
        "description": getdoc(resource.handler),
        "parameters": places + [_parameter(parameter) for parameter in resource.parameters],
        "responses": {"200": _answer(resource)} | _problems(),
    }


def _parameter(parameter: parameters.Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": parameter.schema} if parameter.many else parameter.schema
    return {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}


def _answer(resource: Resource) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object" if resource.media == "application/json" else "string"}
    if resource.model is not None:
        schema = {"$ref": REFERENCE.format(model=resource.model.__name__)}
    return {"description": resource.summary + ".", "content": {resource.media: {"schema": schema}}}


def _problems() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model=Problem.__name__)}}}
    return {status: {"description": text, "content": content} for status, text in PROBLEMS.items()}


async def openapi(request: web.Request) -> web.Response:
    """The API as an OpenAPI 3.1 document."""
    parameters.query(request, PARAMETERS)
    return json(request.app[DOCUMENT])
