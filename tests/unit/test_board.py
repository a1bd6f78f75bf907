import orjson
import pytest

from schemas import KpiRecord
from streams.cells.totals import Totals
from streams.dimensions import periods, scopes
from streams.dimensions.scopes import Change
from streams.kpis import KPIS
from streams.publish.board import Board
from streams.reference.network import EMPTY_NETWORK
from streams.reference.rules import Rules
from streams.sla.policy import shipped
from tests.support.kpi_board import World, network

ZONE = "Asia/Shanghai"
DAY = "2026-06-03"
MIDNIGHT = periods.day_start(DAY, ZONE)
MORNING = MIDNIGHT + 8 * 3600
DAY_SECONDS = 86_400
SERVED = network(("a1", "north", "urban", "2026-05-01", 10_000))


def outage(start: int, *, out: int = 1000, day: str = DAY, scope: str = "all", zone: str = ZONE) -> dict:
    """An open outage past the threshold: its seconds grow by `out` a second since `start`."""
    return {
        (f"{scope}|now", "customers_out|fault"): (out, 0),
        (f"{scope}|{day}", "customer_interruptions|fault"): (out, 0),
        (f"{scope}|{day}", "interruption_seconds|fault"): (-out * (start - periods.day_start(day, zone)), out),
    }


def restored(seconds: int, *, out: int = 1000, day: str = DAY, scope: str = "all") -> dict:
    return {
        (f"{scope}|{day}", "customer_interruptions|fault"): (out, 0),
        (f"{scope}|{day}", "interruption_seconds|fault"): (out * seconds, 0),
    }


def values(published: dict, prefix: str = "") -> dict:
    return {key: record and record["value"] for key, record in published.items() if key.startswith(prefix)}


def test_counts_of_everything_are_zero_from_the_first_mark():
    published = World().mark(MORNING)
    assert published["customers_out|all|kind=all|now"]["value"] == "0.000000"
    assert published["orders_open|all|state=all|now"]["value"] == "0.000000"
    assert {key.split("|")[3] for key in published} == {"now"}


def test_a_change_is_published_at_once_and_only_what_changed():
    world = World()
    world.mark(MORNING)
    world.case("o", {("all|now", "customers_out|fault"): (1000, 0)})
    assert values(world.mark(MORNING + 1)) == {
        "customers_out|all|kind=fault|now": "1000.000000",
        "customers_out|all|kind=all|now": "1000.000000",
    }
    assert world.mark(MORNING + 2) == {}
    world.case("o", {})
    assert values(world.mark(MORNING + 3)) == {
        "customers_out|all|kind=fault|now": "0.000000",
        "customers_out|all|kind=all|now": "0.000000",
    }
    assert world.table["customers_out|all|kind=all|now"]["revision"] == 3


def test_a_count_is_zero_where_the_scope_is_known_and_retired_where_it_is_not():
    world = World()
    world.case("o", {(f"{scope}|now", "orders_open|created"): (1, 0) for scope in ("all", "crew=c1")})
    world.mark(MORNING)
    world.case("o", {})

    said = values(world.mark(MORNING + 1))

    assert {key: value for key, value in said.items() if "state=created" in key} == {
        "orders_open|all|state=created|now": "0.000000",
        "orders_open|crew=c1|state=created|now": None,
    }


def test_growth_alone_is_published_once_a_minute_and_a_change_at_once():
    world = World(network=SERVED)
    world.case("o", outage(MORNING - 600))
    world.mark(MORNING)
    key = f"saidi|all|kind=fault|{DAY}"
    assert world.table[key]["value"] == "1.000000"
    assert world.mark(MORNING + 1) == {}
    assert world.mark(MORNING + 59) == {}
    assert values(world.mark(MORNING + 60), "saidi|all|kind=fault")[key] == "1.100000"
    assert world.mark(MORNING + 61) == {}
    world.case("o", restored(661))
    assert values(world.mark(MORNING + 62), "saidi|all|kind=fault")[key] == "1.101667"
    assert world.mark(MORNING + 200) == {}


def test_at_most_one_record_a_key_and_interval():
    world = World(publish_interval=10)
    world.mark(MORNING)
    key = "customers_out|all|kind=all|now"
    for second, out in ((1, 5), (4, 6), (9, 7)):
        world.case("o", {("all|now", "customers_out|fault"): (out, 0)})
        assert world.mark(MORNING + second) == {}
    assert values(world.mark(MORNING + 10))[key] == "7.000000"
    assert world.mark(MORNING + 25) == {}


def test_saidi_of_day_month_and_rolling_days():
    world = World(network=SERVED)
    world.case("o", restored(99_000 * 60, out=1))
    world.mark(MORNING)
    table = world.table
    assert table[f"saidi|all|kind=fault|{DAY}"]["value"] == "9.900000"
    month = table["saidi|all|kind=fault|2026-06"]
    assert (month["numerator"], month["denominator"]) == (99_000 * 60 * 3, 60 * 30_000)
    rolling = table["saidi|all|kind=fault|last30d"]
    assert (rolling["numerator"], rolling["denominator"]) == (99_000 * 60 * 30, 60 * 300_000)
    assert table[f"saidi|all|kind=planned|{DAY}"]["value"] == "0.000000"
    assert table["caidi|all|kind=planned|last30d"]["reason"] == "no interruption"


def test_a_reader_recomputes_a_month_from_its_days():
    """n times the sum above, the customers of n days below: an odd number of customers."""
    areas = network(("a", "north", "urban", "2026-05-01", 701), ("b", "north", "urban", "2026-05-31", 302))
    world = World(network=areas)
    for number, day in enumerate(("2026-06-01", "2026-06-02", "2026-06-03")):
        amounts = {
            "interruption_seconds|fault": (1_000 * number + 7, 0),
            "customer_interruptions|fault": (number + 1, 0),
        }
        world.case(day, {(f"all|{day}", name): amount for name, amount in amounts.items()})
        world.mark(periods.day_start(day, ZONE) + 43_200)
    assert DAY == "2026-06-03"
    for name in ("saidi", "saifi"):
        month = world.table[f"{name}|all|kind=fault|2026-06"]
        days = [world.table[f"{name}|all|kind=fault|2026-06-0{number}"] for number in (1, 2, 3)]
        assert month["days"] == 3
        assert {day["days"] for day in days} == {1}
        assert month["numerator"] == month["days"] * sum(day["numerator"] for day in days)
        assert month["denominator"] == sum(day["denominator"] for day in days)
        assert month["value"] == f"{month['numerator'] / month['denominator']:.6f}"
    assert world.table["customers_out|all|kind=all|now"]["days"] is None


def test_served_unknown_on_one_day_leaves_it_out_of_the_period():
    world = World(network=network(("a1", "north", "urban", "2026-06-02", 10_000)))
    world.case("o", restored(600))
    world.mark(MORNING)
    assert world.table[f"saidi|all|kind=fault|{DAY}"]["value"] == "1.000000"
    month = world.table["saidi|all|kind=fault|2026-06"]
    assert (month["since"], month["value"], month["reason"]) == ("2026-06-02", "1.000000", None)
    assert world.table[f"saidi|all|kind=fault|{DAY}"]["since"] is None
    assert world.table["caidi|all|kind=fault|2026-06"]["value"] == "10.000000"


def test_a_network_that_comes_later_defines_what_was_undefined():
    world = World()
    world.case("o", restored(600))
    world.mark(MORNING)
    assert world.table[f"saidi|all|kind=fault|{DAY}"]["reason"] == "customers served unknown"
    world.network = SERVED
    published = world.mark(MORNING + 1)
    assert published[f"saidi|all|kind=fault|{DAY}"]["value"] == "1.000000"
    assert published[f"saidi|region=north|kind=all|{DAY}"]["value"] == "0.000000"
    assert f"caidi|all|kind=fault|{DAY}" not in published


def test_a_day_becomes_final_one_hour_after_its_midnight():
    world = World(network=SERVED)
    world.case("o", restored(600))
    world.mark(MORNING)
    midnight = MIDNIGHT + 86_400
    world.mark(midnight + 3599)
    key = f"saidi|all|kind=fault|{DAY}"
    assert world.table[key]["status"] == "open"
    published = world.mark(midnight + 3600)
    assert (published[key]["status"], published[key]["value"]) == ("final", "1.000000")
    assert world.mark(midnight + 3601) == {}
    world.case("o", restored(660))
    assert world.mark(midnight + 7200)[key]["status"] == "final"


@pytest.mark.parametrize("name", ["arrival_time_mean", "arrival_time_p50", "arrival_time_p90", "arrival_on_time_share"])
def test_a_day_of_reports_is_final_when_its_last_one_has_fallen_due(name):
    world = World(network=SERVED)
    said = {"arrivals": 1, "arrival_seconds": 600, "arrival_minutes|10": 1, "arrivals_due": 1, "arrivals_on_time": 1}
    world.case("o", {(f"all|{DAY}", measure): (amount, 0) for measure, amount in said.items()})
    over, key = MIDNIGHT + 86_400, f"{name}|all|-|{DAY}"
    longest = 60 * max(limit.limit for rule in shipped().clocks if rule.clock == "L3a" for limit in rule.limits)
    for at, status in (
        (over + 3600, "open"),
        (over + longest + 3600, "open"),
        (over + 5 * 3600 - 1, "open"),
        (over + 5 * 3600, "final"),
    ):
        world.mark(at)
        assert world.table[key]["status"] == status


def test_at_midnight_windows_move_and_what_has_left_them_is_retired():
    world = World()
    world.case("o", restored(600, day="2026-05-05"))
    world.case("p", restored(1200, day="2026-05-06"))
    world.mark(MORNING)
    key = "caidi|all|kind=fault|last30d"
    assert world.table[key]["value"] == "15.000000"
    assert values(world.mark(MIDNIGHT + 86_400), key) == {key: "20.000000"}
    assert values(world.mark(MIDNIGHT + 2 * 86_400), key) == {key: None}
    assert key not in world.table
    assert world.table["caidi|all|kind=fault|2026-05"]["value"] == "15.000000"


def test_a_month_ends_and_the_next_begins():
    world = World(network=SERVED)
    june_30 = periods.day_start("2026-06-30", ZONE)
    world.case("o", restored(600, day="2026-06-30"))
    world.mark(june_30 + 3600)
    assert world.table["saidi|all|kind=fault|2026-06"]["denominator"] == 60 * 300_000
    published = world.mark(june_30 + 86_400)
    assert published["saidi|all|kind=fault|2026-07"]["value"] == "0.000000"
    assert "saidi|all|kind=fault|2026-06" not in published
    assert world.mark(june_30 + 86_400 + 3600)["saidi|all|kind=fault|2026-06"]["status"] == "final"


def test_a_month_is_completed_when_marks_leap_over_its_end():
    world = World(network=SERVED)
    world.mark(periods.day_start("2026-06-28", ZONE))
    world.mark(periods.day_start("2026-07-02", ZONE))
    assert world.table["saidi|all|kind=all|2026-06"]["denominator"] == 60 * 300_000


def test_days_follow_the_zone_through_a_change_of_clocks():
    zone, day = "Europe/Berlin", "2026-10-25"
    start = periods.day_start(day, zone)
    world = World(zone=zone, network=SERVED)
    world.case("o", outage(start, out=10_000, day=day, zone=zone))
    world.mark(start + 25 * 3600 - 1)
    assert world.table[f"saidi|all|kind=fault|{day}"]["numerator"] == 10_000 * (25 * 3600 - 1)
    assert f"saidi|all|kind=fault|{periods.next_day(day)}" not in world.table
    world.mark(start + 25 * 3600)
    assert world.table[f"saidi|all|kind=fault|{periods.next_day(day)}"]["value"] == "0.000000"
    world.mark(start + 26 * 3600)
    assert world.table[f"saidi|all|kind=fault|{day}"]["status"] == "final"


def test_a_correction_that_moves_an_outage_retires_the_day_it_left():
    world = World()
    world.case("o", restored(600))
    world.mark(MORNING)
    world.case("o", restored(600, day="2026-06-02"))
    published = world.mark(MORNING + 1)
    assert published[f"caidi|all|kind=fault|{DAY}"] is None
    assert published["caidi|all|kind=fault|2026-06-02"]["value"] == "10.000000"
    assert "caidi|all|kind=fault|2026-06" not in published


def test_what_is_no_longer_declared_is_retired_after_a_restart():
    world = World()
    world.mark(MORNING)
    record = world.table["customers_out|all|kind=all|now"]
    gone = ("gone|all|-|now", "saidi|all|kind=gone|last30d", "saidi|all|kind=all|now", "saidi|crew=c1|kind=all|last30d")
    world.table |= {key: {**record, "kpi": key.split("|")[0]} for key in gone}
    world.dropped = {"gone": "cases"}
    world.restart()
    assert world.mark(MORNING + 1) == dict.fromkeys(gone)


def test_what_a_version_with_fewer_kpis_did_not_publish_is_there_after_an_upgrade():
    """Past days too: a known scope has a record of each KPI in every period that was ever the present one."""
    world, undisturbed = World(network=SERVED), World(network=SERVED)
    for at in (MORNING, MORNING + DAY_SECONDS, MORNING + 2 * DAY_SECONDS):
        world.mark(at)
        undisturbed.mark(at)
    new = {key for key in world.table if key.startswith("complaints_closed|")}
    new |= {key for key in world.table if key.startswith("saidi|") and "|kind=other|" in key}
    assert {key.rpartition("|")[2] for key in new} > {DAY, "2026-06-04"}
    for key in new:
        del world.table[key]
    world.restart(upgraded=True)
    published = world.mark(MORNING + 2 * DAY_SECONDS + 1)
    undisturbed.mark(MORNING + 2 * DAY_SECONDS + 1)
    assert published.keys() == new
    assert world.table.keys() == undisturbed.table.keys()
    values_of = {key: record["value"] for key, record in undisturbed.table.items()}
    assert {key: record["value"] for key, record in world.table.items()} == values_of
    world.restart()
    assert world.mark(MORNING + 2 * DAY_SECONDS + 2) == {}


def test_records_are_what_the_contract_says():
    world = World(network=SERVED)
    world.case("o", outage(MORNING - 600, scope="region=north"))
    for record in world.mark(MORNING).values():
        assert KpiRecord.model_validate_json(orjson.dumps(record)).as_of == MORNING


def test_scopes_are_shared_out_among_the_boards():
    names = [scopes.region(str(number)) for number in range(20)]
    totals = Totals(1, ZONE, marks=True)
    for name in names:
        totals.apply(0, f"{name}|now", orjson.dumps({"v": 1, "as_of": 1, "measures": {"customers_out|fault": 1}}))
    totals.apply(0, "status", orjson.dumps({"v": 1, "as_of": MORNING}))
    ((at, changed),) = [(at, changed) for at, changed in totals.advance()]
    found: list[str] = []
    for partition in range(4):
        board = Board(partition, 4, KPIS, Rules(), publish_interval=1, growth_interval=60)
        records = board.evaluate(at, totals, EMPTY_NETWORK, changed, complete=True)
        found += [key for key, _ in records if key.startswith("customers_out|region") and "kind=all" in key]
    assert sorted(found) == sorted(f"customers_out|{name}|kind=all|now" for name in names)


@pytest.mark.parametrize("gap", [11, 0])
def test_live_what_is_open_turns_incomplete_when_a_source_stands_still(gap):
    totals, board = Totals(2, ZONE, marks=False), Board(0, 1, KPIS, Rules(), publish_interval=1, growth_interval=60)

    def evaluate(changed: set[Change]) -> dict:
        return dict(board.evaluate(totals.as_of or 0, totals, SERVED, changed, complete=totals.complete))

    def tell(source: int, at: int) -> None:
        totals.apply(source, "status", orjson.dumps({"v": 1, "as_of": at}))

    key = "customers_out|all|kind=all|now"
    tell(0, MORNING)
    tell(1, MORNING)
    assert evaluate(set())[key]["complete"]
    tell(0, MORNING + gap)
    changed = totals.apply(
        0, "all|now", orjson.dumps({"v": 1, "as_of": MORNING + gap, "measures": {"customers_out|fault": 7}})
    )
    published = evaluate(changed)
    if gap:
        assert not published[key]["complete"]
        assert published[key]["value"] == "7.000000"  # what the others say still gets through
        tell(1, MORNING + gap)
        tell(0, MORNING + gap + 1)
        assert evaluate(set())[key]["complete"]
    else:
        assert published == {}  # the second in which it was published before
        tell(0, MORNING + 1)
        assert evaluate(set())[key]["value"] == "7.000000"


def test_what_became_final_while_a_source_was_behind_is_complete_once_it_is_not():
    totals, board = Totals(2, ZONE, marks=False), Board(0, 1, KPIS, Rules(), publish_interval=1, growth_interval=60)
    key, later = "saidi|all|kind=all|2026-06-03", MORNING + 3 * 86_400

    def tell(source: int, at: int) -> None:
        totals.apply(source, "status", orjson.dumps({"v": 1, "as_of": at}))

    def evaluate() -> dict:
        return dict(board.evaluate(totals.as_of or 0, totals, SERVED, set(), complete=totals.complete))

    tell(0, MORNING)
    tell(1, MORNING)
    assert (evaluate()[key]["status"], board.published[key]["complete"]) == ("open", True)
    tell(0, later + 60)  # a back-fill: one source is behind, and both are past the day
    tell(1, later)
    assert (evaluate()[key]["status"], board.published[key]["complete"]) == ("final", False)
    tell(0, later + 61)
    tell(1, later + 61)
    healed = evaluate()[key]
    assert (healed["status"], healed["complete"], healed["revision"]) == ("final", True, 3)

    tell(0, later + 120)  # a source that is behind now takes nothing from what is final
    evaluate()
    assert board.published[key]["complete"]


def test_days_of_which_input_records_are_missing_are_incomplete_and_so_are_the_periods_around_them():
    world = World(network=SERVED)
    world.case("o", restored(600))
    complete = world.mark(MORNING)
    assert all(record["complete"] for record in complete.values() if record)

    gaps = [(MORNING, None), (MORNING, MORNING + 86_400), (0, MORNING), (0, None)]
    world.totals.apply(0, "status", orjson.dumps({"v": 1, "as_of": MORNING + 1, "gaps": gaps}))
    published = world.mark(MORNING + 1)

    assert published
    for key, record in published.items():
        assert not record["complete"], key
        assert key.endswith(("|2026-06-03", "|2026-06", "|last30d")), "now is what it was"
    assert world.totals.missing_days == {"2026-06-03", "2026-06-04"}
    assert world.mark(MORNING + 2) == {}
