"""Tiles and the lists behind them, over a board that is fed by hand."""

from typing import get_args

import orjson

from schemas.event import format_instant
from schemas.order import WorkType
from schemas.outage import Kind
from streams.kpis.orders_open import STATES as ORDER_STATES
from streams.kpis.outages_open import AGES
from streams.kpis.outages_open import STATES as OUTAGE_STATES
from streams.web.texts import TEXTS
from streams.web.tiles import PIPELINE, TILES
from tests.web_board import DAY, NOW, body, kpi, outage, row


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


async def test_an_index_says_its_rule_also_before_there_is_a_record(client):
    answer = await body(client, "/api/v1/wallboard")

    assert answer["tiles"]["caidi_today"]["main"]["reason"] == "no_record"
    for name in ("saidi_today", "saidi_month", "saifi_today", "caidi_today"):
        assert answer["texts"][name].endswith(", faults")
        assert answer["tiles"][name]["main"]["basis"] == "IEEE 1366, event-start, live"


async def test_events_bring_every_tile_first(client):
    async with client.get("/api/v1/events") as response:
        await response.content.readuntil(b"event: tiles\ndata: ")
        tiles = orjson.loads(await response.content.readline())

    assert set(tiles) == {tile.name for tile in TILES} | {PIPELINE}


async def test_the_page_needs_nothing_from_elsewhere(client):
    for path in ("/", "/static/wallboard.js", "/static/wallboard.css"):
        async with client.get(path) as response:
            assert response.status == 200
            assert "//" not in (await response.text()).replace("http://www.w3.org/2000/svg", "").replace("// ", "")


def test_every_text_is_there_in_both_languages():
    assert all(english and chinese for english, chinese in TEXTS.values())
    assert {tile.name for tile in TILES} <= set(TEXTS)
    assert {*get_args(Kind), *get_args(WorkType), *OUTAGE_STATES, *ORDER_STATES, *AGES} <= set(TEXTS)
