"""Deadlines that pass while nobody sends anything, and workers join, leave, die and stand still: each told once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from streams.settings import Settings
from tests.support.deadlines import PARTITIONS, SESSION_SECONDS, disturbed, undisturbed


@pytest.mark.parametrize("scene", [disturbed, undisturbed])
def test_every_deadline_is_told_once_whatever_happens_to_the_workers(
    make_settings: Callable[..., Settings], tmp_path: Path, scene: Callable[[Settings, Path], list[float]]
):
    """How late is for `make delays`: a bound on it would be a bound on this machine."""
    assert scene(make_settings(partitions=PARTITIONS, session_timeout_seconds=SESSION_SECONDS), tmp_path)
