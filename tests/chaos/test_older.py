"""A ledger that the release before wrote: what today's program makes of it is what the oracle says, cell by cell."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams import topics
from streams.load.producer import Sender
from streams.oracle.announced import BROKEN
from streams.settings import Settings
from streams.wiring.names import PARTIALS
from tests.chaos.older import END, PARTITIONS, PREFIX, restore
from tests.support import announced
from tests.support.statuses import Statuses
from tests.support.workers import CASES, VOLTAGE, Worker, committed, eventually, table

HOUR = 3600
GONE = ("retracted", "void")


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    made = make_settings(topic_prefix=PREFIX, clock="marks", partitions=PARTITIONS, session_timeout_seconds=6)
    restore(made)
    return made


@pytest.fixture
def workers(settings: Settings, tmp_path: Path) -> Iterator[list[Worker]]:
    """Today's, one of each role."""
    made: list[Worker] = []
    for role, command in (("cases", CASES), ("voltage", VOLTAGE)):
        folder = tmp_path / role
        made.append(Worker(settings, folder.with_suffix(".log"), command, instance=role, data_dir=str(folder)))
    yield made
    for worker in made:
        worker.close()


def reach(settings: Settings, mark: int) -> None:
    with Sender(settings) as sender:
        sender.mark(mark)
    for topic in PARTIALS.values():
        statuses = Statuses(settings, topic)
        eventually("the mark is published", lambda statuses=statuses: statuses.reached() == (mark, mark), seconds=120)
        statuses.close()


def verified(settings: Settings, at: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "streams.cli", "verify", "--json", f"--at={at}"]
    found = subprocess.run(
        command, env=settings.environment(), capture_output=True, text=True, check=False, timeout=300
    )
    assert found.stdout, found.stderr
    (read,) = orjson.loads(found.stdout)["reads"]
    return dict(read)


@pytest.mark.timeout(600)
def test_every_cell_is_what_the_oracle_says(settings: Settings, workers: list[Worker]) -> None:
    before = {key for key, value in table(settings.broker, PREFIX + topics.LEDGER).items() if value}
    for mark in (END + HOUR, END + 2 * HOUR):
        reach(settings, mark)
        read = verified(settings, mark)
        assert read["differences"] == []
        assert read["equal"] == read["compared"] > 3000
    for worker in workers:
        assert "an older version wrote it; inputs are read again" in worker.text
        worker.check_alive()
    after = table(settings.broker, PREFIX + topics.LEDGER)
    assert b"outage/LATE" in after.keys() - before, "the older version had refused it"
    twice = {r.partition for r in committed(settings.broker, PREFIX + topics.LEDGER) if r.key == b"outage/TWICE"}
    assert len(twice) == PARTITIONS, "the older version had it twice"
    assert len([r for r in last_of(settings, topics.LEDGER) if r[1] == b"outage/TWICE"]) == 1
    check_announcements(settings)


def check_announcements(settings: Settings) -> None:
    """Clock by clock: what was announced is how it stands, and what was not was missed before the upgrade."""
    rows = {key.decode(): orjson.loads(value) for (_, key), value in last_of(settings, topics.SLA_BREACHES).items()}
    told = {key: row for key, row in rows.items() if row["kind"] in announced.KINDS}
    stands, equal = announced.stands(settings), 0
    for key, row in told.items():
        stand = announced.change_of(row).clock
        if key not in stands:
            assert row["status"] in GONE, key
            assert not row["open"], key
        else:
            listed = stands[key]
            assert stand == listed._replace(status="retracted" if row["status"] == "retracted" else listed.status), key
            equal += 1
    assert equal > 200
    for key in stands.keys() - told.keys():
        stand = stands[key]
        assert stand.status not in ("at_risk", *BROKEN) or (stand.deadline_at or 0) <= END, f"{key} was not announced"


def last_of(settings: Settings, topic: str) -> dict[tuple[int, bytes], bytes]:
    rows = {(r.partition, r.key): r.value for r in committed(settings.broker, settings.topic_prefix + topic)}
    return {key: value for key, value in rows.items() if value is not None}
