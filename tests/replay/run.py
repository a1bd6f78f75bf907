"""A replay through a real broker and real workers, undisturbed or not, and what the service's topics say afterwards."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from schemas.event import parse_instant
from streams import topics
from streams.kpis.kpi import Role
from streams.replay import run as replay
from streams.settings import Settings
from streams.wiring.names import LEDGERS, PARTIALS
from tests.support.producer_epochs import Writers, writers_of
from tests.support.statuses import Statuses
from tests.support.workers import Worker, committed

SESSION_SECONDS = 6
COMPARED = ("numerator", "denominator", "value", "status", "complete", "definition_version", "reason")
ROWS = (
    "| role | what became of the records | workers that ended (-9: `kill -9`, 70: by themselves, see the runbook) |",
    "| --- | --- | --- |",
)
COUNTS = ("applied", "duplicate", "stale", "rejected", "defect", "forwarded", "marks")


def totals(statuses: Mapping[int, Mapping[str, Any]]) -> dict[str, int]:
    """What became of all records of all inputs, by what each source partition said last."""
    rows = [row for status in statuses.values() for row in status["processed"].values()]
    return {name: sum(row[name] for row in rows) for name in COUNTS}


@dataclass
class Outcome:
    """What was read back: KPI values with their read times, cases, who wrote, what became of the records."""

    report: replay.Report
    seconds: float
    timeline: dict[str, list[tuple[int, dict[str, Any]]]]
    cases: dict[str, dict[str, Any]]
    statuses: dict[int, dict[str, Any]]
    writers: dict[str, Writers]
    ends: list[str] = field(default_factory=list)

    def at(self, key: str, read_time: int) -> dict[str, Any] | None:
        """The record that holds at a mark: the last one with as_of at or before it."""
        held = None
        for as_of, record in self.timeline.get(key, ()):
            if as_of > read_time:
                break
            held = record
        return held

    def cells(self) -> dict[str, tuple[Any, ...]]:
        """The cells at the last mark, which is their read time: a record's own as_of says when it was last news."""
        last = {key: records[-1][1] for key, records in self.timeline.items()}
        return {key: tuple(record[name] for name in COMPARED) for key, record in last.items() if record}

    def counts(self) -> dict[str, int]:
        """What became of all records of all inputs."""
        return totals(self.statuses)

    def check_accounts(self) -> None:
        """Principle 5: every offset that was passed is accounted for, in every partition of every input."""
        for partition, status in self.statuses.items():
            for topic, row in status["processed"].items():
                passed = row["next_offset"] - row["start"]
                assert passed == sum(row[name] for name in COUNTS), (topic, partition, row)


class Run:
    """Two workers, a supervisor that brings them back, and a list of things to do to them on the way."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        files: list[Path],
        role: Role = "cases",
        session_seconds: int = SESSION_SECONDS,
    ) -> None:
        self.settings, self.folder, self.files = settings, folder, files
        self.role, self.ends = role, list[str]()
        self.statuses: dict[int, dict[str, Any]] = {}
        self.workers = [
            Worker(
                settings,
                folder / f"w{number}.log",
                ("streams.cli", "worker", "--role", role),
                instance=f"w{number}",
                session_timeout_seconds=session_seconds,
                data_dir=str(folder / f"w{number}"),
            )
            for number in (1, 2)
        ]

    def play(
        self,
        mapping: str,
        options: replay.Options,
        trouble: list[tuple[float, Callable[["Run"], None]]],
        seconds: float = 900,
    ) -> Outcome:
        """A replay to its last mark, with `trouble` as in `follow`, and what was written by then."""
        reports: list[replay.Report] = []
        thread = threading.Thread(
            target=lambda: reports.append(replay.run(self.settings, self.files, mapping, options))
        )
        thread.start()
        instants = replay.Recording(mapping, self.files, options.days).instants
        took = self.follow(instants, trouble, seconds)
        thread.join()
        return self.read(reports[0], took)

    def follow(
        self, instants: Sequence[int], trouble: list[tuple[float, Callable[["Run"], None]]], seconds: float
    ) -> float:
        """Until the last mark is published; the seconds it took.

        `trouble`: (share of the marks that everybody has read, what happens then).
        """
        began, statuses = time.monotonic(), Statuses(self.settings, PARTIALS[self.role])
        waiting = list(trouble)
        while True:
            read, published = statuses.reached()
            share = sum(at <= read for at in instants) / len(instants)
            while waiting and share >= waiting[0][0]:
                waiting.pop(0)[1](self)
            self.supervise()
            if read >= instants[-1] and published >= instants[-1]:
                break
            assert time.monotonic() - began < seconds, f"after {seconds} s at {share:.0%}: {self.tail()}"
        assert not waiting, "the replay was over before all that should have happened to it"
        statuses.close()
        self.statuses = statuses.last
        return time.monotonic() - began

    def supervise(self) -> None:
        """Bring back who has ended; only a kill and a fence are reasons to end."""
        for worker in self.workers:
            code = worker.process.poll()
            if code is not None:
                self.ends.append(f"{worker.settings.instance}: {code}")
                assert code in (-9, 70), self.tail()
                worker.restart()

    def row(self) -> str:
        """Of a table: role, what became of the records, workers that ended."""
        counts = ", ".join(f"{outcome} {n:,}" for outcome, n in totals(self.statuses).items() if n)
        return f"| {self.role} | {counts} | {', '.join(self.ends)} |"

    def tail(self) -> str:
        return "\n".join(worker.log.read_text()[-1500:] for worker in self.workers)

    def read(self, report: replay.Report, seconds: float) -> Outcome:
        broker, prefix = self.settings.broker, self.settings.topic_prefix
        timeline: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        for record in committed(broker, prefix + topics.KPIS, evaluation=True):
            value = orjson.loads(record.value) if record.value else {}
            as_of = parse_instant(value["as_of"]) if value else 0
            timeline.setdefault(record.key.decode(), []).append((as_of, value))
        cases = {}
        for record in committed(broker, prefix + topics.CASES, evaluation=True):
            cases[record.key.decode()] = orjson.loads(record.value)
        writers = {
            name: writers_of(broker, prefix + name) for name in (LEDGERS[self.role], topics.KPIS, PARTIALS[self.role])
        }
        return Outcome(report, seconds, timeline, cases, self.statuses, writers, self.ends)

    def close(self) -> None:
        for worker in self.workers:
            worker.close()


def worked_through(
    settings: Settings,
    folder: Path,
    roles: Iterable[Role],
    marks: Sequence[int],
    *,
    trouble: list[tuple[float, Callable[[Run], None]]],
    seconds: float,
) -> list[Run]:
    """Topics to their last mark, two workers of each role, each role with the trouble; `seconds` at most."""
    runs = []
    for role in roles:
        (folder / role).mkdir(parents=True)
        runs.append(Run(settings, folder / role, [], role))
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda run: run.follow(marks, trouble, seconds), runs))
    finally:
        for run in runs:
            run.close()
    return runs


def kill(number: int) -> Callable[[Run], None]:
    return lambda run: run.workers[number].kill()


def stop(number: int) -> Callable[[Run], None]:
    return lambda run: run.workers[number].stop()


def go_on(number: int) -> Callable[[Run], None]:
    return lambda run: run.workers[number].go_on()


TROUBLE = [(0.15, kill(0)), (0.35, kill(1)), (0.5, stop(0)), (0.65, go_on(0)), (0.8, kill(1))]
