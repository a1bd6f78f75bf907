"""`gridpulse send`: events from a file to the input topics, each line checked before any of it is sent."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from streams import topics
from streams.errors import BrokerUnavailable, InputUnreadable
from streams.load import mapping_file
from streams.load.admission import admission
from streams.load.events import Admit, Line, json_lines, table
from streams.load.producer import Sender
from streams.load.report import Report
from streams.load.source import Source
from streams.load.tables import Table
from streams.settings import Settings


class Rejects(NamedTuple):
    """Writers of refused lines: a whole line with its end, or a part of a line that is too long for memory."""

    line: Callable[[bytes], object]
    part: Callable[[bytes], object]


def run(
    settings: Settings,
    file: Path,
    *,
    family: str | None = None,
    mapping: Path | None = None,
    rejects: Path | None = None,
    dry_run: bool = False,
    stop: threading.Event | None = None,
    console: Console | None = None,
) -> Report:
    """Send the valid lines; returns when the broker has confirmed them, or soon after `stop`."""
    if settings.clock == "marks":
        raise InputUnreadable("GRIDPULSE_CLOCK=marks is for `gridpulse replay`, which also writes the marks.")
    if rejects is not None and rejects.exists() and rejects.samefile(file):
        raise InputUnreadable(f"The refused lines cannot be written to {rejects}, which is being read.")
    stop = stop or threading.Event()
    console = console or Console(stderr=True, soft_wrap=True, highlight=False)
    report = Report(dry=dry_run)
    rejected: Rejects | None = None
    with ExitStack() as stack:
        source = stack.enter_context(Source(file))
        opened, lines = _lines(source, family, mapping, admission(settings))
        report.header_lines = opened.header_lines if opened else 0
        if not dry_run:
            topics.check(settings)
        if rejects:
            rejected = stack.enter_context(_rejects(rejects, opened))
            source.overflow = rejected.part
        progress = stack.enter_context(_progress(console))
        bar = progress.add_task("check" if dry_run else "send", total=source.size or None)
        sender = None if dry_run else stack.enter_context(Sender(settings))
        try:
            for line in _until(stop, lines, report):
                _take(line, report, sender, rejected)
                progress.update(bar, completed=source.position)
            if sender is not None:
                sender.flush()
        except BrokerUnavailable as error:
            raise BrokerUnavailable(
                f"{error} Of {file}, lines up to {report.last_line} may have been sent; "
                "it may be sent again from the start, repetitions change nothing."
            ) from error
    return report


@contextmanager
def until_interrupted() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets, so that the program ends in order; the second Ctrl-C interrupts it."""
    stop = threading.Event()

    def stopped(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, stopped)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _until(stop: threading.Event, lines: Iterator[Line], report: Report) -> Iterator[Line]:
    """The lines of a file until it ends, until `stop`, or until it cannot be read on."""
    try:
        for line in lines:
            if stop.is_set():
                report.interrupted = True
                return
            yield line
    except InputUnreadable as error:
        report.aborted = str(error)


def _lines(
    source: Source, family: str | None, mapping: Path | None, admitted: Admit
) -> tuple[Table | None, Iterator[Line]]:
    if mapping is None:
        if {".csv", ".tsv"} & {suffix.lower() for suffix in source.path.suffixes}:
            raise InputUnreadable(f"{source.path} is a table: --mapping FILE has to define its columns.")
        return None, json_lines(source, family, admitted)
    found = mapping_file.load(mapping)
    if family not in (None, found.family):
        raise InputUnreadable(f"{mapping} is a mapping for {found.family}, not for {family}.")
    return table(source, found, admitted)


def _take(line: Line, report: Report, sender: Sender | None, rejected: Rejects | None) -> None:
    report.line(line)
    if line.refusal is not None and rejected is not None:
        rejected.line(line.raw)
    for event in line.ready:
        if sender is not None:
            sender.send(event.family, event.key, event.value)
        report.event(event)


@contextmanager
def _rejects(path: Path, opened: Table | None) -> Iterator[Rejects]:
    """A file for refused lines, byte by byte, below the header of the table: they can be corrected and sent."""
    ends = tuple(end.encode(opened.encoding if opened else "utf-8") for end in ("\n", "\r"))
    try:
        file: BinaryIO = path.open("wb")
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be written: {error.strerror}.") from error

    def keep(raw: bytes) -> None:
        file.write(raw if raw.endswith(ends) else raw + ends[0])  # the last line of a file may have no end

    with file:
        if opened:
            keep(opened.header_raw)
        yield Rejects(keep, file.write)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
