"""`gridpulse send`: events from a file to the input topics, each line checked before any of it is sent."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from streams import topics
from streams.errors import GridpulseError, InputUnreadable
from streams.local.bring import mapping_file
from streams.local.bring.admission import admission
from streams.local.bring.events import Admit, Line, json_lines, table
from streams.local.bring.report import Report
from streams.local.bring.source import Source
from streams.local.send import Sender
from streams.settings import Settings


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
    """Send what is right; returns when the broker has confirmed all of it, or soon after `stop`."""
    if settings.clock == "marks":
        raise InputUnreadable("GRIDPULSE_CLOCK=marks is for `gridpulse replay`, which also writes the marks.")
    if rejects is not None and rejects.exists() and rejects.samefile(file):
        raise InputUnreadable(f"The refused lines cannot be written to {rejects}, which is being read.")
    stop = stop or threading.Event()
    console = console or Console(stderr=True, soft_wrap=True, highlight=False)
    report = Report(dry=dry_run)
    with ExitStack() as stack:
        source = stack.enter_context(Source(file))
        header, lines = _lines(source, family, mapping, admission(settings))
        if not dry_run:
            topics.check(settings)
        kept = stack.enter_context(_rejects(rejects, header)) if rejects else None
        progress = stack.enter_context(_progress(console))
        bar = progress.add_task("check" if dry_run else "send", total=source.size or None)
        sender = None if dry_run else stack.enter_context(Sender(settings))
        try:
            for line in lines:
                if stop.is_set():
                    report.interrupted = True
                    break
                _take(line, report, sender, kept)
                progress.update(bar, completed=source.position)
            if sender is not None:
                sender.flush()
        except GridpulseError as error:
            if dry_run or not report.sent:
                raise
            raise type(error)(
                f"{error} Of {file}, lines up to {report.last_line} may have been sent; "
                "it may be sent again from the start, repetitions change nothing."
            ) from error
    return report


@contextmanager
def until_interrupted() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, in place of breaking off wherever the program stands; the second one breaks off."""
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


def _lines(source: Source, family: str | None, mapping: Path | None, admitted: Admit) -> tuple[bytes, Iterator[Line]]:
    if mapping is None:
        if {".csv", ".tsv"} & {suffix.lower() for suffix in source.path.suffixes}:
            raise InputUnreadable(f"{source.path} is a table: --mapping FILE has to say what its columns mean.")
        return b"", json_lines(source, family, admitted)
    said = mapping_file.load(mapping)
    if family not in (None, said.family):
        raise InputUnreadable(f"{mapping} is a mapping for {said.family}, not for {family}.")
    return table(source, said, admitted)


def _take(line: Line, report: Report, sender: Sender | None, kept: Callable[[bytes], Any] | None) -> None:
    report.line(line)
    if line.refusal is not None and kept is not None:
        kept(line.text)
    for event in line.ready:
        if sender is not None:
            sender.send(event.family, event.key, event.value)
        report.event(event)


@contextmanager
def _rejects(path: Path, header: bytes) -> Iterator[Callable[[bytes], Any]]:
    """Refused lines as they came, below the header if there is one, so that the file can be corrected and sent."""
    try:
        file: BinaryIO = path.open("wb")
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be written: {error.strerror}.") from error
    with file:
        if header:
            file.write(header + b"\n")
        yield lambda text: file.write(text + b"\n")


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
