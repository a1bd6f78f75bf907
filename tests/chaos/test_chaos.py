"""Two minutes of everything that happens to workers, under load; and proof that the run can fail."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.lane.faults import POINTS
from streams.settings import Settings
from streams.topics import OUTAGES, REPAIRS
from tests.support.counting_workers import SESSION_SECONDS, World
from tests.support.workers import Worker, eventually

KILLED, FENCED, LEFT = -9, 70, 0


class Chaos(World):
    """Two workers under constant load; every end of a worker that nobody caused is an error."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.second = self.worker(), self.worker()
        self._calm = threading.Event()
        self._load = threading.Thread(target=self._keep_sending, daemon=True)

    def begin(self) -> None:
        eventually("the workers count", lambda: bool(self.send(100)) or len(self.counted()) > 0)
        self._load.start()

    def _keep_sending(self) -> None:
        turn = 0
        while not self._calm.wait(0.05):
            turn += 1
            self.send(40, REPAIRS if turn % 10 == 0 else OUTAGES)

    def end(self) -> None:
        """Calm down, then compare with the truth."""
        self._calm.set()
        self._load.join()
        self.check()

    def follows(self, count: int = 400) -> None:
        """Somebody applies what is sent from now on."""
        wanted = sum(self.counted().values()) + count

        def applied() -> bool:
            self.check_workers()
            return sum(self.counted().values()) >= wanted

        eventually("the others go on", applied)

    def check_workers(self) -> None:
        for worker in self.workers:
            if not worker.is_stopped:
                worker.check_alive()

    def follows_all_partitions(self) -> None:
        """Every partition moves on, those of a worker that stands still too, once its session is over."""
        before = self.positions()

        def moved() -> bool:
            self.check_workers()
            return all(offset > before.get(partition, 0) for partition, offset in self.positions().items())

        eventually("every partition moves on", moved)

    def close(self) -> None:
        self._calm.set()
        super().close()


def killed_at(chaos: Chaos, point: str, worker: Worker | None = None) -> None:
    worker = worker or chaos.first
    worker.restart(fault_points=f"{point}:5:kill")
    assert worker.wait() == KILLED
    worker.restart(fault_points="")
    chaos.follows()


def stopped_beyond_its_session(chaos: Chaos) -> None:
    eventually("the first worker owns something", lambda: chaos.first.assignments > 0)
    assignments = chaos.first.assignments
    chaos.first.stop()
    chaos.follows_all_partitions()
    chaos.first.go_on()
    # With something on its way it is fenced and ends; otherwise it learns of the loss first, and joins anew.
    eventually(
        "it ends or owns anew", lambda: chaos.first.process.poll() is not None or chaos.first.assignments > assignments
    )
    if chaos.first.process.poll() is not None:
        assert chaos.first.wait() == FENCED
        chaos.first.restart()
    chaos.follows()


def joined_and_left(chaos: Chaos) -> None:
    third: Worker = chaos.worker(instance="")
    eventually("the third worker owns something", lambda: third.assignments > 0)
    chaos.follows_all_partitions()
    assert third.leave() == LEFT
    chaos.follows_all_partitions()


def owned_by_another_in_between(chaos: Chaos) -> None:
    """One worker has everything, gives some away, and gets it back after somebody else has written to it."""
    assert chaos.second.leave() == LEFT
    chaos.follows_all_partitions()
    joined_and_left(chaos)
    chaos.second.restart()
    chaos.follows()


@pytest.fixture
def new_chaos(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Callable[..., Chaos]]:
    made: list[Chaos] = []

    def new(*command: str) -> Chaos:
        settings = make_settings(session_timeout_seconds=SESSION_SECONDS)
        made.append(Chaos(settings, tmp_path, command or ("tests.integration.counting",)))
        made[-1].begin()
        return made[-1]

    yield new
    for chaos in made:
        chaos.close()


@pytest.mark.timeout(400)
def test_nothing_is_lost_or_applied_twice(new_chaos: Callable[..., Chaos]) -> None:
    chaos = new_chaos()
    for worker in (chaos.first, chaos.second):
        for point in POINTS:
            killed_at(chaos, point, worker)
    stopped_beyond_its_session(chaos)
    joined_and_left(chaos)
    owned_by_another_in_between(chaos)
    chaos.end()


def sent_until_somebody_ends(chaos: Chaos) -> None:
    chaos.follows(4000)


EPISODES = {
    "in_flight_kept_on_revoke": owned_by_another_in_between,
    "changelog_outside_the_transaction": lambda chaos: killed_at(chaos, "before_commit"),
    "duplicates_applied": lambda chaos: killed_at(chaos, "after_commit"),
    "one_batch_lost": sent_until_somebody_ends,
}


@pytest.mark.parametrize("sabotage", EPISODES)
def test_the_run_turns_red_without(new_chaos: Callable[..., Chaos], sabotage: str) -> None:
    chaos = new_chaos("tests.chaos.sabotaged", sabotage)

    def run() -> None:
        EPISODES[sabotage](chaos)
        chaos.end()

    with pytest.raises(AssertionError):
        run()
