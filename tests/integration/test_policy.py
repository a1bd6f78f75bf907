"""A policy and a calendar through a real broker: what would change, then what did, for cases that are open already."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from schemas.event import format_instant, parse_instant
from streams import clock, topics
from streams.cli import main
from streams.settings import PREFIX, Settings
from tests.support.workers import CASES, Worker, eventually, new_producer, table

MINUTE = 60
DEFAULT = Path(topics.__file__).parent / "sla" / "policies" / "default.toml"


@pytest.fixture
def began(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[tuple[Settings, int]]:
    """One order and one complaint, open, and a worker that has told where they stand."""
    settings, now = make_settings(partitions=1, session_timeout_seconds=6), clock.now()
    producer = new_producer(settings.broker)
    worker = Worker(settings, tmp_path / "w.log", CASES, instance="w", data_dir=str(tmp_path / "w"))
    created = {"work_type": "repair", "origin": "call", "report_received_at": format_instant(now - 20 * MINUTE)}
    repairs, complaints = settings.topic_prefix + topics.REPAIRS, settings.topic_prefix + topics.COMPLAINTS
    say(producer, repairs, now - 20 * MINUTE, work_order_id="W-1", event_type="created", **created)
    say(producer, complaints, now, complaint_id="C-1", event_type="accepted", case_kind="complaint")
    producer.flush()
    eventually("both are listed", lambda: set(summaries(settings)) == {"order/W-1", "complaint/C-1"})
    yield settings, now
    worker.close()
    producer.close()


def say(producer: Any, topic: str, at: int, **said: Any) -> None:
    """An event; the first field said is the case."""
    case, instant = next(iter(said.values())), format_instant(at)
    envelope = {"event_id": f"{case} {at}", "revision": 1, "source": "desk"}
    body = orjson.dumps({**envelope, "occurred_at": instant, "recorded_at": instant, **said})
    producer.send(topic, key=case.encode(), value=body)


def summaries(settings: Settings) -> dict[str, Any]:
    rows = table(settings.broker, settings.topic_prefix + topics.CASES)
    return {key.decode(): orjson.loads(value) for key, value in rows.items()}


def deadline(settings: Settings, case: str, name: str) -> int:
    clocks = {each["clock"]: each for each in summaries(settings)[case]["clocks"]}
    return parse_instant(clocks[name]["deadline_at"])


def command(settings: Settings, *words: str) -> str:
    environment = {name: value for name, value in settings.environment().items() if name.startswith(PREFIX)}
    result = CliRunner(env=environment).invoke(main, ["policy", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_policy_moves_the_clocks_of_open_cases_as_its_diff_said(began, tmp_path: Path):
    settings, now = began
    (file := tmp_path / "strict.toml").write_text(
        DEFAULT.read_text("utf-8").replace('"default"', '"strict"').replace("limit = 45,", "limit = 15,")
    )
    assert deadline(settings, "order/W-1", "L3a") == now + 25 * MINUTE

    shown = command(settings, "diff", str(file))
    assert "order/W-1  L3a|1  running" in shown
    assert f"-> breached, {format_instant(now - 5 * MINUTE)}" in shown
    assert "1 clocks of 1 open cases would change." in shown
    assert "would be written" in command(settings, "load", "--dry-run", str(file))
    assert "1 clocks" in command(settings, "diff", str(file))

    assert "policy/strict is written." in command(settings, "load", str(file))
    eventually("the deadline moved", lambda: deadline(settings, "order/W-1", "L3a") == now - 5 * MINUTE)
    assert "is loaded already" in command(settings, "load", str(file))
    assert "0 clocks of 0 open cases" in command(settings, "diff", str(file))


def test_an_edited_calendar_moves_the_deadlines_of_open_cases(began, tmp_path: Path):
    settings, now = began
    before = deadline(settings, "complaint/C-1", "L19")
    day = format_instant(now)[:10]
    year = int(day[:4])
    (file := tmp_path / "strike.toml").write_text(
        f"valid_from = {day}\nvalid_to = {year + 1}-12-31\noff = [{{ from = {day}, to = {year + 1}-03-01 }}]"
    )

    assert "complaint/C-1  L19|1" in command(settings, "diff", str(file))
    command(settings, "load", str(file))

    eventually("the deadline moved", lambda: deadline(settings, "complaint/C-1", "L19") > before)
    assert deadline(settings, "complaint/C-1", "L19") > parse_instant(f"{year + 1}-03-01T00:00:00Z")
