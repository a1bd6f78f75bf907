"""Whatever is asked of the API: an answer or a problem with a sentence, never an error of our own."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from streams.settings import Settings
from streams.web.resources import RESOURCES
from streams.web.server import create_web
from tests.support.web_board import clock, new_board, order, outage

ENDLESS = {"/api/v1/events"}
PATHS = [
    resource.path.replace("{tile}", tile)
    for resource in RESOURCES
    for tile in (resource.places[0][1][:3] if resource.places else ("",))
    if resource.path not in ENDLESS
]
NAMES = sorted({parameter.name for resource in RESOURCES for parameter in resource.parameters})
YEARS = ("0000", "0001", "1582", "1969", "1970", "2026", "9998", "9999")
PERIODS = [
    f"{year}-{rest}" for year in YEARS
    for rest in ("W00", "W01", "W52", "W53", "W54", "01", "12", "13", "00", "01-01", "12-31", "02-30", "W52-7", "W5")
]  # fmt: skip
TEXTS = (
    "", " ", "now", "today", "last30d", "all", "-1", "0", "1", "2000", "2001", "100000", "9" * 30, "1e3", "null",
    "\u0661\u0662", "\uff12\uff10\uff12\uff16-06-03", "%00", "a=b", "region=", "region=R01,area_type=urban", "|", ",",
    "true", "\x00", "\u6d4b\u8bd5", "'\"<script>", "zz==", "Lw", "4oCU", "/w", "~", "de", "zh_CN", "..%2f..",
)  # fmt: skip
RAW = ("%FF", "%ED%A0%80", "%C0%AF", "%", "%2", "%u1234", "+", "%00", "a%00b", "%0d%0aX:1", "%E6%B5", "&&&", ";", "#x")
values = (
    st.sampled_from(PERIODS).map(quote)
    | st.sampled_from(TEXTS).map(quote)
    | st.sampled_from(RAW)
    | st.text(max_size=12).map(lambda text: quote(text, errors="replace"))
    | st.binary(max_size=6).map(quote)
)
queries = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=4)

Asked = Callable[[str], tuple[int, Any]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Asked]:
    """The status and the JSON of a path and query, of one server for all examples."""
    board = new_board()
    board.apply_cases(0, [order("W", clock("L1", 60), clock("L2", None, "paused")), outage("N", 1, started_at=None)])
    with asyncio.Runner() as runner:

        async def start() -> TestClient[Any, Any]:
            client = TestClient(TestServer(create_web(Settings(), board)))
            await client.start_server()
            return client

        async def get(path: str) -> tuple[int, Any]:
            async with client.get(URL(path, encoded=True), headers={"Accept-Language": path[:40]}) as response:
                text = await response.read()
                return response.status, orjson.loads(text) if "json" in response.content_type else None

        client = runner.run(start())
        yield lambda path: runner.run(get(path))
        runner.run(client.close())


def check(answer: tuple[int, Any]) -> None:
    status, body = answer
    assert status in {200, 400, 404}, body
    if status != 200:
        assert body["detail"].endswith("."), body


@settings(max_examples=300)
@given(st.sampled_from(PATHS), queries)
def test_no_query_is_an_error_of_the_server(ask: Asked, path: str, query: list[tuple[str, str]]) -> None:
    check(ask(f"{path}?{'&'.join(f'{name}={value}' for name, value in query)}"))


@pytest.mark.parametrize("path", ["/api/v1/kpis", "/api/v1/cases"])
@pytest.mark.parametrize("period", PERIODS)
def test_no_period_is_an_error_of_the_server(ask: Asked, path: str, period: str) -> None:
    check(ask(f"{path}?period={period}"))


@settings(max_examples=100)
@given(st.sampled_from(("/api/v1/tiles/", "/api/v1/", "/static/", "/")), values)
def test_no_path_is_an_error_of_the_server(ask: Asked, before: str, rest: str) -> None:
    status, body = ask(before + rest.lstrip("/"))  # a client takes what follows two slashes for a host
    assert status < 500, body
