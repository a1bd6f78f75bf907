"""Record, tile and series have the basis that was computed; a target names its author."""

import orjson
import pytest

from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.kpis.basis import based_on
from streams.publish.board import Board
from streams.reference.rules import Rules
from streams.web.metrics import BoardCollector
from tests.support.kpi_board import network
from tests.support.web_board import DAY, NOW, body, kpi

SERVED = network(("a", "north", "urban", "2026-05-01", 100))
OWN = {22_000: (20_900, 23_100), 1_000_000: (930_050, 1_070_000)}


def basis(name, threshold=300, limits=None):
    return {each.name: each.basis for each in based_on(KPIS, threshold, limits or {})}[name]


@pytest.mark.parametrize("name", ["saidi", "saifi", "caidi"])
@pytest.mark.parametrize("threshold", [0, 60, 180, 299, 301])
def test_another_threshold_is_not_called_ieee(name, threshold):
    assert basis(name) == "IEEE 1366-2022, sustained > 300 s; event-start, live"
    assert basis(name, threshold) == (f"sustained > {threshold} s, not 300 s as in IEEE 1366-2022; event-start, live")


@pytest.mark.parametrize("name", [each.name for each in KPIS if (each.basis or "").startswith("GB/T 12325 limits")])
def test_own_limits_are_not_named_after_the_standard(name):
    assert basis(name).startswith("GB/T 12325 limits")
    assert basis(name, limits=OWN).startswith(
        "own limits (209-231 V at 220 V, 9300.5-10700 V at 10000 V), else GB/T 12325"
    )


def test_nothing_but_the_basis_changes_and_most_have_the_same():
    used = based_on(KPIS, 180, OWN)

    assert [each._replace(basis=None) for each in used] == [each._replace(basis=None) for each in KPIS]
    assert sum(one.basis == other.basis for one, other in zip(used, KPIS, strict=True)) > len(KPIS) // 2


def test_records_have_the_basis_and_are_published_again_when_a_setting_changes():
    totals = Totals(1, "Asia/Shanghai", marks=False)
    totals.apply(0, "status", b'{"v": 1, "as_of": %d}' % NOW)
    key = f"saidi|all|kind=all|{DAY}"

    def board(threshold):
        return Board(0, 1, based_on(KPIS, threshold, {}), Rules(), publish_interval=1, growth_interval=60)

    first = board(300)
    before = dict(first.evaluate(NOW, totals, SERVED, (), complete=True))[key]
    second = board(180)
    second.load(key, orjson.dumps(before))
    totals.apply(0, "status", b'{"v": 1, "as_of": %d}' % (NOW + 1))
    after = dict(second.evaluate(NOW + 1, totals, SERVED, (), complete=True))[key]

    assert before["basis"].startswith("IEEE 1366-2022,")
    assert after["basis"].startswith("sustained > 180 s, not 300 s")
    assert after["revision"] == before["revision"] + 1


async def test_tile_and_series_have_the_basis_of_the_record(client, board):
    expected = "sustained > 180 s, not 300 s as in IEEE 1366-2022; event-start, live"
    board.apply_kpis(0, [kpi("saidi", DAY, 990, 6_000, basis=expected)])

    tile = (await body(client, "/api/v1/wallboard"))["tiles"]["saidi_today"]
    families = {family.name: family.documentation for family in BoardCollector(board).collect()}

    assert tile["main"]["basis"] == expected
    assert tile["note"] == "sustained > 180 s, not 300 s as in IEEE 1366-2022"
    assert expected in families["gridpulse_saidi_seconds"]
    assert "IEEE" not in tile["note"].partition(",")[0]


def test_a_target_names_who_set_it():
    for each in KPIS:
        assert (each.target is None) or each.target_by, each.name
    by = {each.name: each.target_by for each in KPIS if each.target}
    assert "urban residential" in by["voltage_compliance"]
    assert by["arrival_on_time_share"] == "our own default"
