"""Clocks by time left: order, filters, pages."""

import pytest

from schemas.event import format_instant
from streams.web.state import Board
from tests.support.api_pages import complaint, pages
from tests.support.web_board import NOW, body, clock, order, record


@pytest.fixture
def board(board: Board) -> Board:
    board.apply_cases(
        0,
        [
            order("w1", clock("L3a", 600), clock("L3b", -30, "breached", severity="critical"), clock("L1", -9, "void")),
            order("w2", clock("L3a", 60, "at_risk"), clock("L5", None, "paused"), crew="C2", area_types=["rural"]),
            order("w3", clock("L3a", -700, "met_late"), clock("L2", 5, "met"), regions=["south"], open=False),
            complaint("c1", clocks=[clock("L19", 86_400, severity="critical")]),
        ],
    )
    return board


async def keys(client, filters: str = "") -> list[str]:
    return [item["key"].replace("|order/", " ").replace("|1", "") for item in await items(client, filters)]


async def items(client, filters: str = ""):
    return (await body(client, f"/api/v1/sla?{filters}"))["items"]


async def test_the_least_time_left_is_first_and_what_is_paused_last(client, board):
    found = await body(client, "/api/v1/sla")

    assert [item["left_seconds"] for item in found["items"]] == [-700, -30, 60, 600, 86_400, None]
    assert found["now"] == format_instant(NOW)
    assert (found["total"], found["next"], found["stale"]) == (6, None, False)


async def test_a_clock_comes_with_its_case_its_crew_and_its_place(client, board):
    (found,) = await items(client, "status=at_risk")

    assert found["key"] == "L3a|order/w2|1"
    assert found["title"] == {"en": "Crew not there, our line for each order", "zh": "到场超时（逐单控制线）"}
    assert (found["case"], found["cycle"], found["level_percent"]) == ("w2", 1, 90)
    assert (found["regions"], found["area_types"], found["areas"]) == (["north"], ["rural"], ["T1"])
    assert found["about"] == {"state": "dispatched", "crew": "C2", "work_type": "repair"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("clock=L3a", ["L3a w3", "L3a w2", "L3a w1"]),
        ("clock=L3a&open=true", ["L3a w2", "L3a w1"]),
        ("open=false", ["L3a w3"]),
        ("status=breached&status=met_late", ["L3a w3", "L3b w1"]),
        ("kind=complaint", ["L19|complaint/c1"]),
        ("severity=critical", ["L3b w1", "L19|complaint/c1"]),
        ("region=south", ["L3a w3"]),
        ("area_type=rural", ["L3a w2", "L5 w2"]),
        ("crew=C2&clock=L5", ["L5 w2"]),
        ("case=w1&open=true", ["L3b w1", "L3a w1"]),
        ("region=west", []),
    ],
)
async def test_filters(client, board, filters, expected):
    assert await keys(client, filters) == expected


async def test_points_have_clocks_too(client, board):
    said = {"case": "P", "kind": "point", "state": "silent", "open": False, "regions": ["north"], "areas": ["T1"]}
    clocks = [clock("L17", -60, "breached") | {"cycle": NOW - 2700}]
    point = said | {"monitoring_class": "D", "findings": [], "as_of": format_instant(NOW), "clocks": clocks}
    board.apply_cases(0, [record("point/P", point)])

    (found,) = await items(client, "kind=point")

    assert (found["key"], found["left_seconds"]) == (f"L17|point/P|{NOW - 2700}", -60)
    assert found["title"] == {"en": "Point silent", "zh": "监测点无数据"}
    assert found["about"] == {"state": "silent", "monitoring_class": "D"}


async def test_every_clock_is_on_one_page_though_cases_come_and_go(client, board):
    assert await pages(client, "/api/v1/sla?limit=4&open=true") == [
        ["L3b|order/w1|1", "L3a|order/w2|1", "L3a|order/w1|1", "L19|complaint/c1|1"],
        ["L5|order/w2|1"],
    ]


async def test_time_left_goes_on_though_nothing_is_read(client, board):
    board.wall = lambda: NOW + 61

    found = await body(client, "/api/v1/sla?case=w2&clock=L3a")

    assert found["items"][0]["left_seconds"] == -1
    assert found["items"][0]["status"] == "at_risk"  # not decided: nothing was read since
    assert found["stale"]


@pytest.mark.parametrize("filters", ["status=met", "status=void", "clock=L99", "severity=high", "left=5"])
async def test_what_never_is_there_is_no_filter(client, board, filters):
    assert (await body(client, f"/api/v1/sla?{filters}", 400))["detail"].endswith(".")
