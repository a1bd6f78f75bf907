"""Eleven days of a household's voltage through a real broker and real workers: every minute of every day."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.replay.run import Options
from streams.settings import Settings
from tests.replay import truth
from tests.replay.run import SESSION_SECONDS, TROUBLE, Outcome, Run

MINUTE = 60


@pytest.fixture
def play(make_settings: Callable[..., Settings], tmp_path: Path, shared: Path) -> Iterator[Callable[..., Outcome]]:
    runs: list[Run] = []

    def go(trouble: list, **options: int) -> Outcome:
        limits = {23_000: (21_620, 24_380)}  # +-6 % of 230 V
        settings = make_settings(
            clock="marks",
            zone="Europe/Paris",
            voltage_limits=limits,
            session_timeout_seconds=SESSION_SECONDS,
            partitions=2,
        )
        folder = tmp_path / str(len(runs))
        folder.mkdir()
        file = shared / "data" / "uci_household_voltage" / "voltage.csv.gz"
        runs.append(Run(settings, folder, [file], role="voltage"))
        outcome = runs[-1].play("uci-voltage", Options(**options), trouble, seconds=180)
        runs[-1].close()
        return outcome

    yield go
    for run in runs:
        run.close()


@pytest.mark.timeout(420)
def test_every_minute_counts_where_it_should_and_under_trouble_the_same(
    play: Callable[..., Outcome], shared: Path
) -> None:
    known = json.loads((shared / "data" / "uci_household_voltage" / "expected.json").read_text())["pm6pct"]
    ordered = play([])
    cells = ordered.cells()

    def time(period: str) -> tuple[int, int]:
        above, below, *_ = cells[f"voltage_compliance_time|all|monitoring_class=all|{period}"]
        return above, below

    assert (
        time("2006-12") == (11_169 * MINUTE, 15_920 * MINUTE) == (known["compliant"] * MINUTE, known["total"] * MINUTE)
    )
    days = {day: [part / MINUTE for part in time(day)] for day in known["by_day"]}
    assert days == known["by_day"]
    # One point: its rate over the month is the mean of the points'.
    assert cells["voltage_compliance|all|monitoring_class=all|2006-12"][2] == "0.701570"
    ordered.check_accounts()

    troubled = play(TROUBLE, shuffle_seed=3, duplicate_every=10)

    truth.cells(troubled, ordered).check()
    troubled.check_accounts()
