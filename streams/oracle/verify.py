"""`gridpulse verify`: read all topics from the beginning, compute every KPI again, compare, report differences."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streams.errors import InputUnreadable
from streams.oracle.compare import Comparison, Difference, compare
from streams.oracle.engine import Oracle, kpi_files
from streams.oracle.reading import read as reading
from streams.oracle.records import Record, marks_of
from streams.oracle.table import Table, parts_of
from streams.progress import step
from streams.settings import Settings

READ_TIMES = 5  # compared by default: the last mark and, evenly spaced, earlier marks
ATTEMPTS = 3  # at a live service: cells that change in between are compared again
PAUSE_SECONDS = 3
GROWTH_SLACK_SECONDS = 30  # live, a growing value may be published that much later than it falls due


@dataclass
class Report:
    """What was compared; `moving` are keys that the service changed during the comparison.

    `elsewhere` is the number of records that are not in the partition of their key; `left_out` are KPIs of a role of
    which no worker has ever published, so that there is nothing to compare them with.
    """

    records: int = 0
    events: int = 0
    comparisons: list[Comparison] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    behind: list[tuple[Any, ...]] = field(default_factory=list)
    elsewhere: int = 0
    left_out: list[str] = field(default_factory=list)

    @property
    def first(self) -> Difference | None:
        """The difference to examine first, at the earliest read time: the cell with the fewest cases."""
        return next((found.differences[0] for found in self.comparisons if found.differences), None)


@dataclass(frozen=True)
class Question:
    """What to verify: files instead of the topics, read times (epoch seconds) instead of the usual, some KPIs only."""

    events: Sequence[Path] = ()
    at: Sequence[int] = ()
    kpis: Sequence[str] = ()

    def names(self) -> list[str]:
        """The KPIs to compare."""
        files = kpi_files()
        unknown = sorted(set(self.kpis) - files.keys())
        if unknown:
            raise InputUnreadable(f"The oracle has no SQL for {', '.join(unknown)}. It knows {', '.join(files)}.")
        return list(self.kpis) or list(files)


def run(settings: Settings, question: Question) -> Report:
    """One verification: at marks, or, on the wall clock, at the time up to which the service has published."""
    names = question.names()
    if settings.clock == "marks":
        return _at_marks(settings, question, names)
    return _live(settings, question, names)


def _at_marks(settings: Settings, question: Question, names: list[str]) -> Report:
    read = reading(settings, question.events)
    table, report = Table(read.kpis), Report()
    names, report.left_out = read.comparable(names, question.kpis)
    with _oracle(settings, read.inputs) as oracle:
        report.records, report.events = oracle.counts
        report.elsewhere = sum(record.elsewhere for record in read.inputs)
        for at in _read_times(question.at, marks_of(read.inputs), read.reached):
            published = _chosen(table.at(at), question.kpis)
            report.comparisons.append(_compare(oracle, settings, names, published, at, marks=True))
        _explain(oracle, report)
    return report


def _live(settings: Settings, question: Question, names: list[str]) -> Report:
    report = Report()
    seen: list[dict[str, Difference]] = []
    for attempt in range(1 if question.events else ATTEMPTS):
        if attempt:
            threading.Event().wait(PAUSE_SECONDS)  # new values go out at least every second
        read = reading(settings, question.events)
        at = question.at[-1] if question.at else read.reached
        if not at:
            raise InputUnreadable("Not every partition has published yet. Start workers, or wait until they have read.")
        comparable, report.left_out = read.comparable(names, question.kpis)
        with _oracle(settings, read.inputs, at) as oracle:
            report.records, report.events = oracle.counts
            report.elsewhere = sum(record.elsewhere for record in read.inputs)
            published = _chosen(Table(read.kpis).newest(), question.kpis)
            found = _compare(oracle, settings, comparable, published, at, marks=False)
            seen.append({difference.key: difference for difference in found.differences})
            stayed = [d for d in found.differences if all(_same(d, before.get(d.key)) for before in seen)]
            report.moving = sorted(seen[-1].keys() - {d.key for d in stayed})
            report.comparisons = [found._replace(differences=stayed)]
            if not seen[-1] or attempt == ATTEMPTS - 1 or question.events:
                _explain(oracle, report)
                break
    return report


def _same(now: Difference, before: Difference | None) -> bool:
    """Whether a key differed before, in the same record."""
    return before is not None and before.revision == now.revision


def _compare(
    oracle: Oracle,
    settings: Settings,
    names: list[str],
    published: dict[str, list[dict[str, Any] | None]],
    at: int,
    *,
    marks: bool,
) -> Comparison:
    places = {(scope, period) for _, scope, _, period in map(parts_of, published)}
    with step(f"Computing {len(names)} KPIs at {at}"):
        cells = oracle.cells(at, names, places)
    interval = settings.growth_interval_seconds + (0 if marks else GROWTH_SLACK_SECONDS)
    return compare(cells, published, at, interval, complete=marks)


def _explain(oracle: Oracle, report: Report) -> None:
    """Put the difference with the fewest records behind it first, and keep these."""
    for found in report.comparisons:
        if found.differences:
            known = [d for d in found.differences if d.cell is not None]
            narrow = sorted(known, key=lambda d: (d.key.split("|")[1] == "all", d.cell is not None and d.cell.period))
            if narrow and narrow[0].cell is not None:
                found.differences.remove(narrow[0])
                found.differences.insert(0, narrow[0])
                report.behind = oracle.behind(found.at, narrow[0].cell)
            return


def _read_times(wanted: Sequence[int], marks: list[int], reached: int | None) -> list[int]:
    """The marks to compare; by default the last mark that the service has reached, and earlier marks."""
    done = [at for at in marks if reached is None or at <= reached]
    if not done:
        raise InputUnreadable("There is no mark that the service has reached. Is it running, are its inputs marked?")
    wrong = sorted(set(wanted) - set(done))
    if wrong:
        raise InputUnreadable(
            f"At {wrong[0]} there is no mark that the service has reached. The last one is {done[-1]}."
        )
    return sorted(wanted) or sorted({done[len(done) * n // READ_TIMES - 1] for n in range(1, READ_TIMES + 1)})


def _chosen(
    published: dict[str, list[dict[str, Any] | None]], kpis: Sequence[str]
) -> dict[str, list[dict[str, Any] | None]]:
    return {key: records for key, records in published.items() if parts_of(key)[0] in kpis} if kpis else published


def _oracle(settings: Settings, inputs: list[Record], until: int = 0) -> Oracle:
    with step(f"Checking {len(inputs)} records"):
        return Oracle(settings, inputs, until)
