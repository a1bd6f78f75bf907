"""The chain for real: an order, Kafka, a worker, the web server, Prometheus, the bridge, Alertmanager, a webhook."""

import json
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from schemas.event import format_instant
from streams import clock
from streams.local.kafka import free_port
from streams.local.send import Sender
from streams.settings import Settings
from tests.alerting import REPO, Webhook, alertmanager, shipped
from tests.conftest import need
from tests.workers import CASES, Worker, eventually

WEB, NOTIFY = ("streams.cli", "web"), ("streams.cli", "notify")
LIMIT_SECONDS = 45 * 60  # of the arrival in a town, L3a
HEAD_START_SECONDS = 12
BOUND_SECONDS = 30  # from the deadline to the webhook
CASE, CREW, REGION, AREA = "W-4711", "C-7", "R-chain", "TA-chain"
AREA_RECORD = {"record_type": "area", "area": AREA, "region": REGION, "area_type": "urban", "served": []}


@contextmanager
def prometheus(folder: Path, web_port: int, alertmanager_url: str) -> Iterator[str]:
    """The shipped configuration and rules, with the addresses of this test; it looks every second."""
    port = free_port()
    config: Any = yaml.safe_load((REPO / "deploy/prometheus/prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(REPO / "deploy/prometheus/alerts/*.yml")]
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{web_port}"]
    del config["scrape_configs"][1]
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager_url.split("//")[1]]
    (folder / "prometheus.yml").write_text(json.dumps(config))
    command = [
        need("prometheus"),
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/prometheus",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "prometheus.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


class Chain:
    """Everything between the source system and whoever is called."""

    def __init__(self, settings: Settings, folder: Path, stack: ExitStack) -> None:
        self.settings = settings
        self.webhook = stack.enter_context(closing(Webhook()))
        self.sender = stack.enter_context(Sender(settings))
        self.sender.send("network", f"area/{AREA}", AREA_RECORD)
        self.sender.flush()
        address = stack.enter_context(alertmanager(folder, free_port(), shipped(self.webhook.url)))
        self.prometheus = stack.enter_context(prometheus(folder, settings.web_port, address))
        changed: dict[str, Any] = {"alertmanager": address, "notify_interval_seconds": 5}

        def start(name: str, command: Sequence[str]) -> Worker:
            return stack.enter_context(closing(Worker(settings, folder / f"{name}.log", command, **changed)))

        self.worker, self.web, self.notify = start("worker", CASES), start("web", WEB), start("notify", NOTIFY)

    def clocks(self, **filters: str) -> list[dict[str, Any]]:
        """What /api/v1/sla has; nothing while it does not answer."""
        query = urllib.parse.urlencode({"case": CASE, **filters})
        url = f"http://127.0.0.1:{self.settings.web_port}/api/v1/sla?{query}"
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as response:
            found: list[dict[str, Any]] = orjson.loads(response.read())["items"]
            return found
        return []

    def ready(self) -> bool:
        url = f"http://127.0.0.1:{self.settings.web_port}/readyz"
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as response:
            return not orjson.loads(response.read())["roles"]["cases"]["stale"]
        return False

    def report(self, event_type: str, occurred_at: int, revision: int, **body: Any) -> None:
        at, now = format_instant(occurred_at), format_instant(clock.now())
        envelope = {"event_id": f"{CASE}-{revision}", "revision": revision, "source": "desk", "recorded_at": now}
        event = {"event_type": event_type, "work_order_id": CASE, "occurred_at": at, **envelope, **body}
        self.sender.send("repairs", CASE, event)
        self.sender.flush()


@pytest.fixture
def chain(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Chain]:
    need("prometheus"), need("alertmanager")
    settings = make_settings(partitions=2, web_port=free_port(), instance="w1", data_dir=str(tmp_path))
    with ExitStack() as stack:
        yield Chain(settings, tmp_path, stack)


def test_a_breach_reaches_the_webhook_with_the_case_and_is_resolved_by_a_late_proof(chain: Chain):
    eventually("worker and web server are up to date", chain.ready, seconds=120)
    deadline = clock.now() + HEAD_START_SECONDS
    received = deadline - LIMIT_SECONDS
    chain.report(
        "created",
        received,
        1,
        origin="call",
        work_type="repair",
        area=AREA,
        report_received_at=format_instant(received),
    )
    chain.report("dispatched", received + 60, 2, crew=CREW)
    eventually("the clock is listed", lambda: bool(chain.clocks(clock="L3a", status="at_risk")))

    named = {"alertname": "SlaClock", "clock": "L3a", "case": CASE}
    left = deadline + BOUND_SECONDS - clock.now()
    eventually(
        "the breach is told by name", lambda: bool(chain.webhook.heard("firing", level="breached", **named)), left
    )
    (alert, *_) = chain.webhook.heard("firing", level="breached", **named)
    assert alert["startsAt"].startswith(format_instant(deadline)[:-1])
    assert alert["labels"]["region"] == REGION
    assert all(word in alert["annotations"]["summary"] for word in (CASE, CREW, REGION, AREA))
    (late,) = chain.clocks(clock="L3a")
    assert (late["status"], late["about"]["crew"]) == ("breached", CREW)
    assert late["left_seconds"] < 0

    summed = {"alertname": "GridpulseSlaBreached", "clock": "L3a", "region": REGION}
    eventually("Prometheus tells the sum", lambda: bool(chain.webhook.heard("firing", **summed)))

    chain.notify.kill()
    chain.report("arrived", deadline - 60, 3)  # the crew was there in time; nobody had heard of it
    eventually("the breach is retracted while no bridge is there", lambda: chain.clocks(clock="L3a") == [])
    chain.notify.restart()
    eventually("the breach is resolved", lambda: bool(chain.webhook.heard("resolved", level="breached", **named)))
    eventually("the sum is resolved", lambda: bool(chain.webhook.heard("resolved", **summed)), seconds=90)
    assert chain.webhook.heard("firing", level="breached", **named)[-1]["startsAt"] == alert["startsAt"]
