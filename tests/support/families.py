"""Workers of both roles over stormy days of all four families, which are written in stages, with marks."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from streams.load.network import key_of
from streams.load.producer import Sender
from streams.settings import Settings
from streams.simulator.grid import build
from streams.simulator.rates import USUAL
from streams.simulator.recorded import MARK_SECONDS, START, messages
from streams.wiring.names import PARTIALS
from tests.support.statuses import Statuses
from tests.support.workers import Worker, eventually

KILLED, FENCED, LEFT = -9, 70, 0
SEED = 4
DAYS = 3  # at most: stages end when everybody was killed
# A storm: everything at once, and told badly.
STORM = replace(
    USUAL.times(2), duplicates=0.15, disorder=0.25, lateness=0.02, corrections=0.15, bad_clocks=0.03, garbage=0.02
)
COMMAND = ("streams.cli", "worker", "--role")


class Families:
    """One worker of each role, two once they have `joined`; `end` is the last mark that was written."""

    def __init__(self, settings: Settings, folder: Path, command: Sequence[str] = COMMAND, **changes: Any) -> None:
        self.settings, self.end = settings, START
        self._folder, self._command, self._changes = folder, command, changes
        self._messages = messages(SEED, DAYS, STORM)
        self._waiting = next(self._messages, None)
        self._statuses = {role: Statuses(settings, PARTIALS[role]) for role in PARTIALS}
        with Sender(settings) as sender:
            for record in build(SEED).records:
                sender.send("network", key_of(record), record, START)
        self.firsts = {role: self._worker(role, 1) for role in PARTIALS}
        self.seconds: dict[str, Worker] = {}

    def join(self) -> None:
        """A second worker of each role takes its share."""
        self.seconds = {role: self._worker(role, 2) for role in PARTIALS}
        for second in self.seconds.values():
            eventually("the second worker owns something", lambda second=second: second.assignments > 0)

    def _worker(self, role: str, number: int) -> Worker:
        name = f"{role}-{number}"
        changes = self._changes | {"instance": name, "data_dir": str(self._folder / name)}
        return Worker(self.settings, self._folder / f"{name}.log", (*self._command, role), **changes)

    def write(self, hours: int) -> None:
        """The next hours, with a mark after each."""
        with Sender(self.settings) as sender:
            for _ in range(hours):
                self.end += MARK_SECONDS
                while self._waiting is not None and self._waiting.at <= self.end:
                    said = self._waiting
                    sender.send(said.family, said.key, said.value, said.at)
                    self._waiting = next(self._messages, None)
                sender.mark(self.end)

    def catch_up(self) -> None:
        """Both roles publish the last mark that was written, and nobody has ended by itself."""
        for role in PARTIALS:
            eventually(f"{role} has published the last mark", lambda role=role: self._caught_up(role), seconds=90)

    def _caught_up(self, role: str) -> bool:
        for worker in self.workers():
            if not worker.is_stopped:
                worker.check_alive()
        return self.is_done(role)

    def is_done(self, role: str) -> bool:
        return self._statuses[role].reached() == (self.end, self.end)

    def follow(self) -> None:
        """Some partition of each role has read what was written."""

        def moved() -> bool:
            for statuses in self._statuses.values():
                statuses.reached()
            return all(
                any(status["as_of"] == self.end for status in statuses.last.values())
                for statuses in self._statuses.values()
            )

        eventually("somebody goes on", moved)

    def kill_firsts(self, point: str) -> None:
        """At the third time that each comes to `point`; hours are written for as long as that takes."""
        for first in self.firsts.values():
            first.restart(fault_points=f"{point}:3:kill")

        def is_over(role: str) -> bool:
            return self.firsts[role].process.poll() is not None or self.is_done(role)

        while any(first.process.poll() is None for first in self.firsts.values()):
            self.write(1)
            eventually("killed, or nothing left to do", lambda: all(map(is_over, self.firsts)), seconds=90)
        for first in self.firsts.values():
            assert first.wait() == KILLED
            first.restart(fault_points="")

    def statuses(self, role: str) -> list[dict[str, Any]]:
        """What each source partition of a role said last."""
        return list(self._statuses[role].last.values())

    def workers(self) -> list[Worker]:
        return [*self.firsts.values(), *self.seconds.values()]

    def close(self) -> None:
        for worker in self.workers():
            worker.close()
        for statuses in self._statuses.values():
            statuses.close()
