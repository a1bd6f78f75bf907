"""The chain for real: the simulator, Kafka, a worker, the web server, Prometheus, the bridge, Alertmanager, a webhook.

The simulator plays the script of the demo, in which a crew misses its limit and then proves that it was in time.
"""

import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from schemas.event import parse_instant
from streams import clock
from streams.demo.kafka import free_port
from streams.settings import Settings
from streams.simulator import demo_log
from tests.support.alertmanager import REPO, Webhook, alertmanager, shipped
from tests.support.tools import need
from tests.support.workers import CASES, Worker, eventually

pytestmark = pytest.mark.proof

WEB, NOTIFY = ("streams.cli", "web"), ("streams.cli", "notify")
SIMULATE = ("streams.cli", "simulate", "--night", "--backfill-days", "0")
BOUND_SECONDS = 30  # from the deadline to the webhook


@contextmanager
def prometheus(folder: Path, ports: Mapping[str, int], alertmanager_url: str) -> Iterator[int]:
    """The shipped configuration and rules, with the addresses of this test; it looks every second. Yields its port."""
    port = free_port()
    config: Any = yaml.safe_load((REPO / "deploy/prometheus/prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(REPO / "deploy/prometheus/alerts/*.yml")]
    config["scrape_configs"] = [
        {"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]} for job, port in ports.items()
    ]
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
            yield port
        finally:
            process.terminate()


class Chain:
    """Everything between the source systems and whoever is called."""

    def __init__(self, settings: Settings, folder: Path, stack: ExitStack) -> None:
        self.settings = settings
        self.webhook = stack.enter_context(closing(Webhook()))
        self.ports = {"gridpulse-web": settings.web_port, "gridpulse-notify": free_port()}
        address = stack.enter_context(alertmanager(folder, free_port(), shipped(self.webhook.url)))
        self.prometheus_port = stack.enter_context(prometheus(folder, self.ports, address))
        changed: dict[str, Any] = {
            "alertmanager": address,
            "notify_interval_seconds": 5,
            "notify_port": self.ports["gridpulse-notify"],
        }

        def start(name: str, command: Sequence[str]) -> Worker:
            return stack.enter_context(closing(Worker(settings, folder / f"{name}.log", command, **changed)))

        self._start = start
        self.worker, self.web, self.notify = start("worker", CASES), start("web", WEB), start("notify", NOTIFY)

    def begin_the_night(self) -> Worker:
        """The simulator, as soon as the worker is there to announce what it tells."""
        eventually("worker, web server and bridge are up to date", self._ready, seconds=120)
        return self._start("simulator", SIMULATE)

    def told(self, scene: str) -> dict[str, Any]:
        """What the simulator says of a scene; nothing before it."""
        return next((said["details"] for said in demo_log.read(self.settings) if said["scene"] == scene), {})

    def of_the_night(self) -> list[dict[str, Any]]:
        """What /api/v1/sla has of the arrival clocks of its orders; nothing while it does not answer."""
        items = _get(self.settings.web_port, "/api/v1/sla?clock=L3a&limit=1000").get("items", [])
        return [item for item in items if item["case"].startswith("night-w-")]

    def asked(self, query: str) -> list[float]:
        """The values of a query of Prometheus."""
        found = _get(self.prometheus_port, f"/api/v1/query?query={query}")
        return [float(series["value"][1]) for series in found.get("data", {}).get("result", [])]

    def _ready(self) -> bool:
        roles, bridge = (
            _get(self.settings.web_port, "/readyz").get("roles"),
            _get(self.ports["gridpulse-notify"], "/readyz"),
        )
        return bool(roles) and not roles["cases"]["stale"] and bridge.get("status") == "ready"


def _get(port: int, path: str) -> dict[str, Any]:
    """An answer in JSON; empty while there is none."""
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        found: dict[str, Any] = orjson.loads(response.read())
        return found
    return {}


@pytest.fixture
def chain(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Chain]:
    need("prometheus"), need("alertmanager")
    files = {"data_dir": str(tmp_path), "story_file": str(tmp_path / "story.jsonl")}
    settings = make_settings(partitions=2, web_port=free_port(), instance="w1", **files)
    with ExitStack() as stack:
        yield Chain(settings, tmp_path, stack)


def test_a_breach_reaches_the_webhook_with_the_case_and_is_resolved_by_a_late_proof(chain: Chain):
    simulator = chain.begin_the_night()
    eventually("the order is told", lambda: bool(chain.told("partial_restoration")))
    simulator.stop()  # the next message of the crew has to wait until everybody has heard
    assert not chain.told("late_proof"), "the simulator was not stopped in time"
    eventually("its clock is listed", lambda: bool(chain.of_the_night()))
    (listed,) = chain.of_the_night()
    case, crew, (region,), (area,) = listed["case"], listed["about"]["crew"], listed["regions"], listed["areas"]

    named = {"alertname": "SlaClock", "clock": "L3a", "case": case}
    left = parse_instant(listed["deadline_at"]) + BOUND_SECONDS - clock.now()
    eventually(
        "the breach is told by name", lambda: bool(chain.webhook.heard("firing", level="breached", **named)), left
    )
    (alert, *_) = chain.webhook.heard("firing", level="breached", **named)
    assert alert["startsAt"].startswith(listed["deadline_at"][:-1])
    assert alert["labels"]["region"] == region
    assert all(word in alert["annotations"]["summary"] for word in (case, crew, region, area))
    eventually("it is listed as broken", lambda: [each["status"] for each in chain.of_the_night()] == ["breached"])
    (late,) = chain.of_the_night()
    assert late["about"]["crew"] == crew
    assert late["left_seconds"] < 0

    summed = {"alertname": "GridpulseSlaBreached", "clock": "L3a", "region": region}
    eventually("the bridge counts it", lambda: max(chain.asked("gridpulse_notify_alerts"), default=0) >= 1)
    eventually("Prometheus tells the sum", lambda: bool(chain.webhook.heard("firing", **summed)))

    chain.notify.kill()
    simulator.go_on()
    eventually("the crew proves that it was in time", lambda: bool(chain.told("late_proof")))
    assert chain.told("late_proof")["work_order_id"] == chain.told("arrival_limit_missed")["work_order_id"] == case
    eventually("the breach is retracted while no bridge is there", lambda: not chain.of_the_night())
    chain.notify.restart()
    eventually("the breach is resolved", lambda: bool(chain.webhook.heard("resolved", level="breached", **named)))
    eventually("the sum is resolved", lambda: bool(chain.webhook.heard("resolved", **summed)), seconds=90)
    assert chain.webhook.heard("firing", level="breached", **named)[-1]["startsAt"] == alert["startsAt"]
