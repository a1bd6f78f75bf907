"""The bench at a size that says nothing about speed: every figure is there and counts what was sent."""

from pathlib import Path

import pytest
from rich.console import Console

from tests.bench import report
from tests.bench.run import Size, run

pytestmark = pytest.mark.proof

TINY = Size(
    events=600,
    rounds=1,
    latency_events=20,
    latency_per_second=20,
    cases=60,
    recoveries=1,
    points=120,
    slots=4,
    days=1,
    points_in_memory=4,
    sealed_days=1,
)


def test_a_tiny_run_has_every_figure(broker: str, tmp_path: Path) -> None:
    result = run(broker, TINY, tmp_path, print)

    found = result["throughput"]["rounds"][0]
    assert found.keys() == {"worker", "counting", "bare"}
    assert result["commit_latency"]["events"] == TINY.latency_events
    assert result["recovery"]["cases"] == TINY.cases
    assert result["recovery"]["records"] >= TINY.cases
    for told in ("singles", "frames"):
        assert result["points"][told]["rounds"][0]["bare"]["invalid"] == 0
        assert result["points"][told]["ratio_to_bare"]["worker"] > 0
    assert result["points"]["recovery"]["records"] >= 2 * 120
    assert result["points"]["memory"]["sealed_days"] == 1
    Console().print(report.table(result))
    assert report.machine()["cores"]
