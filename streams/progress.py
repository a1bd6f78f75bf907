"""Slow steps on the terminal: a spinner for people, a line every few seconds for a log, nothing for what is fast."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

LINE_SECONDS = 5
SPIN_SECONDS = 0.5


@contextmanager
def step(text: str, measure: Callable[[], str] | None = None) -> Iterator[None]:
    """Show that `text` is under way, with `measure()` and the seconds, and how long it took."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    started = time.monotonic()
    done = threading.Event()

    def line() -> str:
        seconds = int(time.monotonic() - started)
        detail = measure() if measure else ""
        return f"{text} … {detail}{', ' if detail else ''}{seconds} s"

    def spin() -> None:
        if done.wait(SPIN_SECONDS):  # not slow after all
            return
        if not sys.stderr.isatty():
            console.print(f"{text} …")
            while not done.wait(LINE_SECONDS):
                console.print(line())
            return
        with console.status(line()) as status:
            while not done.wait(SPIN_SECONDS):
                status.update(line())

    thread = threading.Thread(target=spin, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    seconds = time.monotonic() - started
    if seconds >= SPIN_SECONDS:
        console.print(f"{text}: {seconds:.1f} s")
