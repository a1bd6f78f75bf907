"""Children are restarted, missed and ended as declared."""

import time
from pathlib import Path

import pytest

from streams.demo import processes
from streams.demo.kafka import free_port
from streams.demo.orphans import identity
from streams.errors import GridpulseError
from streams.settings import Settings

DEADLINE_SECONDS = 60


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    nobody = f"127.0.0.1:{free_port()}"
    return Settings.load(data_dir=str(tmp_path), broker=nobody, broker_deadline_seconds=1)


@pytest.fixture
def supervisor():
    supervisor = processes.Supervisor()
    yield supervisor
    supervisor.stop()


def wait_for(condition):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_child_that_fails_is_named_with_its_last_line(supervisor: processes.Supervisor, settings: Settings):
    child = supervisor.start("checker", "topics", "check", settings=settings)
    wait_for(lambda: child.code() is not None)

    with pytest.raises(GridpulseError, match=r"checker ended with code 1: .*No Kafka broker answers"):
        supervisor.watch()

    assert not child.pidfile.exists()


def test_a_child_that_is_done_is_no_failure(supervisor: processes.Supervisor, settings: Settings):
    child = supervisor.start("helper", "--help", settings=settings)
    wait_for(lambda: child.code() is not None)

    supervisor.watch()

    assert child.process is None


def test_a_worker_is_restarted_but_not_for_ever(supervisor: processes.Supervisor, settings: Settings):
    child = supervisor.start("worker", "--help", settings=settings, restart=True)
    for _ in range(processes.RESTARTS_MAX):
        wait_for(lambda: child.code() is not None)
        supervisor.watch()
        assert child.process is not None
    wait_for(lambda: child.code() is not None)

    with pytest.raises(GridpulseError, match="worker ended with code 0"):
        supervisor.watch()


def test_stop_ends_what_runs_and_removes_its_note(supervisor: processes.Supervisor, settings: Settings):
    child = supervisor.start("checker", "topics", "check", settings=settings)
    pid = child.process.pid

    supervisor.stop()

    assert identity(pid) is None
    assert not child.pidfile.exists()
