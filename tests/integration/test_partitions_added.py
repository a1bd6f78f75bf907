"""A topic that grows while workers run ends them at once, with a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from streams import topics
from streams.settings import Settings
from tests.support.workers import CASES, Worker, eventually

pytestmark = pytest.mark.proof


def test_a_topic_that_grows_from_2_to_4_partitions_ends_the_worker(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = make_settings(partitions=2)
    worker = Worker(settings, tmp_path / "w.log", CASES, instance="w", data_dir=str(tmp_path / "w"))
    try:
        eventually("the worker owns its partitions", lambda: bool(worker.assignments))
        name = settings.topic_prefix + topics.OUTAGES
        with topics.admin(settings) as client:
            client.create_partitions({name: 4})

        assert worker.wait() == 70
        assert f"TopicsWrong: {name} has 4 partitions now, and this worker was started with 2" in worker.text
        worker.restart()
        assert worker.wait() == 1
        assert f"{name} has 4 partitions instead of 2" in worker.text
    finally:
        worker.close()
