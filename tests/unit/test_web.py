"""The web server over a board that is fed by hand: no broker, real HTTP."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer

from schemas.event import format_instant
from schemas.order import WorkType
from schemas.outage import Kind
from streams.kpis.orders_open import STATES as ORDER_STATES
from streams.kpis.outages_open import AGES
from streams.kpis.outages_open import STATES as OUTAGE_STATES
from streams.settings import Settings
from streams.web.server import create_web
from streams.web.state import Board
from streams.web.texts import TEXTS
from streams.web.tiles import PIPELINE, TILES

NOW = 1_780_459_200  # 2026-06-03T12:00:00+08:00
DAY = "2026-06-03"


def record(key: str, value: Any, headers: Any = ()) -> SimpleNamespace:
    raw = None if value is None else orjson.dumps(value)
    return SimpleNamespace(key=key.encode(), value=raw, headers=headers)


def status(as_of: int = NOW, published: int | None = NOW) -> SimpleNamespace:
    counts = {"next_offset": 9, "start": 0, "applied": 5, "duplicate": 1, "stale": 1, "rejected": 2, "defect": 0}
    processed = {"grid.outages.v1": {**counts, "forwarded": 0, "marks": 0}}
    value = {
        "v": 1,
        "as_of": as_of,
        "published": published,
        "clock": "wall",
        "processed": processed,
        "cases": 3,
        "drift": 0,
    }
    return record("status", value)


def kpi(name: str, period: str, above: int | None, below: int | None, dims: str = "kind=fault", **changes: Any) -> Any:
    scope = changes.pop("scope", "all")
    value = {
        "kpi": name,
        "scope": dict(part.split("=") for part in scope.split(",")) if scope != "all" else {},
        "dims": dict(part.split("=") for part in dims.split(",")) if dims != "-" else {},
        "period": period,
        "numerator": above,
        "denominator": below,
        "value": None if above is None or below is None else f"{above / below:.6f}",
        "unit": "minutes",
        "basis": None,
        "as_of": format_instant(NOW),
        "complete": True,
        "status": "open",
        "definition_version": 1,
        "revision": 1,
        "reason": None if above is not None else "nobody served",
    } | changes
    return record(f"{name}|{scope}|{dims}|{period}", value)


def row(day: str, measure: str, amount: int, per_second: int = 0) -> dict[str, Any]:
    return {"day": day, "measure": measure, "amount": amount, "per_second": per_second}


def outage(case: str, customers: int, **changes: Any) -> SimpleNamespace:
    value = {
        "case": case,
        "kind": "outage",
        "state": "active",
        "open": True,
        "outage_kind": "fault",
        "regions": ["north"],
        "areas": ["T1"],
        "started_at": format_instant(NOW - 600),
        "restored_at": None,
        "customers_out": customers,
        "customer_seconds_out": customers * 500,
        "findings": [],
        "contributes": [row("now", "customers_out|fault", customers)],
        "as_of": format_instant(NOW - 100),
    } | changes
    return record(f"outage/{case}", value)


@pytest.fixture
def board() -> Board:
    board = Board(2, zone="Asia/Shanghai", wall=lambda: NOW)
    board.apply_partials(0, [status()])
    board.apply_partials(1, [status(NOW - 1)])
    board.apply_kpis(0, [kpi("customers_out", "now", 30, 1, "kind=all", unit="customers")])
    board.apply_kpis(1, [kpi("saidi", DAY, 990, 100 * 60), kpi("saidi", "2026-06", None, None)])
    board.apply_cases(0, [outage("A", 20), outage("B", 10), outage("C", 7, outage_kind="non_payment", contributes=[])])
    return board


@pytest.fixture
async def client(board: Board) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(create_web(Settings(), board))) as client:
        yield client


async def body(client: TestClient[Any, Any], path: str, status: int = 200) -> Any:
    async with client.get(path) as response:
        assert response.status == status, await response.text()
        return orjson.loads(await response.read())


async def test_kpis_are_filtered_by_name_and_period(client):
    found = await body(client, "/api/v1/kpis?kpi=saidi&period=today")

    assert [item["key"] for item in found["items"]] == [f"saidi|all|kind=fault|{DAY}"]
    assert found["items"][0]["value"] == "0.165000"
    assert found["items"][0]["complete"] is True
    assert found["items"][0]["current_to"] == format_instant(NOW - 1)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/kpis?kpi=saidy",
        "/api/v1/kpis?colour=red",
        "/api/v1/kpis?period=yesterday",
        "/api/v1/kpis?limit=0",
        "/api/v1/cases?open=maybe",
        "/api/v1/cases?kind=dog",
        "/api/v1/wallboard?lang=xx",
    ],
)
async def test_a_wrong_filter_is_a_problem_with_a_sentence(client, path):
    async with client.get(path) as response:
        problem = orjson.loads(await response.read())

        assert response.content_type == "application/problem+json"
        assert response.status == 400
        assert problem["detail"].endswith(".")


async def test_an_unknown_path_is_a_problem(client):
    assert (await body(client, "/api/v1/nothing", 404))["title"] == "Not Found"


async def test_open_cases_grow_up_to_the_read_time(client):
    found = await body(client, "/api/v1/cases?open=true&outage_kind=fault&region=north")

    assert {case["case"]: case["customer_seconds_out"] for case in found["items"]} == {"A": 20 * 599, "B": 10 * 599}
    assert {case["as_of"] for case in found["items"]} == {format_instant(NOW - 1)}


async def test_the_list_behind_a_tile_adds_up_to_it(client):
    tile = (await body(client, "/api/v1/wallboard"))["tiles"]["customers_out"]
    found = await body(client, "/api/v1/tiles/customers_out/cases?limit=1")

    assert found["sum"] == tile["main"]["sum"] == found["tile"]["main"]["numerator"] == 30
    assert (found["count"], len(found["items"])) == (2, 1)


async def test_what_grows_is_listed_as_of_the_record_that_the_tile_shows(board, client):
    growing = [row(DAY, "interruption_seconds|fault", 500, 2), row("2026-06-02", "interruption_seconds|fault", 7)]
    planned = [row(DAY, "interruption_seconds|planned", 9)]
    board.apply_cases(0, [outage("A", 2, contributes=growing), outage("B", 1, contributes=planned)])
    board.apply_kpis(0, [kpi("saidi", DAY, 640, 60 * 100, as_of=format_instant(NOW - 30))])
    board.apply_kpis(0, [kpi("saidi", "2026-06", 647 * 3, 60 * 300, as_of=format_instant(NOW - 30))])

    today = await body(client, "/api/v1/tiles/saidi_today/cases")
    month = await body(client, "/api/v1/tiles/saidi_month/cases")

    assert [(case["case"], case["amount"]) for case in today["items"]] == [("A", 500 + 2 * 70)]
    assert today["sum"] == today["tile"]["main"]["sum"] == 640
    assert month["sum"] == month["tile"]["main"]["sum"] == 647
    assert month["tile"]["main"]["line"] == [11, 100]


async def test_behind_a_share_are_those_due_and_behind_the_data_age_the_findings(board, client):
    due, met = row(DAY, "arrivals_due", 1), row(DAY, "arrivals_on_time", 1)
    board.apply_cases(
        0, [outage("A", 0, contributes=[due, met]), outage("B", 0, contributes=[due], findings=["x", "y"])]
    )
    board.apply_kpis(0, [kpi("arrival_on_time_share", DAY, 1, 2, "-")])

    share = await body(client, "/api/v1/tiles/on_time_today/cases")
    findings = await body(client, "/api/v1/tiles/pipeline/cases")

    assert {case["case"]: case["amount"] for case in share["items"]} == {"A": 1, "B": 0}
    assert (share["sum"], share["count"]) == (1, 2)
    assert {case["case"]: case["amount"] for case in findings["items"]} == {"B": 2}
    assert findings["sum"] == findings["tile"]["main"]["sum"] == 2


async def test_an_undefined_value_stays_undefined(client):
    tile = (await body(client, "/api/v1/wallboard"))["tiles"]["saidi_month"]

    assert tile["main"]["value"] is None
    assert tile["main"]["reason"] == "nobody served"


async def test_a_silent_source_makes_everything_stale(board, client):
    board.apply_partials(1, [status(NOW - 11)])

    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]
    kpis = await body(client, "/api/v1/kpis")

    assert all(tile["stale"] for tile in tiles.values())
    assert not any(item["complete"] for item in kpis["items"])


def test_a_missing_source_leaves_no_read_time():
    board = Board(2, zone="UTC", wall=lambda: NOW)
    board.apply_partials(0, [status()])

    assert board.missing_sources() == (1,)
    assert board.current_to("all") is None
    assert board.is_stale(board.frontier())


def test_with_marks_now_is_the_frontier_and_nothing_is_too_old():
    board = Board(1, zone="UTC", marks=True, wall=lambda: NOW + 10**6)
    board.apply_partials(0, [status(NOW - 60, NOW - 120)])

    assert board.now() == NOW - 60
    assert board.current_to("all") == NOW - 120
    assert not board.is_stale(board.current_to("all"))


def test_a_tombstone_retires_a_cell_a_case_and_a_letter(board):
    letter = record("t/0/1", "x", (("__connect.errors.exception.class.name", b"invalid"),))
    board.apply_dead_letters(0, [letter])
    assert board.dead_letters["invalid"] == 1

    board.apply_dead_letters(0, [record("t/0/1", None)])
    board.apply_cases(0, [record("outage/A", None)])
    board.apply_kpis(0, [record(f"saidi|all|kind=fault|{DAY}", None)])

    assert board.dead_letters["invalid"] == 0
    assert "outage/A" not in board.cases
    assert board.find("saidi", "today") == []


async def test_events_bring_every_tile_first(client):
    async with client.get("/api/v1/events") as response:
        await response.content.readuntil(b"event: tiles\ndata: ")
        tiles = orjson.loads(await response.content.readline())

    assert set(tiles) == {tile.name for tile in TILES} | {PIPELINE}


async def test_health_says_how_far_the_sources_are(client):
    assert (await body(client, "/livez"))["status"] == "ok"
    assert (await body(client, "/readyz"))["status"] == "ready"
    assert (await body(client, "/startupz"))["current_to"] == format_instant(NOW - 1)


async def test_metrics_pass_promtool_and_leave_out_what_is_undefined(client, promtool: Path):
    async with client.get("/metrics") as response:
        text = await response.text()

    checked = subprocess.run(  # noqa: ASYNC221 - short, and the client waits
        [promtool, "check", "metrics"], input=text.encode(), capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert 'gridpulse_saidi_seconds{area_type="",kind="fault",period="today",region="",scope="all"} 9.9' in text
    assert 'period="month"' not in text
    assert 'outcome="rejected",partition="0",topic="grid.outages.v1"} 2.0' in text


async def test_series_are_bounded(board, client):
    board.apply_kpis(0, [kpi("saidi", DAY, 1, 60, scope=f"region=r{number:04}") for number in range(500)])
    board.apply_kpis(0, [kpi("orders_open", "now", 1, 1, "state=all", scope=f"crew=c{number}") for number in range(50)])

    async with client.get("/metrics") as response:
        text = await response.text()

    assert text.count('gridpulse_saidi_seconds{area_type="",kind="fault",period="today",region="r') == 100
    assert "crew" not in [line.partition("{")[0] for line in text.splitlines()]
    assert "c49" not in text


async def test_the_page_needs_nothing_from_elsewhere(client):
    for path in ("/", "/static/wallboard.js", "/static/wallboard.css"):
        async with client.get(path) as response:
            assert response.status == 200
            assert "//" not in (await response.text()).replace("http://www.w3.org/2000/svg", "").replace("// ", "")


def test_every_text_is_there_in_both_languages():
    assert all(english and chinese for english, chinese in TEXTS.values())
    assert {tile.name for tile in TILES} <= set(TEXTS)
    assert {*get_args(Kind), *get_args(WorkType), *OUTAGE_STATES, *ORDER_STATES, *AGES} <= set(TEXTS)
