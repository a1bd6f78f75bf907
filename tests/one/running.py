"""Run chosen tests by pytest in this process, and report them as lines instead of dots."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.one.report import FAILED, NOTE, OK, Line

ROOT = Path(__file__).parents[2]
QUIET = (
    "-c",
    str(ROOT / "pyproject.toml"),
    "--rootdir",
    str(ROOT),
    "-p",
    "no:terminal",
    "-p",
    "no:cacheprovider",
    "-o",
    "addopts=--strict-markers",
)


class Chosen:
    """A pytest plugin: gives tests the thing asked for, keeps the chosen ones, and collects how they end.

    Examples that start a database take a second or two each: they come last, and none is begun after `budget_seconds`
    of the processor.
    """

    def __init__(self, asked: Any, wanted: Callable[[pytest.Item], bool], budget_seconds: float) -> None:
        self._asked, self._wanted, self._budget = asked, wanted, budget_seconds
        self.counts: dict[str, int] = {}
        self.left: dict[str, int] = {}
        self.lines: list[Line] = []

    @pytest.fixture(scope="session")
    def asked(self) -> Any:
        return self._asked

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if not item.get_closest_marker("slow") and self._wanted(item)]
        items[:] = sorted(chosen, key=lambda item: ("/oracle/" in item.nodeid, "/one/" in item.nodeid))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        file = item.nodeid.partition("::")[0]
        if time.process_time() < self._budget or "/oracle/" not in file:
            return None
        self.left[file] = self.left.get(file, 0) + 1
        return True  # passed over

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.lines.append(Line(FAILED, report.nodeid, _reason(report)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file = report.nodeid.partition("::")[0]
        if report.failed:
            self.lines.append(Line(FAILED, report.nodeid, _reason(report)))
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            self.lines.append(Line(NOTE, report.nodeid.rpartition("::")[2], reason.removeprefix("Skipped: ")))
        elif report.when == "call" and report.passed:
            self.counts[file] = self.counts.get(file, 0) + 1


def run(
    asked: Any, files: Iterable[Path], wanted: Callable[[pytest.Item], bool], titles: Mapping[str, str], seconds: float
) -> list[Line]:
    """The lines of the chosen tests: one a file, and one for each that fails. `titles`: what a file shows."""
    chosen = Chosen(asked, wanted, seconds)
    pytest.main([*QUIET, *map(str, dict.fromkeys(files))], plugins=[chosen])
    lines = []
    for file, count in sorted(chosen.counts.items()):
        title = next((title for part, title in titles.items() if part in file), "tests")
        lines.append(Line(OK, title, f"{count} passed in {file}"))
    for file, count in sorted(chosen.left.items()):
        lines.append(Line(NOTE, "not run here", f"{count} more in {file}; `make test` and `make proofs` run them"))
    return lines + chosen.lines


def _reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    """The error in one line; the whole is in the test itself."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else str(report.longrepr)
    return f"{text.splitlines()[0] if text else 'failed'} (python -m pytest '{report.nodeid}')"
