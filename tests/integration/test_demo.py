"""The demo comes up, stops what it started, and comes up again after a kill -9."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.demo import processes
from streams.demo.kafka import free_port
from streams.demo.orphans import end_orphan, identity
from streams.settings import Settings
from streams.simulator import demo_log
from streams.simulator.grid import CUSTOMERS

pytestmark = pytest.mark.proof

PROCESSES = {"kafka", "simulator", "web", "worker-1", "worker-2", "voltage-1"}
UP_SECONDS = 120


@pytest.fixture
def start_demo(tmp_path: Path):
    """Start a demo in the background; whatever a test leaves of it is killed."""
    # Not load(): the demo is to start its own broker, also where the tests use another.
    settings = Settings.load(data_dir=str(tmp_path), web_port=free_port())
    environment = {name: value for name, value in settings.environment().items() if name != "GRIDPULSE_BROKER"}
    demos: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "streams.cli", "demo", *arguments]
        pipe = subprocess.PIPE
        demos.append(subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True))
        return demos[-1]

    yield start
    for demo in demos:
        demo.kill()
        demo.communicate()
    processes.end_orphans(str(tmp_path))
    end_orphan(tmp_path / "kafka" / "kafka.pid.json")


def pids(data_dir: Path) -> dict[str, int]:
    notes = data_dir.rglob("*.pid.json")
    return {note.name.removesuffix(".pid.json"): json.loads(note.read_text())["pid"] for note in notes}


def wait_for(said: str, demo: subprocess.Popen[str]) -> None:
    for line in demo.stdout:
        if said in line:
            return
    pytest.fail(f"the demo ended: {demo.stderr.read()}")


def test_it_comes_back_after_a_kill_and_leaves_no_process(
    start_demo: Callable[..., subprocess.Popen[str]], tmp_path: Path
):
    first = start_demo()
    wait_for("Ctrl-C", first)
    left = pids(tmp_path)
    assert set(left) == PROCESSES
    beside = start_demo()
    _, err = beside.communicate(timeout=UP_SECONDS)
    assert beside.returncode == 1
    assert f"Process {first.pid} already runs a gridpulse" in err
    first.kill()
    first.wait()
    assert all(identity(pid) for pid in left.values())

    second = start_demo("--seconds", "1")
    out, err = second.communicate(timeout=UP_SECONDS)

    assert second.returncode == 0, err
    assert "wallboard  http://127.0.0.1:" in out
    assert "nothing is left running" in out
    assert [name for name, pid in left.items() if identity(pid)] == []
    assert pids(tmp_path) == {}


def test_the_night_is_told_and_the_killed_worker_changes_no_number(
    start_demo: Callable[..., subprocess.Popen[str]], tmp_path: Path
):
    demo = start_demo()
    wait_for("numbers are as before", demo)
    wait_for(" quiet", demo)
    started = pids(tmp_path)
    demo.terminate()
    _, err = demo.communicate(timeout=UP_SECONDS)
    assert demo.returncode == 0, err
    assert [name for name, pid in started.items() if identity(pid)] == []
    assert pids(tmp_path) == {}

    scenes = [json.loads(line) for line in (tmp_path / "story.jsonl").read_text().splitlines()]
    told = {scene["scene"]: scene for scene in scenes}
    assert [scene["scene"] for scene in scenes] == list(demo_log.SCENES)
    numbers = {number["name"]: number for number in told["worker_back"]["numbers"]}
    assert told["worker_back"]["details"]["compared"] == told["worker_back"]["details"]["same"] > 30
    assert all(number["before"] == number["after"] for number in numbers.values())
    assert told["worker_back"]["details"]["pid"] != told["worker_killed"]["details"]["pid"]
    assert told["back_fill"]["details"]["records"] > 50_000
    # The faulted area is still dark when the worker dies, and most of the grid is not.
    left = int(told["partial_restoration"]["numbers"][0]["after"])
    assert left <= float(numbers["customers_out"]["before"]) < CUSTOMERS / 5
    assert 10 <= float(numbers["outages_open"]["before"]) <= 60
    assert 0.8 <= float(numbers["arrival_on_time_share"]["before"]) <= 0.99
    assert 30 <= float(numbers["arrival_time_mean"]["before"]) <= 45
    assert 0.9 <= float(numbers["complaint_contact_on_time"]["before"]) <= 1
    # SAIDI of a day of which an outage is still open grows by itself.
    assert ("saidi" in numbers) is ("saidi" not in told["worker_back"]["details"]["growing"])
    assert "saidi" not in numbers or 1 <= float(numbers["saidi"]["before"]) <= 60
    assert 0.95 <= float(numbers["voltage_compliance"]["before"]) <= 1
    assert 0.9 <= float(numbers["voltage_coverage"]["before"]) <= 1
    assert 0.5 <= float(numbers["complaint_closure_flow"]["before"]) <= 1.5
