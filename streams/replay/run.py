"""Real records again, on their own time: events with the list's time stamp, and a mark after every list."""

import csv
import heapq
import random
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from schemas.event import DAY_SECONDS, parse_instant
from streams import clock
from streams.errors import InputUnreadable
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.replay.files import open_text
from streams.replay.listing import Change, Mapping, network
from streams.replay.mappings import MAPPINGS, TABLES
from streams.replay.rows import TimedRecord
from streams.settings import Settings

SNAPSHOTS = ("snapshots.csv.gz", "snapshots.csv")


@dataclass(frozen=True)
class Options:
    """How to replay; `speed` = record time / wall time, 0 as fast as it goes; days from the first list on, 0 all."""

    speed: float = 0
    days: float = 0
    shuffle_seed: int | None = None
    shuffle_seconds: int = 3600
    duplicate_every: int = 0


@dataclass(frozen=True)
class Report:
    """What was written."""

    records: int
    marks: int
    first: int
    last: int


def changes(files: Iterable[Path]) -> Iterator[Change]:
    """The lines of all files, in time; InputUnreadable names the file and line that is none."""
    return heapq.merge(*map(_lines, files), key=attrgetter("at"))


def marks(files: Iterable[Path]) -> list[int]:
    """The instants of all lists: from `snapshots.csv[.gz]` beside a file, otherwise the instants of changes."""
    instants: set[int] = set()
    for file in files:
        beside = [file.parent / name for name in SNAPSHOTS if (file.parent / name).is_file()]
        if beside:
            with open_text(beside[0]) as table:
                instants.update(parse_instant(row["snapshot_time"]) for row in csv.DictReader(table))
        else:
            instants.update(change.at for change in _lines(file))
    return sorted(instants)


def schedule(
    batches: Iterable[tuple[int, list[TimedRecord]]], last: int, options: Options
) -> Iterator[tuple[int, list[TimedRecord]]]:
    """Per mark, the records before it; `batches` are the records up to each mark, `last` is the last mark.

    Shuffling delays a record by up to `shuffle_seconds`: at a mark all records older than that have been sent,
    and at the last mark all records. A repetition has a delay of its own. Each record keeps its timestamp.
    """
    moves = random.Random(options.shuffle_seed)
    waiting: list[tuple[int, int, TimedRecord]] = []
    count = order = 0
    for at, records in batches:
        for record in records:
            count += 1
            twice = options.duplicate_every and count % options.duplicate_every == 0
            for _ in range(2 if twice else 1):
                order += 1
                delay = 0 if options.shuffle_seed is None else moves.randint(0, options.shuffle_seconds)
                heapq.heappush(waiting, (min(record.at + delay, last), order, record))
        ready = []
        while waiting and waiting[0][0] <= at:
            ready.append(heapq.heappop(waiting)[2])
        yield at, ready


class Recording:
    """Files read by a mapping: the network, the marks, and the records up to each mark."""

    def __init__(self, mapping: str, files: Sequence[Path], days: float = 0) -> None:
        self._mapping, self._files = mapping, files
        self._table = TABLES[mapping]() if mapping in TABLES else None
        self._records = self._table.records(files) if self._table else []
        instants = self._table.marks(self._records) if self._table else marks(files)
        self.instants = [at for at in instants if not days or at < instants[0] + days * DAY_SECONDS]

    def network(self) -> list[dict[str, Any]]:
        return self._table.network() if self._table else network()

    def batches(self) -> Iterator[tuple[int, list[TimedRecord]]]:
        if self._table:
            return _up_to_marks(self._records, self.instants)
        lines = takewhile(lambda change: change.at <= self.instants[-1], changes(self._files))
        return _listed(lines, self.instants, MAPPINGS[self._mapping]())


def run(
    settings: Settings,
    files: Sequence[Path],
    mapping: str,  # a name in MAPPINGS or TABLES
    options: Options = Options(),
    *,
    stop: threading.Event | None = None,
    console: Console | None = None,
) -> Report:
    """Write the network, then records and marks; returns when the broker has confirmed all, or soon after `stop`."""
    if settings.clock != "marks" or not settings.topic_prefix:
        raise InputUnreadable("A replay needs GRIDPULSE_CLOCK=marks and a GRIDPULSE_TOPIC_PREFIX of its own.")
    stop = stop or threading.Event()
    recording = Recording(mapping, files, options.days)
    instants = recording.instants
    if not instants:
        raise InputUnreadable(f"Nothing to replay in {', '.join(map(str, files))}.")
    records = written = 0
    with Sender(settings) as sender, _progress(console) as progress:
        for record in recording.network():
            sender.send("network", key_of(record), record, instants[0])
        sender.flush()
        bar = progress.add_task(f"replay {mapping}", total=len(instants))
        began_ms = clock.now_ms()
        for at, ready in schedule(recording.batches(), instants[-1], options):
            if options.speed:
                due_ms = began_ms + (at - instants[0]) * 1000 / options.speed
                stop.wait(max(0.0, (due_ms - clock.now_ms()) / 1000))
            if stop.is_set():
                break
            for item in ready:
                sender.send(item.family, item.key, item.value, item.at)
            sender.mark(at)
            records, written = records + len(ready), written + 1
            progress.advance(bar)
    return Report(records, written, instants[0], instants[written - 1])


def _listed(
    lines: Iterable[Change], instants: Sequence[int], mapping: Mapping
) -> Iterator[tuple[int, list[TimedRecord]]]:
    groups = groupby(lines, attrgetter("at"))
    group = next(groups, None)
    for at in instants:
        events: list[dict[str, Any]] = []
        if group is not None and group[0] < at:
            raise InputUnreadable(f"A line's snapshot_time is missing in {SNAPSHOTS[0]}.")
        if group is not None and group[0] == at:
            for change in group[1]:
                events += mapping.line(change)
            group = next(groups, None)
        yield at, [TimedRecord(at, "outages", event["outage_id"], event) for event in events + mapping.mark(at)]


def _up_to_marks(records: Sequence[TimedRecord], instants: Sequence[int]) -> Iterator[tuple[int, list[TimedRecord]]]:
    begin = 0
    for at in instants:
        end = bisect_right(records, at, begin, key=attrgetter("at"))
        yield at, list(records[begin:end])
        begin = end


def _lines(file: Path) -> Iterator[Change]:
    with open_text(file) as text:
        for number, line in enumerate(text, 1):
            try:
                entry = orjson.loads(line)
                at = parse_instant(entry["snapshot_time"])
                yield Change(at, entry["op"], entry["id"], entry.get("rec", {}))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InputUnreadable(f"{file}, line {number} is no change of a list of outages: {error!r}.") from error


def _progress(console: Console | None) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("marks"))
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console or Console(stderr=True))
