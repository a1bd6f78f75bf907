"""Prometheus reads the configuration, its alerts fire when they must, and each leads to a page that exists."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from streams.web.metrics import BoardCollector
from tests.web_board import new_board

REPO = Path(__file__).parents[2]
PROMETHEUS = REPO / "deploy" / "prometheus"
ALERTS = [
    rule
    for file in sorted(PROMETHEUS.glob("alerts/*.yml"))
    for group in yaml.safe_load(file.read_text())["groups"]
    for rule in group["rules"]
]


def run(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_configuration_is_valid(promtool):
    assert "1 rule files found" in run(promtool, "check", "config", PROMETHEUS / "prometheus.yml")


def test_rules_pass_all_lints(promtool):
    run(promtool, "check", "rules", "--lint=all", "--lint-fatal", *sorted(PROMETHEUS.glob("alerts/*.yml")))


def test_rules_behave_as_their_tests_say(promtool):
    run(promtool, "test", "rules", *sorted(PROMETHEUS.glob("tests/*.yml")))


@pytest.mark.parametrize(
    ("old", "new"), [("> 60", "> 6"), ("for: 1m", "for: 1s"), ("min without", "max without"), ("or\n", "and\n")]
)
def test_a_wrong_rule_fails_its_tests(promtool, tmp_path, old, new):
    for folder in ("alerts", "tests"):
        (tmp_path / folder).mkdir()
        for file in (PROMETHEUS / folder).iterdir():
            (tmp_path / folder / file.name).write_text(
                file.read_text().replace(old, new) if folder == "alerts" else file.read_text()
            )

    done = subprocess.run(
        [promtool, "test", "rules", *sorted((tmp_path / "tests").iterdir())],
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_series_of_an_alert_is_exported(rule):
    board = new_board()
    text = generate_latest(_registry(BoardCollector(board))).decode()

    for name, role in re.findall(r'(gridpulse_\w+)(\{role="cases"\})?', rule["expr"]):
        assert re.search(rf"^{name}{re.escape(role) if role else ''}", text, re.MULTILINE), name


def _registry(collector):
    registry = CollectorRegistry()
    registry.register(collector)
    return registry


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_alert_has_a_heading_in_the_runbook(rule):
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (REPO / page).read_text(), re.MULTILINE)

    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
    assert rule["annotations"]["summary"].endswith(".")
