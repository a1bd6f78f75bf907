"""Tools and folders that a user may lack: where they are, and tests that need them."""

import shutil
from pathlib import Path

import pytest

from streams.settings import Settings

REPO = Path(__file__).parents[2]
MISSING = "missing here: "
OTHER_NAMES = {  # what Debian and others call it
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "alertmanager": ("prometheus-alertmanager", "alertmanager"),
}


def find(name: str) -> Path | None:
    """Where a tool or folder that a user may lack is."""
    if name == "../shared":
        return folder if (folder := REPO.parent / "shared").is_dir() else None
    found = map(shutil.which, OTHER_NAMES.get(name, (name,)))
    return next((Path(path) for path in found if path), None)


def need(name: str) -> Path:
    """The path of `name`; without it the test is skipped by name, and fails when everything is required."""
    if found := find(name):
        return found
    if Settings.load().require_all:
        pytest.fail(MISSING + name, pytrace=False)
    pytest.skip(MISSING + name)
