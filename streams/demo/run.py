"""`gridpulse demo`: all processes on this machine, with progress on the terminal; all end with the demo."""

import contextlib
import secrets
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from pydantic import SecretStr
from rich.console import Console

from streams import topics
from streams.demo import kill_scene, processes
from streams.demo.kafka import LocalKafka
from streams.demo.preflight import full_disk_named, preflight
from streams.errors import GridpulseError
from streams.progress import step
from streams.settings import Settings
from streams.simulator import demo_log

WORKERS = {"worker-1": "cases", "worker-2": "cases", "voltage-1": "voltage"}  # by name, its role
WATCH_SECONDS = 0.5
READY_SECONDS = 60
BACKFILL_SECONDS = 180


def run(settings: Settings, *, seconds: int | None, seed: int) -> None:
    """Run the demo for `seconds`, or until SIGINT or SIGTERM; all its processes end."""
    out = Console(highlight=False, soft_wrap=True)
    supervisor = processes.Supervisor()
    kafka: LocalKafka | None = None
    settings = _own(preflight(settings))
    with full_disk_named(settings.data_dir), _interruptible():
        try:
            if "broker" not in settings.model_fields_set:
                kafka = LocalKafka(_kafka_dir(settings), fresh=True)
                kafka.start()
                settings = settings.model_copy(update={"broker": kafka.address})
            with step("Creating topics"):
                topics.create(settings)
                topics.check(settings)
            simulator = _start(supervisor, settings, seed)
            url = f"http://{settings.web_host}:{settings.web_port}"
            with step("Waiting for the first numbers", simulator.last_line):
                _await_ready(f"{url}/readyz", supervisor)
            _announce(out, settings, url, seconds)
            with step("Back-filling three days", simulator.last_line):
                _await_past(settings, supervisor)
            _watch(supervisor, kafka, seconds, _Steps(settings, supervisor, simulator, out))
        except KeyboardInterrupt:
            out.print()
        finally:
            with _deaf(), step("Stopping"):
                supervisor.stop()
                if kafka:
                    kafka.stop()
    out.print("Stopped; nothing is left running.")


def run_broker(settings: Settings, port: int, *, fresh: bool) -> None:
    """Run a local Kafka until SIGINT or SIGTERM."""
    out = Console(highlight=False, soft_wrap=True)
    kafka = LocalKafka(_kafka_dir(settings), port, fresh=fresh)
    with _interruptible():
        try:
            kafka.start()
            out.print(f"Kafka at {kafka.address} (GRIDPULSE_BROKER={kafka.address}), data in {kafka.data_dir}.")
            out.print("Ctrl-C stops it.")
            _watch(processes.Supervisor(), kafka, None)
        except KeyboardInterrupt:
            out.print()
        finally:
            with _deaf():
                kafka.stop()


def _own(settings: Settings) -> Settings:
    """With an empty demo log, and a key for the pseudonyms of this demo's customers."""
    file = Path(settings.data_dir).absolute() / "story.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    changes: dict[str, object] = {"story_file": str(file)}
    if not settings.pseudonym_key.get_secret_value():
        changes["pseudonym_key"] = SecretStr(secrets.token_hex(16))
    return settings.model_copy(update=changes)


def _start(supervisor: processes.Supervisor, settings: Settings, seed: int) -> processes.Child:
    for name, role in WORKERS.items():
        mine = settings.model_copy(update={"instance": name})
        supervisor.start(name, "worker", "--role", role, settings=mine, restart=True)
    supervisor.start("web", "web", settings=settings, restart=True)
    # The network first, then three past days, then the demo script: every tile has a value from the start.
    return supervisor.start("simulator", "simulate", "--seed", str(seed), "--night", settings=settings)


class _Steps:
    """Prints the demo log on the terminal, and runs the kill scene."""

    def __init__(
        self, settings: Settings, supervisor: processes.Supervisor, simulator: processes.Child, out: Console
    ) -> None:
        self.settings, self.supervisor, self.simulator, self.out = settings, supervisor, simulator, out
        self.printed = 0
        self.killed = False

    def __call__(self) -> None:
        scenes = demo_log.read(self.settings)
        for scene in scenes[self.printed :]:
            details = ", ".join(f"{name} {value}" for name, value in scene["details"].items())
            self.out.print(f"  {scene['at']}  {scene['scene'].replace('_', ' ')}: {details}")
        self.printed = len(scenes)
        if not self.killed and any(scene["scene"] == "duplicates" for scene in scenes):
            self.killed = True
            worker = self.supervisor.children[0]
            self.out.print(f"  {worker.name} is killed (kill -9); nothing is sent until it is back.")
            compared, same, seconds = kill_scene.kill(self.settings, self.supervisor, worker, self.simulator)
            self.out.print(
                f"  {worker.name} is back after {seconds:.0f} s: {same} of {compared} numbers are as before."
            )


def _announce(out: Console, settings: Settings, url: str, seconds: int | None) -> None:
    out.print()
    out.print(f"  wallboard  {url}/")
    out.print(f"  KPIs       {url}/api/v1/kpis")
    out.print(f"  cases      {url}/api/v1/cases")
    out.print(f"  metrics    {url}/metrics")
    out.print(f"  Kafka      {settings.broker}")
    out.print(f"  logs       {Path(settings.data_dir) / 'logs'}")
    out.print()
    out.print(f"It stops {seconds} s after the back-fill, or at Ctrl-C." if seconds else "Ctrl-C stops it.")


def _watch(
    supervisor: processes.Supervisor,
    kafka: LocalKafka | None,
    seconds: int | None,
    on_poll: Callable[[], None] = lambda: None,
) -> None:
    deadline = None if seconds is None else time.monotonic() + seconds
    while deadline is None or time.monotonic() < deadline:
        supervisor.watch()
        on_poll()
        if kafka and not kafka.alive():
            raise GridpulseError(f"Kafka has ended by itself; {kafka.log} may state the reason.")
        time.sleep(WATCH_SECONDS)


def _await_ready(url: str, supervisor: processes.Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        supervisor.watch()
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            return
        time.sleep(WATCH_SECONDS)
    raise GridpulseError(f"{url} did not become ready within {READY_SECONDS} s; the logs may state the reason.")


def _await_past(settings: Settings, supervisor: processes.Supervisor) -> None:
    deadline = time.monotonic() + BACKFILL_SECONDS
    while not demo_log.read(settings):
        supervisor.watch()
        if time.monotonic() > deadline:
            raise GridpulseError(
                f"The past was not written within {BACKFILL_SECONDS} s; the logs may state the reason."
            )
        time.sleep(WATCH_SECONDS)


def _kafka_dir(settings: Settings) -> Path:
    return Path(settings.data_dir) / "kafka"


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM ends this block like Ctrl-C."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """A second Ctrl-C does not interrupt the stop."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    yield
