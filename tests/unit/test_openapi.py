"""The OpenAPI document is valid, and every answer of the API is as it says, with nothing that it does not name."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from schemas.event import format_instant
from streams.kpis import KPIS
from streams.settings import Settings
from streams.web.openapi import document
from streams.web.resources import RESOURCES
from streams.web.server import create_web
from tests.support.api_pages import complaint
from tests.support.web_board import DAY, NOW, body, clock, kpi, order

DOCUMENT = document(RESOURCES)
LIVE = "/api/v1/events"  # never ends
SCENE = {
    "at": format_instant(NOW), "scene": "worker_back", "details": {"worker": "worker-1", "pid": 7, "seconds": 4.5},
    "numbers": [{"name": "saidi", "period": "today", "scope": "all", "before": "1.5", "after": None}],
}  # fmt: skip


def strict(schema: Any) -> Any:
    """The same schema, in which an object has no other fields than those named."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(value) for name, value in schema.items()}
    return found | {"additionalProperties": False} if "properties" in found and "type" in found else found


def paths() -> list[tuple[str, str]]:
    """Every path of the document with its places filled in all ways, and the operation's own path."""
    found = []
    for path, operations in DOCUMENT["paths"].items():
        places = [each for each in operations["get"]["parameters"] if each["in"] == "path"]
        values = places[0]["schema"]["enum"] if places else [""]
        found += [(path.replace("{tile}", value), path) for value in values]
    return found


def check(path: str, status: str, media: str, answer: Any) -> None:
    schema = DOCUMENT["paths"][path]["get"]["responses"][status]["content"][media]["schema"]
    whole = deepcopy({**schema, "components": DOCUMENT["components"]})
    Draft202012Validator(strict(whole)).validate(answer)


@pytest.fixture
async def client(board, tmp_path: Path):
    story = tmp_path / "story.jsonl"
    story.write_bytes(orjson.dumps(SCENE) + b"\n" + b'{"at": "2026')
    board.apply_cases(0, [complaint("c1"), complaint("c2", level="major", state="closed", open=False)])
    board.apply_cases(0, [order("w1", clock("L3a", 60, "at_risk"), clock("L5", None, "paused"))])
    board.apply_kpis(0, [kpi("arrival_on_time_share", DAY, 1, 2, "-"), kpi("complaints_open", "now", 2, 1, "-")])
    app = create_web(Settings.load(story_file=str(story)), board)
    async with TestClient(TestServer(app)) as client:
        yield client


def test_the_document_is_valid():
    validate(DOCUMENT)


@pytest.mark.parametrize(("path", "described"), paths(), ids=[path for path, _ in paths()])
async def test_every_answer_is_as_the_document_says(client, path, described):
    if path == LIVE:
        async with client.get(path) as response:
            assert response.content_type in DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
        return
    answer = await body(client, path)

    check(described, "200", "application/json", answer)
    assert "items" not in answer or path.startswith("/api/v1/tiles/") or answer["items"], "the answer shows nothing"


@pytest.mark.parametrize("path", DOCUMENT["paths"])
async def test_a_parameter_that_does_not_exist_is_a_problem_everywhere(client, path):
    filled = next(each for each, described in paths() if described == path)

    check(path, "400", "application/problem+json", await body(client, f"{filled}?colour=red", 400))


async def test_the_documented_parameters_are_those_that_are_taken(client):
    for path, operations in DOCUMENT["paths"].items():
        filled = next(each for each, described in paths() if described == path)
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "query" and (schema := parameter["schema"].get("items", parameter["schema"])):
                value = schema.get("default") or schema.get("enum", ["now"])[0]
                if parameter["name"] != "cursor":
                    await body(client, f"{filled}?{parameter['name']}={value}")


def test_the_registries_are_in_the_document():
    parameters = {each["name"]: each["schema"] for each in DOCUMENT["paths"]["/api/v1/kpis"]["get"]["parameters"]}

    assert parameters["kpi"]["items"]["enum"] == [kpi.name for kpi in KPIS]
    assert set(DOCUMENT["paths"]) == {resource.path for resource in RESOURCES}
    assert {"region", "area_type", "crew", "category", "level", "kind", "case_kind"} <= set(parameters)


async def test_the_document_is_served_as_it_is_committed(client):
    committed = Path(__file__).parents[2] / "docs/openapi.json"

    assert await body(client, "/api/v1/openapi.json") == orjson.loads(committed.read_bytes()) == DOCUMENT


async def test_without_a_story_there_is_none(board):
    async with TestClient(TestServer(create_web(Settings.load(), board))) as client:
        check("/api/v1/story", "404", "application/problem+json", await body(client, "/api/v1/story", 404))
        assert (await body(client, "/api/v1/wallboard"))["scenes"] is None
