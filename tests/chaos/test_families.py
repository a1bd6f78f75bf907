"""All four families under storms, bad clocks and kills: every cell of both roles is what the oracle says."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from streams import topics
from streams.local.network import key_of
from streams.local.send import Sender
from streams.local.simulator.grid import build
from streams.local.simulator.rates import USUAL
from streams.local.simulator.recorded import MARK_SECONDS, START, messages
from streams.settings import Settings
from tests.workers import Worker, committed, eventually
from tests.world import SESSION_SECONDS

KILLED, FENCED = -9, 70
SEED = 4
# A storm: everything at once, and told badly.
STORM = replace(
    USUAL.times(2), duplicates=0.15, disorder=0.25, lateness=0.02, corrections=0.15, bad_clocks=0.03, garbage=0.02
)
ROLES = {"cases": topics.PARTIALS, "voltage": topics.VOLTAGE_PARTIALS}
POINTS = ("after_state", "before_commit", "after_commit")
HOURS = 4
DAYS = 3  # at most: stages end when everybody was killed


class Families:
    """Two workers of each role, and a stormy day with marks that is written in stages."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.end = settings, START
        self._messages = messages(SEED, DAYS, STORM)
        self._waiting = next(self._messages, None)
        with Sender(settings) as sender:
            for record in build(SEED).records:
                sender.send("network", key_of(record), record, START)
        self.workers = {role: [self._worker(folder, role, number) for number in (1, 2)] for role in ROLES}

    def _worker(self, folder: Path, role: str, number: int) -> Worker:
        name = f"{role}-{number}"
        command = ("streams.cli", "worker", "--role", role)
        return Worker(self.settings, folder / f"{name}.log", command, instance=name, data_dir=str(folder / name))

    def write(self, hours: int = HOURS) -> None:
        """The next hours, with a mark after each."""
        with Sender(self.settings) as sender:
            for _ in range(hours):
                self.end += MARK_SECONDS
                while self._waiting is not None and self._waiting.at <= self.end:
                    said = self._waiting
                    sender.send(said.family, said.key, said.value, said.at)
                    self._waiting = next(self._messages, None)
                sender.mark(self.end)

    def statuses(self, role: str) -> list[dict[str, object]]:
        """What each source partition of a role said last."""
        records = committed(self.settings.broker, self.settings.topic_prefix + ROLES[role])
        told = {record.partition: record.value for record in records if record.key == b"status"}
        return [orjson.loads(value) for value in told.values()]

    def catch_up(self) -> None:
        """Both roles publish the last mark that was written."""
        for role in ROLES:
            eventually(f"{role} has published the last mark", lambda role=role: self.is_done(role), seconds=90)
        for worker in self.all_workers():
            if not worker.is_stopped:
                worker.check_alive()

    def kill_firsts(self, point: str) -> None:
        """At the third time that each comes to `point`; hours are written for as long as that takes."""
        firsts = {role: first for role, (first, _) in self.workers.items()}
        for first in firsts.values():
            first.restart(fault_points=f"{point}:3:kill")

        def is_over(role: str) -> bool:
            return firsts[role].process.poll() is not None or self.is_done(role)

        while any(first.process.poll() is None for first in firsts.values()):
            self.write(1)
            eventually("killed, or nothing left to do", lambda: all(map(is_over, firsts)), seconds=90)
        for first in firsts.values():
            assert first.wait() == KILLED
            first.restart(fault_points="")

    def is_done(self, role: str) -> bool:
        statuses = self.statuses(role)
        return len(statuses) == self.settings.partitions and all(
            status["as_of"] == status["published"] == self.end for status in statuses
        )

    def accounts_add_up(self) -> None:
        """Offsets passed = applied + duplicate + stale + rejected + defect + forwarded + marks, everywhere."""
        for role in ROLES:
            for status in self.statuses(role):
                assert status["defects"] == status["drift"] == 0
                for counts in status["processed"].values():  # type: ignore[attr-defined]
                    passed = counts.pop("next_offset") - counts.pop("start")
                    assert passed == sum(counts.values())

    def all_workers(self) -> list[Worker]:
        return [worker for workers in self.workers.values() for worker in workers]

    def close(self) -> None:
        for worker in self.all_workers():
            worker.close()


@pytest.fixture
def families(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Families]:
    made = Families(make_settings(clock="marks", partitions=4, session_timeout_seconds=SESSION_SECONDS), tmp_path)
    yield made
    made.close()


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
    families.write()
    families.catch_up()
    for point in POINTS:
        families.kill_firsts(point)
        families.catch_up()
    seconds = [second for _, second in families.workers.values()]
    for second in seconds:
        second.stop()
    families.write()
    families.catch_up()
    before = {second: second.assignments for second in seconds}
    for second in seconds:
        second.go_on()
    for second in seconds:
        eventually(
            "it ends or owns anew",
            lambda second=second: second.process.poll() is not None or second.assignments > before[second],
        )
        if second.process.poll() is not None:
            assert second.wait() == FENCED
            second.restart()
    families.write()
    families.catch_up()
    families.accounts_add_up()

    found = verify(families.settings)

    assert found.returncode == 0, found.stdout + found.stderr
