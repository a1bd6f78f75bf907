"""Tiles and the lists behind them, over a board that is fed by hand."""

import re
from typing import Any, get_args

import orjson

from schemas.complaint import Category, Level
from schemas.event import format_instant
from schemas.order import WorkType
from schemas.outage import Kind
from streams.kpis import KPIS
from streams.kpis.kpi import Served, Sums, Undefined
from streams.kpis.orders_open import STATES as ORDER_STATES
from streams.kpis.outages_open import AGES
from streams.kpis.outages_open import STATES as OUTAGE_STATES
from streams.kpis.variants import variants
from streams.web.texts import FAMILIES, TEXTS, TITLES
from streams.web.tiles.views import BY_NAME, PIPELINE, TILES, VIEWS
from streams.web.wallboard import STATIC
from tests.support.web_board import DAY, NOW, body, clock, kpi, order, outage, row


async def test_the_list_behind_a_tile_adds_up_to_it(client):
    tile = (await body(client, "/api/v1/wallboard"))["tiles"]["customers_out"]
    found = await body(client, "/api/v1/tiles/customers_out/cases?limit=1")

    assert found["sum"] == tile["main"]["sum"] == found["tile"]["main"]["numerator"] == 30
    assert (found["total"], len(found["items"])) == (2, 1)


async def test_what_grows_is_listed_as_of_the_record_that_the_tile_shows(board, client):
    growing = [row(DAY, "interruption_seconds|fault", 500, 2), row("2026-06-02", "interruption_seconds|fault", 7)]
    planned = [row(DAY, "interruption_seconds|planned", 9)]
    board.apply_cases(0, [outage("A", 2, contributes=growing), outage("B", 1, contributes=planned)])
    board.apply_kpis(0, [kpi("saidi", DAY, 640, 60 * 100, as_of=format_instant(NOW - 30))])
    board.apply_kpis(0, [kpi("saidi", "2026-06", 647 * 3, 60 * 300, days=3, as_of=format_instant(NOW - 30))])

    today = await body(client, "/api/v1/tiles/saidi_today/cases")
    month = await body(client, "/api/v1/tiles/saidi_month/cases")

    assert [(case["case"], case["amount"]) for case in today["items"]] == [("A", 500 + 2 * 70)]
    assert today["sum"] == today["tile"]["main"]["sum"] == 640
    assert month["sum"] == month["tile"]["main"]["sum"] == 647
    assert month["tile"]["main"]["line"] == ["11", "100"]


async def test_behind_a_share_are_those_due_and_behind_the_data_age_the_findings(board, client):
    due, met = row(DAY, "arrivals_due", 1), row(DAY, "arrivals_on_time", 1)
    board.apply_cases(
        0, [outage("A", 0, contributes=[due, met]), outage("B", 0, contributes=[due], findings=["x", "y"])]
    )
    board.apply_kpis(0, [kpi("arrival_on_time_share", DAY, 1, 2, "-")])

    share = await body(client, "/api/v1/tiles/on_time_today/cases")
    findings = await body(client, "/api/v1/tiles/pipeline/cases")

    assert {case["case"]: case["amount"] for case in share["items"]} == {"A": 1, "B": 0}
    assert (share["sum"], share["total"]) == (1, 2)
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
        assert answer["tiles"][name]["main"]["basis"] in {None, "IEEE 1366-2022, sustained > 300 s; event-start, live"}


async def test_events_bring_every_tile_first(client):
    async with client.get("/api/v1/events") as response:
        await response.content.readuntil(b"event: tiles\ndata: ")
        tiles = orjson.loads(await response.content.readline())

    assert set(tiles) == {tile.name for tile in TILES} | {PIPELINE}


async def test_the_page_needs_nothing_from_elsewhere(client):
    scripts = [f"/static/{file.name}" for file in STATIC.glob("*.*")]
    assert len(scripts) > 7
    for path in ("/", *scripts):
        async with client.get(path) as response:
            assert response.status == 200
            assert "//" not in (await response.text()).replace("http://www.w3.org/2000/svg", "").replace("// ", "")


async def test_a_role_that_never_reported_says_so_and_what_is_undefined_says_why(client, board):
    board.statuses.clear()
    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]

    assert tiles["customers_out"]["main"]["value"] == "30.000000"  # the last that was known
    assert tiles["caidi_today"]["main"]["reason_text"] == {
        "en": "The workers for cases have not reported yet.",
        "zh": "工单数据处理进程尚未上报。",
    }
    assert all(tile["stale"] for tile in tiles.values())


async def test_a_target_is_shown_and_a_value_that_may_change_is_provisional(client, board):
    board.apply_kpis(0, [kpi("arrival_on_time_share", DAY, 1, 2, "-")])
    board.apply_kpis(0, [kpi("arrival_on_time_share", "2026-06", 1, 2, "-", status="final")])
    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]

    assert tiles["on_time_today"]["main"]["target"] == "0.95"
    assert tiles["on_time_today"]["main"]["provisional"]
    assert not tiles["on_time_today"]["beside"][0]["provisional"]
    assert not tiles["customers_out"]["main"]["provisional"]


async def test_what_somebody_has_to_act_on_is_marked(client, board):
    ages = {"lt_1h": 7, "8h_24h": 2, "ge_24h": 0}
    board.apply_kpis(
        0, [kpi("outages_open_by_age", "now", count, 1, f"kind=all,age={age}") for age, count in ages.items()]
    )
    tile = (await body(client, "/api/v1/wallboard"))["tiles"]["outages_long"]

    assert (tile["main"]["value"], tile["alarm"]) == ("2", True)
    assert {part["label"]: part["alarm"] for part in tile["parts"]} == {"lt_1h": False, "8h_24h": True, "ge_24h": False}


def counts(name: str, dim: str, values: dict[str, int], all_dims: str = "kind=all,") -> list[Any]:
    return [kpi(name, "now", count, 1, f"{all_dims}{dim}={value}", unit="cases") for value, count in values.items()]


async def test_a_break_down_adds_up_to_its_headline_or_says_what_is_not_counted(client, board):
    states = {"predicted": 3, "scheduled": 5, "active": 2, "partially_restored": 1, "contradictory": 4, "incomplete": 6}
    board.apply_kpis(0, counts("outages_by_state", "state", states))
    board.apply_kpis(0, [kpi("outages_open", "now", 4, 1, "kind=all", unit="outages")])  # one of the contradictory
    complaints = {"accepted": 2, "replied": 1, "contradictory": 7, "incomplete": 1}
    board.apply_kpis(0, counts("complaints_by_state", "state", complaints, ""))
    board.apply_kpis(0, [kpi("complaints_open", "now", 3, 1, "-", unit="complaints")])
    board.apply_kpis(
        0, counts("sla_clocks_open", "stage", {"early": 1, "late": 3, "breached": 5, "escalated": 9}, "clock=all,")
    )
    board.apply_kpis(0, counts("outages_open_by_age", "age", {"lt_1h": 7, "8h_24h": 2, "ge_24h": 1}))
    for direction, number in {"over": 5, "under": 2, "all": 7}.items():
        for group, share in {"A": 1, "B": number - 1, "all": number}.items():
            dims = f"direction={direction},monitoring_class={group}"
            board.apply_kpis(0, [kpi("voltage_points_out", "now", share, 1, dims, unit="points")])
    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]

    def parts(name: str, *, counted: bool) -> dict[str, int]:
        return {part["label"]: part["value"] for part in tiles[name]["parts"] if part["counted"] == counted}

    assert parts("outages_open", counted=True) == {"active": 2, "partially_restored": 1, "contradictory": 1}
    assert parts("outages_open", counted=False) == {"predicted": 3, "scheduled": 5, "contradictory": 3, "incomplete": 6}
    assert {*parts("complaints_open", counted=False).values()} == {7, 1}
    assert parts("sla_at_risk", counted=True) == {"early": 1, "late": 3}
    assert parts("outages_long", counted=False) == {"lt_1h": 7}
    for name in ("outages_open", "complaints_open", "sla_at_risk", "sla_breached", "outages_long", "points_out"):
        groups = {part["group"] for part in tiles[name]["parts"]}
        for group in groups:
            shown = [part["value"] for part in tiles[name]["parts"] if part["counted"] and part["group"] == group]
            assert sum(shown) == tiles[name]["main"]["numerator"], name
    assert len({part["group"] for part in tiles["points_out"]["parts"]}) == 2


async def test_of_promises_the_least_time_left_is_listed_first(board, client):
    soon, later = clock("L3a", 60, "at_risk"), clock("L5", 600, "at_risk")
    late = [clock("L1", -500, "breached"), clock("L3a", 300, "at_risk")]  # what is late is not what this list is about
    risk, broken = row("now", "sla_open|L3a|late", 1), row("now", "sla_open|L1|breached", 1)
    board.apply_cases(
        0,
        [
            order("two", later, clock("L3b", 700, "at_risk"), contributes=[risk, row("now", "sla_open|L5|early", 1)]),
            order("late", *late, contributes=[risk, broken]),
            order("soon", soon, contributes=[risk]),
            order("calm", clock("L3a", 5), contributes=[]),
        ],
    )
    stages = {"early": 1, "late": 3, "breached": 1, "escalated": 0}
    board.apply_kpis(
        0, [kpi("sla_clocks_open", "now", count, 1, f"clock=all,stage={stage}") for stage, count in stages.items()]
    )

    at_risk = await body(client, "/api/v1/tiles/sla_at_risk/cases")
    broken = await body(client, "/api/v1/tiles/sla_breached/cases")

    assert [(case["case"], case["amount"]) for case in at_risk["items"]] == [("soon", 1), ("late", 1), ("two", 2)]
    assert at_risk["sum"] == at_risk["tile"]["main"]["sum"] == 4
    assert (at_risk["status"], broken["status"]) == ("at_risk", "breached")
    assert [case["case"] for case in broken["items"]] == ["late"]
    assert (broken["sum"], broken["tile"]["alarm"]) == (1, True)
    assert (await body(client, "/api/v1/tiles/customers_out/cases"))["status"] is None


def test_every_tile_is_on_a_screen_of_at_most_twelve():
    assert {name for view in VIEWS for name in view.tiles} == {*BY_NAME, PIPELINE}
    assert all(len(view.tiles) <= 12 and view.tiles[-1] == PIPELINE for view in VIEWS)


def test_every_text_is_there_in_both_languages():
    assert all(english and chinese for english, chinese in TEXTS.values())
    assert len(TEXTS) == sum(len(family) for family in (*FAMILIES, TITLES))  # no key says two things
    assert {tile.name for tile in TILES} | {f"view.{view.name}" for view in VIEWS} <= set(TEXTS)
    assert {*get_args(Kind), *get_args(WorkType), *OUTAGE_STATES, *ORDER_STATES, *AGES} <= set(TEXTS)
    assert {value for kpi in KPIS for dim in kpi.dims for value in dim.values} <= set(TEXTS)
    assert {*get_args(Category), *get_args(Level)} <= set(TEXTS)


def test_every_key_that_the_page_asks_for_is_a_text():
    asked = {key for file in STATIC.glob("*.js") for key in re.findall(r'word\("([^"]+)"\)', file.read_text("utf-8"))}

    assert len(asked) > 15
    assert asked <= set(TEXTS)


def test_every_reason_of_a_kpi_is_in_words():
    outcomes = [
        kpi.value(Sums(dict.fromkeys(variant.reads[:some], 1), variant.heads), served)
        for kpi in KPIS
        for variant in variants(kpi)[:1]
        for some in range(len(variant.reads))  # the first of its measures, and not yet the others
        for served in (Served(None, 1), Served(0, 1))
    ]
    reasons = {outcome.reason for outcome in outcomes if isinstance(outcome, Undefined)}

    assert len(reasons) > 4
    assert {f"reason.{reason}" for reason in reasons} <= set(TEXTS)


async def test_points_without_a_rate_stand_beside_the_numbers_they_are_missing_from(board, client):
    counts = {"suspect": 3, "missing": 2}
    board.apply_kpis(
        0, [kpi(f"voltage_points_{name}", "now", n, 1, "monitoring_class=all") for name, n in counts.items()]
    )
    board.apply_kpis(0, [kpi("voltage_points_low_coverage", DAY, 5, 1, "monitoring_class=all")])

    tiles = (await body(client, "/api/v1/wallboard"))["tiles"]

    said = {
        (name, figure["label"]): figure["numerator"]
        for name in ("points_out", "points_silent", "compliance_today")
        for figure in tiles[name]["beside"]
    }
    assert said == {
        ("points_out", "suspect"): 3,
        ("points_silent", "missing"): 2,
        ("compliance_today", "low_coverage"): 5,
    }


async def test_a_mean_arrival_is_judged_by_type_of_area_over_all_regions(board, client):
    """SGCC promises 45, 90, 120 minutes of the mean: 46 urban is red, 89 rural is not, whatever the mean of all."""
    said = {("north", "urban"): (50, 9), ("south", "urban"): (10, 1), ("north", "rural"): (89, 4)}
    for (region, area_type), (minutes, orders) in said.items():
        scope = f"region={region},area_type={area_type}"
        board.apply_kpis(
            0, [kpi("arrival_time_mean", DAY, minutes * orders * 60, orders * 60, "-", scope=scope, unit="minutes")]
        )
    nobody = kpi("arrival_time_mean", DAY, None, None, "-", scope="region=north,area_type=remote", unit="minutes")
    board.apply_kpis(0, [nobody])

    tile = (await body(client, "/api/v1/wallboard"))["tiles"]["arrival_today"]

    assert [(part["label"], part["value"], part["alarm"]) for part in tile["parts"]] == [
        ("urban", "46.000000", True), ("rural", "89.000000", False),
    ]  # fmt: skip
