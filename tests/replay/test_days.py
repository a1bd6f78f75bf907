"""Three days of real outages through a real broker and real workers: exact in order, the same under trouble."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.replay.run import Options
from streams.settings import Settings
from tests.replay import truth
from tests.replay.run import SESSION_SECONDS, TROUBLE, Outcome, Run

DAYS = 3


@pytest.fixture
def play(make_settings: Callable[..., Settings], tmp_path: Path, shared: Path) -> Iterator[Callable[..., Outcome]]:
    runs: list[Run] = []

    def go(mapping: str, trouble: list, **options: object) -> Outcome:
        settings = make_settings(clock="marks", zone="America/Los_Angeles", session_timeout_seconds=SESSION_SECONDS)
        folder = tmp_path / str(len(runs))
        folder.mkdir()
        runs.append(Run(settings, folder, [shared / "data" / "pge_outages_2022_02" / "events.jsonl.gz"]))
        outcome = runs[-1].play(mapping, Options(days=DAYS, **options), trouble, seconds=240)
        runs[-1].close()
        return outcome

    yield go
    for run in runs:
        run.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mapping", ["as-listed", "as-reported"])
def test_in_order_it_is_the_truth_and_under_trouble_the_same(
    play: Callable[..., Outcome], shared: Path, mapping: str
) -> None:
    folder = shared / "data" / "pge_outages_2022_02"
    ordered = play(mapping, [])

    if mapping == "as-listed":
        truth.marks(ordered, folder).check()
    truth.cases(ordered, folder, mapping).check()
    ordered.check_accounts()
    assert not ordered.ends

    troubled = play(mapping, TROUBLE, shuffle_seed=11, duplicate_every=10)

    truth.cells(troubled, ordered).check()
    truth.cases(troubled, folder, mapping).check()
    troubled.check_accounts()
    assert troubled.ends.count("w1: -9") + troubled.ends.count("w2: -9") == 3
    for topic in troubled.writers.values():
        topic.check_single_and_fenced()
