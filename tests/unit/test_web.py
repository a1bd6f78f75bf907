"""API, health and metrics over a board that is fed by hand: no broker, real HTTP."""

import subprocess
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from schemas.event import format_instant
from streams.dimensions import periods, scopes
from streams.web.state import Board
from tests.support.web_board import DAY, NOW, body, clock, kpi, letter, order, record, status

POINT = {
    "case": "P",
    "kind": "point",
    "state": "over",
    "open": True,
    "regions": ["north"],
    "areas": ["T1"],
    "monitoring_class": "C",
    "nominal_centivolts": 22_000,
    "low_centivolts": 19_800,
    "high_centivolts": 23_540,
    "value_centivolts": 24_100,
    "findings": [],
    "contributes": [],
}


async def test_kpis_are_filtered_by_name_and_period(client):
    found = await body(client, "/api/v1/kpis?kpi=saidi&period=today")

    assert [item["key"] for item in found["items"]] == [f"saidi|all|kind=fault|{DAY}"]
    assert found["items"][0]["value"] == "0.165000"
    assert found["items"][0]["complete"] is True
    assert found["items"][0]["current_to"] == format_instant(NOW - 1)


async def test_a_week_is_named_or_is_the_present_one(client, board):
    week = board.period("week")
    assert week == periods.week_of(board.today())
    record = board.find("saidi", "today")[0] | {"kpi": "voltage_en50160", "period": week}
    key = f"voltage_en50160|all|monitoring_class=all|{week}"
    board.apply_kpis(0, [SimpleNamespace(key=key.encode(), value=orjson.dumps(record))])
    for name in ("week", week):
        found = await body(client, f"/api/v1/kpis?period={name}")
        assert [item["key"] for item in found["items"]] == [key]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/kpis?kpi=saidy",
        "/api/v1/kpis?colour=red",
        "/api/v1/kpis?period=yesterday",
        "/api/v1/kpis?period=2026-W54",
        "/api/v1/kpis?period=2026-W23-1",
        "/api/v1/kpis?limit=0",
        "/api/v1/cases?open=maybe",
        "/api/v1/cases?kind=dog",
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


async def test_a_silent_source_makes_everything_stale(board, client):
    board.apply_partials(1, [status(NOW - 11)])

    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]
    kpis = await body(client, "/api/v1/kpis")

    assert all(tile["stale"] for tile in tiles.values())
    assert not any(item["complete"] for item in kpis["items"])


def test_a_missing_source_leaves_no_read_time():
    board = Board(2, zone="UTC", wall=lambda: NOW)
    board.apply_partials(0, [status()])

    assert board.missing_sources("cases") == (1,)
    assert board.current_to("all") is None
    assert board.oldest() is None
    assert board.is_stale(board.frontier("cases"))


async def test_roles_stand_by_themselves(board, client):
    board.apply_kpis(0, [kpi("voltage_points_out", "now", 3, 1, "direction=all,monitoring_class=all")])
    for partition in range(2):
        board.apply_partials(partition, [status(NOW - 100, NOW - 100)], role="voltage")

    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]
    found = {item["kpi"]: item for item in (await body(client, "/api/v1/kpis"))["items"]}

    assert (tiles["points_out"]["stale"], tiles["customers_out"]["stale"]) == (True, False)
    assert tiles["points_out"]["current_to"] == format_instant(NOW - 100)
    assert (found["voltage_points_out"]["complete"], found["customers_out"]["complete"]) == (False, True)
    assert tiles["pipeline"]["main"]["value"] == "100"
    assert {part["label"]: part["value"] for part in tiles["pipeline"]["parts"] if "role" in part["label"]} == {
        "role.cases": 1,
        "role.voltage": 100,
    }


async def test_a_list_is_as_old_as_the_owner_of_what_it_shows(board, client):
    board.apply_partials(scopes.owner("all", 2), [status(NOW - 1, NOW - 7)])

    assert (await body(client, "/api/v1/kpis?scope=all"))["current_to"] == format_instant(NOW - 7)


async def test_a_role_that_never_reported_leaves_the_other_as_it_is(client):
    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]

    assert tiles["points_out"]["main"]["reason"] == "no_source.voltage"
    assert tiles["points_out"]["stale"]
    assert not tiles["customers_out"]["stale"]
    assert tiles["pipeline"]["main"]["value"] == "1"


@pytest.mark.parametrize("stopped", [None, NOW - 100])
async def test_stopped_or_unborn_voltage_workers_hold_back_no_outage(board, client, stopped):
    board.apply_cases(0, [record("point/P", {**POINT, "as_of": format_instant(NOW - 200)})])
    if stopped is not None:
        for partition in range(2):
            board.apply_partials(partition, [status(stopped, stopped)], role="voltage")

    cases = (await body(client, "/api/v1/cases?kind=outage&kind=point"))["items"]
    outages = await body(client, "/api/v1/cases?kind=outage")
    listed = (await body(client, "/api/v1/tiles/customers_out/cases"))["items"]
    figures = await body(client, "/api/v1/kpis?kpi=customers_out")

    assert {case["as_of"] for case in (*outages["items"], *listed)} == {format_instant(NOW - 1)}
    assert {case["customer_seconds_out"] for case in listed} == {20 * 599, 10 * 599}
    assert (outages["current_to"], outages["stale"]) == (format_instant(NOW - 1), False)
    assert figures["current_to"] == format_instant(NOW - 1)
    points = [case["as_of"] for case in cases if case["kind"] == "point"]
    assert points == [format_instant(stopped or NOW - 200)]


def test_with_marks_now_is_the_furthest_that_a_role_has_read():
    board = Board(1, zone="UTC", marks=True, wall=lambda: NOW + 10**6)
    assert board.now() == 0

    for role, as_of in (("cases", NOW), ("voltage", NOW - 3600)):
        board.apply_partials(0, [status(as_of)], role=role)

    assert board.now() == NOW
    assert board.frontier("voltage") == NOW - 3600


def test_with_marks_now_is_the_frontier_and_nothing_is_too_old():
    board = Board(1, zone="UTC", marks=True, wall=lambda: NOW + 10**6)
    board.apply_partials(0, [status(NOW - 60, NOW - 120)])

    assert board.now() == NOW - 60
    assert board.current_to("all") == NOW - 120
    assert not board.is_stale(board.current_to("all"))


def test_a_tombstone_retires_a_cell_a_case_and_a_letter(board):
    refused = letter("t/0/1", "invalid")
    board.apply_dead_letters(0, [refused])
    assert board.dead_letters["invalid"] == 1

    board.apply_dead_letters(0, [record("t/0/1", None)])
    board.apply_cases(0, [record("outage/A", None)])
    board.apply_kpis(0, [record(f"saidi|all|kind=fault|{DAY}", None)])

    assert board.dead_letters["invalid"] == 0
    assert "outage/A" not in board.cases
    assert board.find("saidi", "today") == []


async def test_health_says_how_far_the_sources_are(client):
    assert (await body(client, "/livez"))["status"] == "ok"
    assert (await body(client, "/readyz"))["status"] == "ready"
    assert (await body(client, "/startupz"))["roles"] == {
        "cases": {"sources_missing": [], "current_to": format_instant(NOW - 1), "stale": False},
        "voltage": {"sources_missing": [0, 1], "current_to": None, "stale": True},
    }


async def test_metrics_tell_the_sources_of_each_role_apart(board, client):
    board.apply_partials(0, [status(NOW - 5, NOW - 6)], role="voltage")

    async with client.get("/metrics") as response:
        lines = (await response.text()).splitlines()

    found = {line.split("} ")[0] + "}": float(line.split("} ")[1]) for line in lines if "} " in line}
    of = {
        'gridpulse_source_published_timestamp_seconds{partition="0",role="ROLE"}': (NOW, NOW - 6),
        'gridpulse_source_read_timestamp_seconds{partition="0",role="ROLE"}': (NOW, NOW - 5),
        'gridpulse_sources_expected{role="ROLE"}': (2, 2),
        'gridpulse_sources_missing{role="ROLE"}': (0, 1),
        'gridpulse_data_age_seconds{role="ROLE"}': (1, None),
    }
    for name, expected in of.items():
        assert tuple(found.get(name.replace("ROLE", role)) for role in ("cases", "voltage")) == expected, name


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


async def test_clocks_that_wait_for_the_input_are_counted_until_it_is_read(board, client):
    waiting = [clock("L3a", -1, "at_risk"), clock("L5", -1), clock("L1", 0), clock("L2", None, "paused")]
    decided = [clock("L3b", -1, "breached"), clock("L6", -1, "met"), clock("L9", -1, "met_late")]
    board.apply_cases(0, [order("w1", *waiting, *decided)])
    async with client.get("/metrics") as response:
        assert "gridpulse_sla_clocks_undecided 2.0\n" in await response.text()

    board.apply_cases(0, [order("w1", clock("L3a", -1, "breached"), *decided)])
    async with client.get("/metrics") as response:
        assert "gridpulse_sla_clocks_undecided 0.0\n" in await response.text()


async def test_clocks_are_series_by_region_clock_and_stage(board, client):
    board.apply_kpis(0, [kpi("sla_clocks_open", "now", 3, 1, "clock=L3a,stage=late", scope="region=north")])
    board.apply_kpis(0, [kpi("sla_on_time_share", DAY, 3, 4, "clock=L3a")])
    async with client.get("/metrics") as response:
        text = await response.text()

    place = 'area_type="",clock="L3a",period="now",region="north",scope="region",stage="late"'
    assert f"gridpulse_sla_clocks_open{{{place}}} 3.0" in text
    assert (
        'gridpulse_sla_on_time_share_ratio{area_type="",clock="L3a",period="today",region="",scope="all"} 0.75' in text
    )
