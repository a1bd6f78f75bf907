"""`gridpulse demo`: everything on this machine, shown while it comes up, gone when it ends."""

import contextlib
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from rich.console import Console

from streams import topics
from streams.errors import GridpulseError
from streams.local import processes
from streams.local.kafka import LocalKafka, free_port
from streams.local.progress import step
from streams.settings import Settings

WORKERS = ("worker-1", "worker-2")
WATCH_SECONDS = 0.5
READY_SECONDS = 60
BACKFILL_DAYS = 1


def run(settings: Settings, *, seconds: int | None, seed: int) -> None:
    """Run the demo for `seconds`, or until SIGINT or SIGTERM; nothing it started is left behind."""
    out = Console(highlight=False, soft_wrap=True)
    supervisor = processes.Supervisor()
    kafka: LocalKafka | None = None
    with _interruptible():
        try:
            processes.end_leftovers(settings.data_dir)
            _require_free(settings.web_host, settings.web_port)
            if settings.web_port == 0:
                settings = settings.model_copy(update={"web_port": free_port()})
            if "broker" not in settings.model_fields_set:
                kafka = LocalKafka(_kafka_dir(settings), fresh=True)
                kafka.start()
                settings = settings.model_copy(update={"broker": kafka.address})
            with step("Creating topics"):
                topics.create(settings)
                topics.check(settings)
            simulator = _start(supervisor, settings, seed)
            url = f"http://{settings.web_host}:{settings.web_port}"
            with step("Waiting for the first numbers", simulator.last_words):
                _await_ready(f"{url}/readyz", supervisor)
            _announce(out, settings, url, seconds)
            _watch(supervisor, kafka, seconds)
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


def _start(supervisor: processes.Supervisor, settings: Settings, seed: int) -> processes.Child:
    for name in WORKERS:
        mine = settings.model_copy(update={"instance": name})
        supervisor.start(name, "worker", "--role", "cases", settings=mine, restart=True)
    supervisor.start("web", "web", settings=settings, restart=True)
    # The network first, then the past day, then live: every tile has something to say at once.
    arguments = ("simulate", "--seed", str(seed), "--backfill-days", str(BACKFILL_DAYS))
    return supervisor.start("simulator", *arguments, settings=settings)


def _announce(out: Console, settings: Settings, url: str, seconds: int | None) -> None:
    out.print()
    out.print(f"  wallboard  {url}/")
    out.print(f"  KPIs       {url}/api/v1/kpis")
    out.print(f"  cases      {url}/api/v1/cases")
    out.print(f"  metrics    {url}/metrics")
    out.print(f"  Kafka      {settings.broker}")
    out.print(f"  logs       {Path(settings.data_dir) / 'logs'}")
    out.print()
    out.print(f"It stops after {seconds} s, or at Ctrl-C." if seconds else "Ctrl-C stops it.")


def _watch(supervisor: processes.Supervisor, kafka: LocalKafka | None, seconds: int | None) -> None:
    deadline = None if seconds is None else time.monotonic() + seconds
    while deadline is None or time.monotonic() < deadline:
        supervisor.watch()
        if kafka and not kafka.alive():
            raise GridpulseError(f"Kafka has ended by itself; {kafka.log} may say why.")
        time.sleep(WATCH_SECONDS)


def _await_ready(url: str, supervisor: processes.Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        supervisor.watch()
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            return
        time.sleep(WATCH_SECONDS)
    raise GridpulseError(f"{url} did not become ready within {READY_SECONDS} s; the logs may say why.")


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise GridpulseError(
                f"Port {port} of {host} is not free ({error.strerror}); GRIDPULSE_WEB_PORT can name another."
            ) from error


def _kafka_dir(settings: Settings) -> Path:
    return Path(settings.data_dir) / "kafka"


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM ends this block as Ctrl-C does."""

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
    """A second Ctrl-C does not stop the stopping."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    yield
