"""All four families under storms, bad clocks and kills: every cell of both roles is what the oracle says."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.settings import Settings
from streams.wiring.names import PARTIALS
from tests.support.accounts import wrong_accounts
from tests.support.counting_workers import SESSION_SECONDS
from tests.support.families import FENCED, Families
from tests.support.workers import eventually

POINTS = ("after_state", "before_commit", "after_commit")
HOURS = 4


@pytest.fixture
def families(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Families]:
    settings = make_settings(clock="marks", partitions=4, session_timeout_seconds=SESSION_SECONDS)
    made = Families(settings, tmp_path)
    yield made
    made.close()


def stopped_beyond_their_sessions(families: Families) -> None:
    for second in families.seconds.values():
        second.stop()
    families.write(HOURS)
    families.catch_up()
    before = {second: second.assignments for second in families.seconds.values()}
    for second in before:
        second.go_on()
    for second, assignments in before.items():
        eventually(
            "it ends or owns anew",
            lambda second=second, n=assignments: second.process.poll() is not None or second.assignments > n,
        )
        if second.process.poll() is not None:
            assert second.wait() == FENCED
            second.restart()


def verify(settings: Settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streams.cli", "verify"],
        env=settings.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.mark.timeout(600)
def test_every_cell_is_what_the_oracle_says(families: Families) -> None:
    families.join()
    families.write(HOURS)
    families.catch_up()
    for point in POINTS:
        families.kill_firsts(point)
        families.catch_up()
    stopped_beyond_their_sessions(families)
    families.write(HOURS)
    families.catch_up()

    for role in PARTIALS:
        assert wrong_accounts(families.settings, role) == []
        assert all(status["defects"] == status["drift"] == 0 for status in families.statuses(role))
    found = verify(families.settings)
    assert found.returncode == 0, found.stdout + found.stderr
