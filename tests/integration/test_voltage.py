"""The app of voltage on the wall clock and a real broker: profiles in, compliance out, also after a kill."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from schemas.event import format_instant
from streams import clock, topics
from streams.cli import main
from streams.lane.position import KEY, OUTCOMES
from streams.settings import Settings
from tests.integration.grid import Grid, network
from tests.support.workers import committed, eventually

pytestmark = pytest.mark.proof

QUARTER = 900
BILLION = 10**9


@pytest.fixture
def grid(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Grid]:
    few = {"voltage_min_coverage_percent": 0}  # Q has four values a day
    made = Grid(make_settings(partitions=2, session_timeout_seconds=6, audit_interval_seconds=1, **few), tmp_path)
    yield made
    made.close()


def tell(grid: Grid) -> None:
    """Of yesterday: P's profile of quarters, 90 within limits, 4 over, 2 gaps; Q's four values. P is over just now."""
    profile = [22_000] * 90 + [24_000] * 4 + [None] * 2
    end = grid.midnight + 86_400
    grid.say(
        "frame", "P", end, start=format_instant(grid.midnight), interval_seconds=QUARTER, values_centivolts=profile
    )
    noon = grid.midnight + 43_200
    for number, value in enumerate((22_000, 19_000, 22_000, 100)):
        at = noon + number * QUARTER
        grid.say("reading", "Q", at, "B", occurred_at=format_instant(at), value_centivolts=value)
    at = grid.began
    grid.say("reading", "P", at, occurred_at=format_instant(at), value_centivolts=24_500, interval_seconds=1800)


def correct(grid: Grid, number: int, value: int, revision: int = 1) -> None:
    """Another value for one of P's quarters of yesterday."""
    at = grid.midnight + number * QUARTER
    about = {"value_kind": "mean", "stamp": "start", "interval_seconds": QUARTER, "revision": revision}
    grid.say("reading", "P", at + QUARTER, occurred_at=format_instant(at), value_centivolts=value, **about)


def expected(grid: Grid, compliant: int) -> dict[str, tuple[int, int]]:
    """With so many of P's 94 quarters within limits. Of Q two quarters are, one is under, and the last is suspect."""
    of_p, of_q = Fraction(compliant, 94), Fraction(2, 3)
    mean = round(of_p * BILLION) + round(of_q * BILLION)
    day, dims = grid.yesterday, "monitoring_class=all"
    return {
        f"voltage_compliance|all|{dims}|{day}": (mean, 2 * BILLION),
        f"voltage_compliance|area=A|{dims}|{day}": (round(of_p * BILLION), BILLION),
        f"voltage_compliance|region=rB|{dims}|{day}": (round(of_q * BILLION), BILLION),
        f"voltage_compliance_time|all|{dims}|{day}": ((compliant + 2) * QUARTER, 97 * QUARTER),
        f"voltage_coverage|all|{dims}|{day}": (97 * QUARTER, 2 * 86_400),
        "voltage_points_out|all|direction=over,monitoring_class=C|now": (1, 1),
        "voltage_points_out|all|direction=all,monitoring_class=all|now": (1, 1),
        "voltage_points_silent|all|monitoring_class=all|now": (1, 1),
        "voltage_areas_out|all|direction=over|now": (1, 1),
    }


def check(grid: Grid, compliant: int) -> None:
    found, wanted = grid.kpis(), expected(grid, compliant)
    assert {key: found.get(key) for key in wanted} == wanted


def test_compliance_is_that_of_the_profiles_also_corrected_repeated_and_after_a_kill(grid: Grid) -> None:
    grid.describe(network(A="P", B="Q"))
    worker = grid.start("voltage")
    tell(grid)
    correct(grid, 90, 23_000)
    tell(grid)
    grid.evaluate()

    check(grid, 91)
    assert grid.processed(grid.statuses("voltage")) == dict.fromkeys(OUTCOMES, 0) | {
        "applied": 7,
        "duplicate": 5,
        "stale": 1,  # the repeated profile: one of its values was corrected meanwhile
        "passed": 13,
    }
    cases = grid.rows(topics.CASES)
    assert {key: (case["state"], case["open"], case["value_centivolts"]) for key, case in cases.items()} == {
        "point/A/P": ("over", True, 24_500),
        "point/B/Q": ("silent", False, None),
    }
    assert cases["point/B/Q"]["findings"] == ["voltage_suspect"]
    assert (cases["point/A/P"]["low_centivolts"], cases["point/A/P"]["high_centivolts"]) == (19_800, 23_540)

    worker.kill()
    tell(grid)
    correct(grid, 91, 23_000)
    correct(grid, 92, 23_000, revision=2)
    correct(grid, 92, 24_000)
    grid.say("reading", "P", grid.began, key="B", occurred_at=format_instant(grid.began), value_centivolts=1)
    worker.restart()
    grid.evaluate()

    check(grid, 93)
    statuses = grid.statuses("voltage")
    assert grid.processed(statuses)["rejected"] == 1
    assert all((status["drift"], status["defects"]) == (0, 0) for status in statuses)


def breach_of(grid: Grid, key: str, status: str) -> Callable[[], bool]:
    """Whether that was told last of a clock."""
    return lambda: grid.rows(topics.SLA_BREACHES).get(key, {}).get("status") == status


def test_a_silent_point_is_told_once_and_taken_back_by_late_proof_also_by_another_worker(grid: Grid) -> None:
    grid.describe(network(A="P"))
    worker = grid.start("voltage")
    grid.evaluate()
    said, interval = clock.now(), 4
    key = f"L17|point/A/P|{said}"

    def read(at: int) -> None:
        instant = format_instant(at)
        grid.say("reading", "P", at, occurred_at=instant, value_centivolts=22_000, interval_seconds=interval, phase="A")

    read(said)
    grid.evaluate()
    eventually("the point is late", breach_of(grid, key, "breached"))
    record = grid.rows(topics.SLA_BREACHES)[key]
    assert record["deadline_at"] == format_instant(said + 3 * interval)
    assert (record["open"], record["areas"], record["about"]["state"]) == (True, ["A"], "silent")
    eventually("its summary says so", lambda: grid.rows(topics.CASES)["point/A/P"]["clocks"][0]["status"] == "breached")

    worker.kill()
    for at in range(said + interval, clock.now() + 1, interval):
        read(at)
    worker.restart()
    eventually("its values prove that it was not", breach_of(grid, key, "retracted"))
    records = committed(grid.settings.broker, grid.name(topics.SLA_BREACHES))
    told = [orjson.loads(record.value) for record in records if record.key == key.encode()]
    assert [said["level_percent"] for said in told if said["status"] == "breached"] == [100]
    assert told[-1]["status"] == "retracted"


@pytest.mark.parametrize("keep", [0, 1])
def test_half_of_the_ledger_deleted_stops_and_rebuild_makes_it_anew(grid: Grid, keep: int) -> None:
    """Every second row is removed, once the even and once the odd ones: blocks of columns, points and days."""
    grid.describe(network(A="P", B="Q"))
    worker = grid.start("voltage")
    tell(grid)
    grid.evaluate()
    check(grid, 90)
    assert worker.leave() == 0
    ledger = grid.name(topics.VOLTAGE_LEDGER)
    rows = {(record.partition, record.key): record.value for record in committed(grid.settings.broker, ledger)}
    present = sorted(row for row, value in rows.items() if value is not None and row[1] != KEY)
    assert len(present) >= 4
    for partition, key in present[keep::2]:
        grid.producer.send(ledger, key=key, value=None, partition=partition)
    grid.producer.flush()

    worker.restart()
    assert worker.wait() == 70
    (line,) = [line for line in worker.text.splitlines() if " CRITICAL " in line]
    assert f"{ledger} partition " in line
    assert "`gridpulse rebuild`" in line

    env = {name: value for name, value in grid.settings.environment().items() if name.startswith("GRIDPULSE_")}
    rebuild = ["rebuild", "--role", "voltage"]
    eventually("the group is empty", lambda: CliRunner().invoke(main, [*rebuild, "--dry-run"], env=env).exit_code == 0)
    assert CliRunner().invoke(main, rebuild, env=env).exit_code == 0
    worker.restart()
    grid.evaluate()
    check(grid, 90)
