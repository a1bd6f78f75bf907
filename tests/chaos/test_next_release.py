"""One worker after the other becomes one of the next release: no record of it is lost, and none of them goes back."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams import topics
from streams.settings import Settings
from tests.chaos.next_release import CHANGED, COPIED, DROPPED
from tests.support.counting_workers import SESSION_SECONDS
from tests.support.families import FENCED, LEFT, Families
from tests.support.workers import Worker, eventually, table

NEXT = ("tests.chaos.next_release",)


@pytest.fixture
def families(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Families]:
    settings = make_settings(clock="marks", partitions=2, session_timeout_seconds=SESSION_SECONDS)
    made = Families(settings, tmp_path)
    yield made
    made.close()


def become_next(workers: Mapping[str, Worker]) -> None:
    """Their supervisors start the next release under their names."""
    for role, worker in workers.items():
        worker.command = (*NEXT, role)
        worker.restart()
    for worker in workers.values():
        eventually("it owns a partition", lambda worker=worker: worker.assignments > 0)


def is_there(worker: Worker) -> bool:
    return worker.process.poll() is None


def differences(settings: Settings, at: int) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "streams.cli", "verify", "--json", f"--at={at}"]
    found = subprocess.run(
        command, env=settings.environment(), capture_output=True, text=True, check=False, timeout=200
    )
    assert found.stdout, found.stderr
    (read,) = orjson.loads(found.stdout)["reads"]
    assert read["compared"] > 3000
    return {each["key"]: each["fields"] for each in read["differences"]}


def of(kpi: str, rows: dict[str, Any]) -> dict[str, Any]:
    """The records of a KPI by the rest of their key, without their history."""
    passed_over = {"kpi", "as_of", "revision"}
    return {
        key.removeprefix(f"{kpi}|"): {name: each for name, each in row.items() if name not in passed_over}
        for key, row in rows.items()
        if key.startswith(f"{kpi}|")
    }


@pytest.mark.timeout(300)
def test_the_next_release_takes_over_partition_by_partition(families: Families) -> None:
    families.join()
    families.write(2)
    families.catch_up()
    become_next(families.firsts)
    families.write(1)
    families.catch_up()
    for second in families.seconds.values():
        second.restart()  # of the release before, beside records of which it knows nothing
    for role, second in families.seconds.items():
        eventually("there again, or gone", lambda second=second: second.assignments > 0 or not is_there(second))
        if is_there(second):
            assert families.firsts[role].leave() == LEFT
        assert second.wait() == FENCED  # it would have to take over what the next release published
        assert "a newer release published from the ledger" in second.text
    become_next(families.firsts)
    become_next(families.seconds)
    families.write(1)
    families.catch_up()

    rows = {
        key.decode(): orjson.loads(value)
        for key, value in table(families.settings.broker, families.settings.topic_prefix + topics.KPIS).items()
        if value is not None
    }
    for kpi in COPIED:
        before, added = of(kpi, rows), of(f"{kpi}_next", rows)
        assert len(before) > 50
        assert {key: added.get(key) for key in before} == before
        # Of a period that was never the present one a known scope may have a record of nothing, or none.
        assert not [row for key, row in added.items() if key not in before and row["numerator"]]
    new = tuple(f"{kpi}_next|" for kpi in COPIED)
    for key, fields in differences(families.settings, families.end).items():
        if key.startswith(new):
            assert fields == {"record": ["is there", "none"]}
        elif key.startswith(f"{DROPPED}|"):
            assert fields == {"record": ["none", "has to be there"]}
        else:
            assert key.startswith(f"{CHANGED}|"), f"{key}: {fields}"
            assert fields.keys() == {"definition_version"}
