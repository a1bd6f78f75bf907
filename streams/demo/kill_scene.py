"""The kill scene of the demo: a worker is killed while nothing is sent; the numbers before and after are compared."""

import os
import signal
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from schemas.event import parse_instant
from streams import clock
from streams.demo.processes import Child, Supervisor
from streams.errors import GridpulseError
from streams.kpis import KPIS
from streams.settings import Settings
from streams.simulator import demo_log

BACK_SECONDS: Final = 60
POLL_SECONDS: Final = 0.5
CLOSED_DAYS: Final = 2  # days ago: the day is over, and within the back-fill
# These KPIs grow while an outage of the day is open: the simulator reports some restorations days late.
GROWING: Final = tuple(kpi.name for kpi in KPIS if "interruption_seconds" in kpi.measures)
COUNTS: Final = ("customers_out", "outages_open", "orders_open", "complaints_open")  # change by events only
SHOWN: Final[tuple[dict[str, str], ...]] = ({}, {"kind": "all"}, {"kind": "fault"}, {"monitoring_class": "all"})

Figures = dict[str, dict[str, Any]]


def kill(settings: Settings, supervisor: Supervisor, worker: Child, simulator: Child) -> tuple[int, int, float]:
    """Kill -9 and wait until the worker has caught up; returns the numbers compared, the equal numbers, seconds.

    The simulator is stopped meanwhile, because new events would change numbers.
    """
    assert worker.process is not None
    assert simulator.process is not None
    os.kill(simulator.process.pid, signal.SIGSTOP)
    day = _closed_day(settings)  # once: midnight may be near
    try:
        before = _when_read_past(settings, supervisor, clock.now() + 1, day)
        pid = worker.process.pid
        demo_log.append(settings, "worker_killed", worker=worker.name, pid=pid)
        started = time.monotonic()
        worker.process.kill()
        worker.process.wait()
        supervisor.watch()
        after = _when_read_past(settings, supervisor, clock.now() + 1, day)
        seconds = time.monotonic() - started
        same = sum(_figure(before[key]) == _figure(after.get(key)) for key in before)
        back = {"worker": worker.name, "pid": worker.process.pid, "seconds": round(seconds)}
        back |= {"compared": len(before), "same": same, "growing": ", ".join(_growing(settings, day))}
        # Logged before the simulator continues: its next scene may be overdue.
        demo_log.append(settings, "worker_back", _numbers(before, after), **back)
    finally:
        os.kill(simulator.process.pid, signal.SIGCONT)
    return len(before), same, seconds


def _when_read_past(settings: Settings, supervisor: Supervisor, instant: int, day: str) -> Figures:
    """The figures once every source has read past `instant` (seconds), and two reads in a row agree.

    The web server reads each topic separately: under load it may have the status of a source before its
    records.
    """
    deadline = time.monotonic() + BACK_SECONDS
    last: Figures | None = None
    while time.monotonic() < deadline:
        supervisor.watch()
        figures, current_to = _read(settings, day)
        if current_to is not None and current_to > instant:
            if last is not None and _all_figures(last) == _all_figures(figures):
                return figures
            last = figures
        time.sleep(POLL_SECONDS)
    raise GridpulseError(f"The workers were not back within {BACK_SECONDS} s; the logs may state the reason.")


def _closed_day(settings: Settings) -> str:
    today = datetime.fromtimestamp(clock.now(), UTC).astimezone(ZoneInfo(settings.zone)).date()
    return (today - timedelta(days=CLOSED_DAYS)).isoformat()


def _ask(settings: Settings, query: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://{settings.web_host}:{settings.web_port}/api/v1/{query}", timeout=5) as answer:
        body: dict[str, Any] = orjson.loads(answer.read())
    return body


def _growing(settings: Settings, day: str) -> tuple[str, ...]:
    """The KPIs of a day that still grow, because an outage that began on it is open."""
    still_open = _ask(settings, f"cases?kind=outage&open=true&period={day}&limit=1")["total"]
    return GROWING if still_open else ()


def _read(settings: Settings, day: str) -> tuple[Figures, int | None]:
    """All figures by key, and the time up to which all sources have read."""
    growing = _growing(settings, day)
    items: Figures = {}
    ends: list[int | None] = []
    cursor = ""
    while True:
        body = _ask(settings, f"kpis?scope=all&period={day}&period=now{cursor}")
        items |= {
            item["key"]: item
            for item in body["items"]
            if item["kpi"] in COUNTS or (item["period"] == day and item["kpi"] not in growing)
        }
        ends.append(None if body["current_to"] is None else parse_instant(body["current_to"]))
        if body["next"] is None:
            return items, None if None in ends else min(end for end in ends if end is not None)
        cursor = f"&cursor={body['next']}"


def _figure(item: dict[str, Any] | None) -> tuple[Any, ...] | None:
    return None if item is None else (item["numerator"], item["denominator"], item["value"])


def _all_figures(figures: Figures) -> dict[str, tuple[Any, ...] | None]:
    return {key: _figure(item) for key, item in figures.items()}


def _numbers(before: Figures, after: Figures) -> list[dict[str, Any]]:
    """Before and after of each KPI, without its break-downs."""
    shown = {}
    for key, item in before.items():
        if item["dims"] in SHOWN:
            shown[item["kpi"], item["period"]] = (item, after.get(key))
    return [
        {"name": kpi, "period": period, "scope": "all", "before": old["value"], "after": new and new["value"]}
        for (kpi, period), (old, new) in sorted(shown.items())
    ]
