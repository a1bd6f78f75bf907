"""Behind tiles of voltage: points that add up, areas that add up, and areas worst first where nothing adds up."""

import pytest

from schemas.event import format_instant
from tests.support.web_board import DAY, NOW, body, kpi, record, row

PPB = 10**9


def point(case: str, **changes):
    value = {
        "case": case, "kind": "point", "state": "over", "open": True, "regions": ["north"], "areas": ["T1"],
        "findings": [], "contributes": [row("now", "voltage_points_out|over|D", 1)], "as_of": format_instant(NOW),
    } | changes  # fmt: skip
    return record(f"point/{case}", value)


def points_out(scope: str, over: int, under: int, name: str = "voltage_points_out"):
    counts = {"over": over, "under": under, "all": over + under}
    return [
        kpi(name, "now", count, 1, f"direction={direction},monitoring_class=all", scope=scope, unit="points")
        for direction, count in counts.items()
    ]


@pytest.fixture(autouse=True)
def measured(board):
    board.apply_kpis(0, points_out("all", 3, 2))
    for area, (over, under) in {"T1": (2, 0), "T2": (1, 2), "T3": (0, 0)}.items():
        board.apply_kpis(0, points_out(f"area={area}", over, under))
    for direction, count in {"over": 2, "under": 1}.items():
        board.apply_kpis(0, [kpi("voltage_areas_out", "now", count, 1, f"direction={direction}", unit="areas")])
    for scope, rates, points in (("all", 1_970_000_000, 2), ("area=T1", PPB, 1), ("area=T2", 970_000_000, 1)):
        dims = "monitoring_class=all"
        board.apply_kpis(0, [kpi("voltage_compliance", DAY, rates, PPB * points, dims, scope=scope, unit="ratio")])


async def test_points_behind_the_tile_add_up_to_it(client, board):
    under = [row("now", "voltage_points_out|under|A", 1)]
    over = [point(f"p{number}") for number in range(3)]
    board.apply_cases(0, [*over, point("p3", contributes=under), point("p4", contributes=under)])

    found = await body(client, "/api/v1/tiles/points_out/cases")

    assert found["sum"] == found["tile"]["main"]["sum"] == found["total"] == 5


async def test_areas_behind_a_count_add_up_to_it_by_direction(client):
    over = await body(client, "/api/v1/tiles/areas_over/areas")
    under = await body(client, "/api/v1/tiles/areas_under/areas")

    assert [(item["area"], item["numerator"]) for item in over["items"]] == [("T1", 2), ("T2", 1)]
    assert over["sum"] == over["tile"]["main"]["sum"] == 2
    assert [(item["area"], item["numerator"]) for item in under["items"]] == [("T2", 2)]
    assert under["sum"] == under["tile"]["main"]["sum"] == 1


async def test_areas_behind_a_mean_are_listed_the_lowest_first_and_have_no_sum(client):
    found = await body(client, "/api/v1/tiles/compliance_today/areas?limit=1")

    assert [(item["area"], item["line"]) for item in found["items"]] == [("T2", ["1.0", "1"])]
    assert (found["total"], found["sum"], found["tile"]["main"]["sum"]) == (2, None, None)
    assert found["tile"]["main"]["line"] == ["2.0", "2"]


async def test_a_busbar_out_of_limits_is_to_be_acted_on_and_a_customers_point_is_not(client, board):
    for name, count in {"A": 1, "D": 4}.items():
        board.apply_kpis(0, [kpi("voltage_points_out", "now", count, 1, f"direction=all,monitoring_class={name}")])

    tile = (await body(client, "/api/v1/wallboard"))["tiles"]["points_out"]

    assert {part["label"]: part["alarm"] for part in tile["parts"]} == {
        "over": False, "under": False, "A": True, "D": False
    }  # fmt: skip


@pytest.mark.parametrize("path", ["compliance_today/cases", "customers_out/areas", "nothing/cases"])
async def test_a_tile_without_such_a_list_is_a_problem(client, path):
    await body(client, f"/api/v1/tiles/{path}", 404)
