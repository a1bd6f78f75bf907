"""`gridpulse verify`: read everything from the beginning, compute every KPI again, compare, say what differs."""

import asyncio
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from streams import topics
from streams.errors import InputUnreadable
from streams.local.progress import step
from streams.oracle.compare import Comparison, Difference, compare
from streams.oracle.engine import Oracle, kpi_files
from streams.oracle.placing import is_foreign
from streams.oracle.records import FAMILIES, KPIS, Record, from_files, mark_of, marks_of
from streams.oracle.table import Table, parts_of
from streams.readers.compacted import CompactedReader
from streams.settings import Settings

READ_TIMES = 5  # looked at by default: the last mark and, evenly, some before it
LOOKS = 3  # at a live service: what changes in between is looked at again
PAUSE_SECONDS = 3
STATUS_KEY = b"status"
GROWTH_SLACK_SECONDS = 30  # live, a growing value may be published that much later than it falls due


@dataclass
class Report:
    """What was compared; `moving` are keys that the service changed while they were looked at.

    `elsewhere` is the number of records that are not in the partition of their key.
    """

    records: int = 0
    events: int = 0
    comparisons: list[Comparison] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    behind: list[tuple[Any, ...]] = field(default_factory=list)
    elsewhere: int = 0

    @property
    def first(self) -> Difference | None:
        """The difference to look into first, at the earliest read time: of the cell that the fewest cases are in."""
        return next((found.differences[0] for found in self.comparisons if found.differences), None)


@dataclass(frozen=True)
class Question:
    """What to verify: files instead of the topics, read times (epoch seconds) instead of the usual, some KPIs only."""

    events: Sequence[Path] = ()
    at: Sequence[int] = ()
    kpis: Sequence[str] = ()

    def names(self) -> list[str]:
        """The KPIs to look at."""
        files = kpi_files()
        unknown = sorted(set(self.kpis) - files.keys())
        if unknown:
            raise InputUnreadable(f"The oracle has no SQL for {', '.join(unknown)}. It knows {', '.join(files)}.")
        return list(self.kpis) or list(files)


@dataclass
class Read:
    """Inputs and KPI table; `reached` is the read time up to which every partition has published, None unknown."""

    inputs: list[Record]
    kpis: list[Record]
    reached: int | None


def run(settings: Settings, question: Question) -> Report:
    """One verification: at marks, or, on the wall clock, at the time up to which the service has published."""
    names = question.names()
    if settings.clock == "marks":
        return _at_marks(settings, question, names)
    return _live(settings, question, names)


def _at_marks(settings: Settings, question: Question, names: list[str]) -> Report:
    read = _read(settings, question)
    table, report = Table(read.kpis), Report()
    with _oracle(settings, read.inputs) as oracle:
        report.records, report.events = oracle.counts
        report.elsewhere = sum(record.elsewhere for record in read.inputs)
        for at in _read_times(question.at, marks_of(read.inputs), read.reached):
            told = _chosen(table.at(at), question.kpis)
            report.comparisons.append(_compare(oracle, settings, names, told, at, marks=True))
        _explain(oracle, report)
    return report


def _live(settings: Settings, question: Question, names: list[str]) -> Report:
    report = Report()
    seen: list[dict[str, Difference]] = []
    for look in range(1 if question.events else LOOKS):
        if look:
            threading.Event().wait(PAUSE_SECONDS)  # new values go out at least every second
        read = _read(settings, question)
        at = question.at[-1] if question.at else read.reached
        if at is None:
            raise InputUnreadable("No worker has published yet. Start one, or give a read time with --at.")
        with _oracle(settings, read.inputs, at) as oracle:
            report.records, report.events = oracle.counts
            report.elsewhere = sum(record.elsewhere for record in read.inputs)
            told = _chosen(Table(read.kpis).newest(), question.kpis)
            found = _compare(oracle, settings, names, told, at, marks=False)
            seen.append({difference.key: difference for difference in found.differences})
            stayed = [d for d in found.differences if all(_same(d, before.get(d.key)) for before in seen)]
            report.moving = sorted(seen[-1].keys() - {d.key for d in stayed})
            report.comparisons = [found._replace(differences=stayed)]
            if not seen[-1] or look == LOOKS - 1 or question.events:
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
    told: dict[str, list[dict[str, Any] | None]],
    at: int,
    *,
    marks: bool,
) -> Comparison:
    places = {(scope, period) for _, scope, _, period in map(parts_of, told)}
    with step(f"Computing {len(names)} KPIs at {at}"):
        cells = oracle.cells(at, names, places)
    interval = settings.growth_interval_seconds + (0 if marks else GROWTH_SLACK_SECONDS)
    return compare(cells, told, at, interval, complete=marks)


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
    """The marks to look at; without a choice the last that the service has reached, and some before."""
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
    told: dict[str, list[dict[str, Any] | None]], kpis: Sequence[str]
) -> dict[str, list[dict[str, Any] | None]]:
    return {key: says for key, says in told.items() if parts_of(key)[0] in kpis} if kpis else told


def _oracle(settings: Settings, inputs: list[Record], until: int = 0) -> Oracle:
    with step(f"Checking {len(inputs)} records"):
        return Oracle(settings, inputs, until)


def _read(settings: Settings, question: Question) -> Read:
    """From the files what they have; the KPI table from the broker, unless it is in them."""
    if question.events:
        records = list(from_files(question.events, settings.topic_prefix))
        kpis = [record for record in records if record.topic == KPIS]
        if kpis:
            return Read([record for record in records if record.topic != KPIS], kpis, None)
        read = asyncio.run(_read_topics(settings, inputs=False))
        return Read(records, read.kpis, read.reached)
    return asyncio.run(_read_topics(settings, inputs=True))


async def _read_topics(settings: Settings, *, inputs: bool) -> Read:
    # The table first: what an input brings later is then at worst too much on the side of the oracle.
    statuses = []
    for topic in (topics.PARTIALS, topics.VOLTAGE_PARTIALS):
        records = await _read_topic(settings, topic)
        newest = {record.partition: record.value for record in records if record.key == STATUS_KEY and record.value}
        statuses += [orjson.loads(value)["published"] for value in newest.values()]
    kpis = await _read_topic(settings, KPIS)
    told = [record for topic in FAMILIES for record in await _read_topic(settings, topic)] if inputs else []
    reached = None if not statuses else 0 if None in statuses else min(statuses)
    return Read(told, kpis, reached)


async def _read_topic(settings: Settings, topic: str) -> list[Record]:
    found: list[Record] = []
    checked = topic in FAMILIES and settings.partitioner == "murmur2"

    def take(partition: int, records: Iterable[Any]) -> None:
        found.extend(
            Record(
                topic,
                partition,
                record.offset,
                record.timestamp,
                record.key,
                record.value,
                mark := mark_of(record.value, record.headers),
                checked and mark is None and is_foreign(topic, record.key, partition, settings.partitions),
            )
            for record in records
        )

    reader = CompactedReader(
        settings.broker, settings.topic_prefix + topic, take, deadline_seconds=settings.broker_deadline_seconds
    )
    await reader.start()

    def measure() -> str:
        done, total = reader.progress()
        return f"{done} of {total} offsets"

    with step(f"Reading {settings.topic_prefix}{topic}", measure):
        try:
            await reader.caught_up()
        finally:
            await reader.stop()
    return found
