"""The gridpulse processes of this machine: started, watched, restarted and stopped by their pids."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from streams.demo import orphans
from streams.errors import GridpulseError
from streams.settings import Settings

STOP_SECONDS = 10
RESTARTS_MAX = 5  # of one child within RESTART_WINDOW_SECONDS; more is no accident
RESTART_WINDOW_SECONDS = 60


@dataclass
class Child:
    """One `gridpulse ...` process with its log and its note for a later run (orphans.py)."""

    name: str
    arguments: tuple[str, ...]
    settings: Settings
    restart: bool
    process: subprocess.Popen[bytes] | None = None
    ended_at: list[float] = field(default_factory=list)  # monotonic seconds

    @property
    def log(self) -> Path:
        return Path(self.settings.data_dir).absolute() / "logs" / f"{self.name}.log"

    @property
    def pidfile(self) -> Path:
        return _run_dir(self.settings.data_dir) / f"{self.name}.pid.json"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own arguments
                [sys.executable, "-m", "streams.cli", *self.arguments],
                env=self.settings.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the parent, which ends its children in order
            )
        orphans.claim(self.pidfile, self.process.pid)

    def code(self) -> int | None:
        """The exit code, None while it runs."""
        return self.process.poll() if self.process else 0

    def last_line(self) -> str:
        """The last line of its log; empty while there is none."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else ""

    def reap(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds), then kill."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.pidfile.unlink(missing_ok=True)


class Supervisor:
    """Children of this process; `stop` ends them in the reverse order of their start."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def start(self, name: str, *arguments: str, settings: Settings, restart: bool = False) -> Child:
        """Start `gridpulse arguments...` with exactly these settings."""
        child = Child(name, arguments, settings, restart)
        self.children.append(child)
        child.log.unlink(missing_ok=True)  # the log of an earlier run; a restart keeps the log
        child.start()
        return child

    def watch(self) -> None:
        """Restart children that may restart; GridpulseError for another failed child, or after repeated failures."""
        for child in self.children:
            code = child.code()
            if code is None or child.process is None:
                continue
            child.reap(0)
            if code == 0 and not child.restart:  # it has completed its work
                continue
            now = time.monotonic()
            recent = [at for at in child.ended_at if at > now - RESTART_WINDOW_SECONDS]
            if not child.restart or len(recent) >= RESTARTS_MAX:
                raise GridpulseError(
                    f"{child.name} ended with code {code}: {child.last_line() or 'no output'} ({child.log})"
                )
            child.ended_at = [*recent, now]
            child.start()

    def stop(self) -> None:
        """End all children; together they have STOP_SECONDS."""
        for child in reversed(self.children):
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self.children):
            child.reap(deadline)


def end_orphans(data_dir: str) -> None:
    """End the children of an earlier run that was killed."""
    for note in sorted(_run_dir(data_dir).glob("*.pid.json")):
        orphans.end_orphan(note, STOP_SECONDS)


def _run_dir(data_dir: str) -> Path:
    return Path(data_dir).absolute() / "run"
