"""The configuration that is shipped, and a real Alertmanager that is kept as the records say."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import pytest

from schemas.event import format_instant
from streams import clock
from streams.demo.kafka import free_port
from streams.notify.alert_state import AlertState
from streams.notify.alerts import LADDER, key_of
from streams.notify.delivery import Delivery
from tests.support.alertmanager import REPO, SHIPPED, Webhook, active, alertmanager, shipped
from tests.support.breaches import LINKS, breach
from tests.support.tools import need
from tests.support.web_board import record

CONFIG = REPO / "deploy/alertmanager/alertmanager.yml"
PATIENCE_SECONDS = 60


def amtool(*arguments: str) -> str:
    done = subprocess.run([need("amtool"), *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.mark.needs("amtool")
def test_the_configuration_is_valid():
    assert "4 receivers" in amtool("check-config", str(CONFIG))


@pytest.mark.needs("amtool")
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=SlaClock", "severity=info"], "list"),
        (["alertname=SlaClock", "severity=warning"], "floor"),
        (["alertname=SlaClock", "severity=critical"], "escalation"),
        (["alertname=GridpulseDataStale", "severity=critical"], "operations"),
    ],
)
def test_each_step_goes_to_its_people(labels: list[str], receiver: str):
    assert amtool("config", "routes", "test", f"--config.file={CONFIG}", *labels) == receiver


def test_every_severity_of_the_ladder_has_a_route():
    said = {matcher for route in SHIPPED["route"]["routes"] for matcher in route["matchers"]}
    severities = {step.severity for step in LADDER if step.severity} - {"info"}  # that is what remains

    assert {f'severity="{severity}"' for severity in severities} <= said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    need("alertmanager")
    return tmp_path


def told(*values: dict[str, Any]) -> AlertState:
    found = AlertState(LINKS)
    tell(found, *values)
    return found


def tell(standing: AlertState, *values: dict[str, Any]) -> None:
    standing.apply(0, [record(key_of(value), value) for value in values])


def said(status: str, level: int | None, ago_seconds: int, **changes: Any) -> dict[str, Any]:
    deadline = format_instant(clock.now() - 120)
    return breach(status, level, clock.now() - ago_seconds, deadline_at=deadline, **changes)


@asynccontextmanager
async def delivering(address: str, standing: AlertState, interval_seconds: float = 1) -> AsyncIterator[Delivery]:
    delivery = Delivery(address, standing, interval_seconds)
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(what: str, condition: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_SECONDS * 10):
        if await asyncio.to_thread(condition):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"still not so: {what}")


def levels(address: str) -> list[str]:
    return sorted(alert["labels"]["level"] for alert in active(address, alertname="SlaClock"))


async def test_a_clock_has_one_alert_at_each_step_and_none_after_its_end(folder: Path):
    standing = told(said("at_risk", 75, 700))
    with alertmanager(folder, free_port()) as address:
        async with delivering(address, standing, 3600) as delivery:
            await until("it is warned of", lambda: levels(address) == ["at_risk"])
            steps = [("at_risk", 90, 400, ["at_risk_90"]), ("breached", 100, 119, ["breached"])]
            steps += [("breached", 200, 60, ["breached_200"]), ("retracted", None, 1, [])]
            for status, level, ago, expected in steps:
                tell(standing, said(status, level, ago))
                delivery.changed.set()
                await until(f"{status} {level}", lambda expected=expected: levels(address) == expected)


async def test_a_bridge_that_starts_ends_what_another_one_told_and_its_record_does_not_say_any_more(folder: Path):
    with alertmanager(folder, free_port()) as address:
        async with delivering(address, told(said("breached", 100, 119), said("breached", 100, 119, case="W-2"))):
            await until("both stand", lambda: levels(address) == ["breached"] * 2)
        async with delivering(address, told(said("retracted", None, 1), said("breached", 100, 119, case="W-2"))):
            await until("one stands", lambda: levels(address) == ["breached"])
        assert [alert["labels"]["case"] for alert in active(address)] == ["W-2"]


async def test_several_bridges_make_one_alert(folder: Path):
    webhook, value = Webhook(), said("breached", 100, 119)
    with closing(webhook), alertmanager(folder, free_port(), shipped(webhook.url)) as address:
        async with delivering(address, told(value)), delivering(address, told(value)):
            await until("somebody hears of it", lambda: len(webhook.alerts) > 0)
            await until("both have told it", lambda: levels(address) == ["breached"])
        async with (
            delivering(address, told(said("met_late", None, 1))),
            delivering(address, told(said("met_late", None, 1))),
        ):
            await until("somebody hears of its end", lambda: len(webhook.heard("resolved")) > 0)
    assert [alert["status"] for alert in webhook.alerts] == ["firing", "resolved"]


async def test_what_stands_outlives_the_resolve_timeout_because_it_is_told_again(folder: Path):
    config = SHIPPED | {"global": {"resolve_timeout": "3s"}}
    with alertmanager(folder, free_port(), config) as address:
        async with delivering(address, told(said("breached", 100, 119))):
            await until("it stands", lambda: levels(address) == ["breached"])
            (first,) = active(address)
            await until(
                "it stands after it would have ended",
                lambda: bool(found := active(address)) and found[0]["updatedAt"] > first["endsAt"],
            )


async def test_a_restarted_alertmanager_is_told_what_stands(folder: Path):
    port = free_port()
    async with delivering(f"http://127.0.0.1:{port}", told(said("breached", 100, 119))):
        for life in ("first", "second"):
            (folder / life).mkdir()
            with alertmanager(folder / life, port) as address:
                await until(f"it stands in the {life}", lambda address=address: levels(address) == ["breached"])
