"""Lists page by page: complete, in a stable order, also when something comes or goes between two pages."""

import pytest

from schemas.event import format_instant
from tests.support.api_pages import complaint, pages
from tests.support.web_board import DAY, NOW, body, kpi, outage, record


async def test_every_item_is_on_one_page(client, board):
    board.apply_cases(0, [outage(f"N{number:02}", 1) for number in range(20)])
    everything = await pages(client, "/api/v1/cases?kind=outage&kind=order")

    found = await pages(client, "/api/v1/cases?kind=outage&kind=order&limit=7")

    assert [len(page) for page in found] == [7, 7, 7, 2]
    assert [each for page in found for each in page] == everything[0]
    assert (await body(client, "/api/v1/cases?limit=7"))["total"] == 23


async def test_what_comes_and_goes_between_pages_moves_nothing(client, board):
    board.apply_kpis(0, [kpi("saifi", DAY, 1, 1, scope=f"region=r{number}") for number in range(6)])
    first = await body(client, "/api/v1/kpis?kpi=saifi&limit=3")
    board.apply_kpis(
        0, [record(f"saifi|region=r0|kind=fault|{DAY}", None), kpi("saifi", DAY, 1, 1, scope="region=r00")]
    )

    second = await body(client, first["next"])

    assert [item["scope"]["region"] for item in first["items"] + second["items"]] == [f"r{n}" for n in range(6)]
    assert second["next"] is None
    assert first["total"] == second["total"] == 6


async def test_the_next_page_has_the_same_filters(client, board):
    board.apply_kpis(0, [kpi("saifi", DAY, 1, 1, scope=f"region=r{number}") for number in range(3)])
    board.apply_kpis(0, [kpi("caidi", DAY, 1, 1, scope="region=r1")])

    found = await pages(client, "/api/v1/kpis?kpi=saifi&period=today&region=r1&region=r2&limit=1")

    assert found == [[f"saifi|region=r1|kind=fault|{DAY}"], [f"saifi|region=r2|kind=fault|{DAY}"]]


@pytest.mark.parametrize("cursor", ["%21", "a", "gICA", "é"])
async def test_a_cursor_of_ones_own_is_a_problem(client, cursor):
    assert "cursor" in (await body(client, f"/api/v1/kpis?cursor={cursor}", 400))["detail"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("kind=complaint", ["c1", "c2", "c3"]),
        ("kind=complaint&case_kind=fault_report", ["c2"]),
        ("kind=complaint&category=outage", ["c3"]),
        ("kind=complaint&category=unknown&category=outage", ["c2", "c3"]),
        ("level=unknown", ["c1", "c2"]),
        ("kind=complaint&area=T9", ["c3"]),
        ("kind=complaint&period=today", ["c3"]),
        ("kind=complaint&region=south", []),
    ],
)
async def test_complaints_are_found_by_what_is_said_of_them(client, board, filters, expected):
    board.apply_cases(
        0,
        [
            complaint("c1"),
            complaint("c2", case_kind="fault_report", category=None),
            complaint("c3", category="outage", level="major", areas=["T9"], accepted_at=format_instant(NOW)),
        ],
    )

    assert (await pages(client, f"/api/v1/cases?{filters}"))[0] == expected


async def test_kpis_are_found_by_every_field_of_their_scope(client, board):
    board.apply_kpis(0, [kpi("complaints_open", "now", 3, 1, "-", scope="category=outage")])
    board.apply_kpis(0, [kpi("complaints_open", "now", 1, 1, "-", scope="level=major")])

    assert await pages(client, "/api/v1/kpis?category=outage") == [["complaints_open|category=outage|-|now"]]
    assert await pages(client, "/api/v1/kpis?level=major&level=special") == [["complaints_open|level=major|-|now"]]
