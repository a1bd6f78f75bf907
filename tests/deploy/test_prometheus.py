"""Prometheus reads the configuration, its alerts fire when they must, and each leads to a page that exists."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from streams.lane.config import LaneConfig
from streams.lane.lane import Lane
from streams.notify.alert_state import AlertState
from streams.notify.alerts import Links
from streams.notify.delivery import Delivery
from streams.notify.server import ForwarderCollector
from streams.settings import Settings
from streams.web.feed import Feed
from streams.web.metrics import BoardCollector
from streams.web.open_transactions import Held
from streams.web.worker_metrics import LaneCollector
from tests.support.web_board import clock, kpi, letter, new_board, order, status

REPO = Path(__file__).parents[2]
PROMETHEUS = REPO / "deploy" / "prometheus"
CONFIG = LaneConfig("broker", "app", 1, "wall", (), (), "ledger", 0.1, 5, contiguous=True)
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
    assert f"{len(ALERTS)} rule files found" in run(promtool, "check", "config", PROMETHEUS / "prometheus.yml")


def test_rules_pass_all_lints(promtool):
    run(promtool, "check", "rules", "--lint=all", "--lint-fatal", *sorted(PROMETHEUS.glob("alerts/*.yml")))


def test_rules_behave_as_their_tests_say(promtool):
    run(promtool, "test", "rules", *sorted(PROMETHEUS.glob("tests/*.yml")))


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("data_stale", "> 60", "> 6"),
        ("data_stale", "for: 1m", "for: 1s"),
        ("data_stale", "min without", "max without"),
        ("data_stale", "or\n", "and\n"),
        ("sla_breached", '{kind!="point"}', ""),
        ("sla_breached", "clock, severity)", "clock)"),
        ("sla_breached", "max without (instance, job)", "sum without (instance, job)"),
        ("sla_breached", "max without (instance, job)", "min without (job)"),
        ("sla_breached", "gridpulse_web_ready == 1", "gridpulse_web_ready >= 0"),
        ("sla_breached", "> 0", "> 2"),
        ("voltage_broken", '{kind="point"}', ""),
        ("voltage_broken", "clock, severity)", "clock)"),
        ("voltage_broken", "max without (instance, job)", "sum without (instance, job)"),
        ("voltage_below_target", "for: 1h", "for: 1m"),
        ("voltage_below_target", "< 0.985", "<= 0.985"),
        ("voltage_below_target", "< 0.975", "< 0.985"),
        ("voltage_below_target", "rural|remote", "rural"),
        ("voltage_below_target", ">= 0.95", "> 0.95"),
        ("voltage_below_target", ">= 0.95", ">= 0.9"),
        ("voltage_below_target", "gridpulse_web_ready == 1", "gridpulse_web_ready >= 0"),
        ("sla_at_risk", '"late"', '~"early|late"'),
        ("sla_at_risk", '"late"', '~"late|breached"'),
        ("sla_at_risk", 'clock!="all", ', ""),
        ("sla_at_risk", "gridpulse_web_ready == 1", "gridpulse_web_ready >= 0"),
        ("sla_at_risk", "max without (instance, job)", "sum without (instance, job)"),
        ("notifications_stand_still", "> 60", "> 5"),
        ("notifications_stand_still", "for: 1m", "for: 1s"),
        ("notifications_stand_still", "min without", "max without"),
        ("notifications_stand_still", "without (instance, job)", "without (instance, job, alertmanager)"),
        ("notifications_stand_still", "or\n", "and\n"),
        ("late_refused", "\n          > (", "\n          >= ("),
        ("late_refused", "max without (instance, job) (", "sum without (instance, job) ("),
        ("late_refused", 'reason="sealed_period"', 'reason=~".*"'),
        ("late_refused", "offset 1h\n", "offset 3h\n"),
        ("late_refused", "gridpulse_web_ready == 1", "gridpulse_web_ready >= 0"),
        ("late_refused", "or\n            0 *", "or\n            1 *"),
        ("misrouted", 'reason="misrouted"', 'reason=~".+"'),
        ("misrouted", "[15m]", "[1h]"),
        ("misrouted", "max without (instance, job)", "sum without (instance, job)"),
        ("misrouted", "max without", "min without"),
        ("records_lost", 'outcome="lost"', 'outcome=~"lost|applied"'),
        ("records_lost", "[1d]", "[7d]"),
        ("records_lost", "max without (instance, job)", "sum without (instance, job)"),
        ("records_lost", "increase(", "("),
        ("foreign_rows", "for: 1m", "for: 1s"),
        ("foreign_rows", "gridpulse_source_rows_set_aside)) > 0", "gridpulse_source_rows_set_aside)) > 3"),
        (
            "foreign_rows",
            "max by (topic) (gridpulse_web_rows_set_aside)",
            "sum by (topic) (gridpulse_web_rows_set_aside)",
        ),
        ("foreign_rows", "gridpulse_notify_rows_set_aside) > 0", "gridpulse_notify_rows_set_aside) > 4"),
        ("defects", "for: 1m", "for: 1s"),
        ("defects", "gridpulse_source_defects)) > 0", "gridpulse_source_defects)) > 1"),
        ("defects", "[15m]", "[1h]"),
        ("defects", 'outcome="defect"', 'outcome=~"defect|rejected"'),
        ("defects", "increase(", "("),
        ("calendar_ends", "30 * 86400", "3 * 86400"),
        ("calendar_ends", "for: 10m", "for: 1m"),
        ("calendar_ends", "min without", "max without"),
        ("clock_skew", "> 5\n          or", "> 4\n          or"),
        ("clock_skew", "abs(gridpulse_worker_clock_skew_seconds) > 5", "gridpulse_worker_clock_skew_seconds > 4"),
        ("clock_skew", "abs(gridpulse_web_clock_skew_seconds)", "gridpulse_web_clock_skew_seconds"),
        ("clock_skew", "for: 2m", "for: 30s"),
        ("events_refused", ">= 10", ">= 9"),
        ("events_refused", "> 0.05", "> 0.04"),
        ("events_refused", 'outcome!="marks"', 'outcome!=""'),
        ("events_refused", "max without (instance, job)", "sum without (instance, job)"),
        ("events_refused", "and on (topic)", "or on (topic)"),
        ("open_transaction", "> 60", ">= 60"),
        ("open_transaction", "for: 1m", "for: 1s"),
        ("open_transaction", "max without (instance, job)", "max without (job)"),
        ("sla_undecided", "for: 1m", "for: 10s"),
        ("sla_undecided", "min without", "max without"),
        ("sla_undecided", "min without (instance, job)", "count without (instance, job)"),
    ],
)
def test_a_wrong_rule_fails_its_tests(promtool, tmp_path, rule, old, new):
    right = (PROMETHEUS / f"alerts/{rule}.yml").read_text()
    assert old in right
    for folder in ("alerts", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / f"alerts/{rule}.yml").write_text(right.replace(old, new))
    tests = tmp_path / f"tests/{rule}_test.yml"
    tests.write_text((PROMETHEUS / f"tests/{rule}_test.yml").read_text())

    done = subprocess.run(
        [promtool, "test", "rules", tests],
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
async def test_every_series_of_an_alert_is_exported(rule):
    board, standing = new_board(), AlertState(Links("Asia/Shanghai", ""))
    dims = "clock=L3a,stage=late"
    told = [kpi("sla_clocks_open", "now", 2, 1, dims, scope="region=north")]
    told += [kpi("voltage_clocks_open", "now", 2, 1, "clock=L17,stage=breached", scope="region=north")]
    for name in ("voltage_compliance", "voltage_coverage"):
        told.append(kpi(name, "2026-06", 1, 2, "monitoring_class=D", scope="region=north,area_type=urban"))
    board.apply_kpis(0, told)
    board.apply_cases(0, [order("W", clock("L3a", -60, "breached"))])
    board.apply_dead_letters(0, [letter("grid.outages.v1/0/7", "sealed_period")])
    board.apply_partials(0, [status()])
    bridge = ForwarderCollector(standing, [Delivery("http://am:9093", standing, 60)], ready=True)
    feed = Feed(Settings(), board)
    reading = BoardCollector(board, feed)  # what has yet to read its topics shows no clocks
    feed.transactions.found = (Held("grid.outages.v1", 0, "scada", 7, 0),)
    lane = LaneCollector(Lane(CONFIG, None, generation=int, ready=None))
    sources = (BoardCollector(board), reading, bridge, lane)
    text = "".join(generate_latest(_registry(each)).decode() for each in sources)

    for name, role in re.findall(r'(gridpulse_\w+)(\{role="cases"\})?', rule["expr"]):
        assert re.search(rf"^{name}{re.escape(role) if role else ''}", text, re.MULTILINE), name
    for place in re.findall(r'scope="\w+"', rule["expr"]):
        assert place in text


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
