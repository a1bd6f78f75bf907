"""All that holds one KPI: `make kpi NAME=saidi`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import render
from deploy.grafana_rows import OTHERS, ROWS
from streams.kpis import KPIS
from streams.kpis.kpi import Kpi
from streams.web.tiles.tile import Tile
from streams.web.tiles.views import TILES
from tests.one.naming import tests_naming
from tests.one.report import FAILED, NOTE, OK, Line, there
from tests.one.running import ROOT, run

CHECKS = "tests/one/checks_kpi.py"
TITLES = {
    CHECKS: "order, repetition, oracle on random lives, reasons",
    "kpis": "worked examples",
    "/oracle/": "worked examples of service and oracle",
}
EACH_KPI = re.compile(r"parametrize\([^\n]*\bKPIS\b")  # a test for each of the registry
OF_TOOLS = ("test_compare.py", "test_one.py")  # name KPIs to test how cells are compared, and this
BUDGET_SECONDS = 20.0  # of this process, until which tests of tests/oracle are begun: the whole stays under 30 s


def lines(name: str, root: Path = ROOT) -> Iterator[Line]:
    """One line for each thing that holds a KPI of the registry."""
    kpi = next(each for each in KPIS if each.name == name)
    yield from static(kpi, root)
    yield from generated()
    yield from _tests(kpi, root)


def static(kpi: Kpi, root: Path) -> Iterator[Line]:
    """What has to be there, without running anything."""
    name = kpi.name
    yield Line(OK, "registry", f"KPIS has {name}: {kpi.title_en}, in {kpi.unit}")
    sql = f"streams/oracle/kpis/{name}.sql"
    yield there(
        "oracle", found=(root / sql).is_file(), where=sql, add="write it from the definition, not from the code"
    )
    worked = [file.relative_to(root).as_posix() for file in _worked(name, root)]
    where = ", ".join(worked) or "tests/unit/test_kpis_by_hand.py"
    yield there("worked example", found=worked, where=where, add="add a line with numbers done by hand")
    page = root / "docs/kpis.md"
    has_section = page.is_file() and f"\n### {name}\n" in page.read_text("utf-8")
    yield there("docs", found=has_section, where=f"docs/kpis.md#{name}", add="run `make render`")
    words = kpi.title_en, kpi.title_zh
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in words[1])
    where = " · ".join(words) if chinese else f"streams/kpis/{name}.py"
    yield there("words", found=chinese and words[0], where=where, add="title_en and title_zh")
    tiles = [tile.name for tile in TILES if name in _shown(tile)]
    yield Line(OK, "wallboard", ", ".join(tiles)) if tiles else Line(NOTE, "wallboard", "on no tile (none is needed)")
    panels = [row.title for row in ROWS if name in {each.kpi for each in (*row.figures, *row.graphs)}]
    yield Line(OK, "Grafana panel", ", ".join(panels) or f"{OTHERS}, as every KPI that has no row of its own")


def generated() -> Iterator[Line]:
    """Whether the generated files are those of the registries."""
    diff = render.differences(ROOT, render.RENDERED, render.FOLDERS)
    paths = ", ".join(path for path, _, _ in diff)
    yield (
        Line(FAILED, "generated files", f"{paths} — run `make render`")
        if diff
        else Line(OK, "generated files", "up to date")
    )


def _tests(kpi: Kpi, root: Path) -> list[Line]:
    """Run the checks of any KPI, the tests that name this one, and those that are made for each of the registry."""
    name, files = kpi.name, files_of_tests(root)
    naming = tests_naming(files, lambda text: is_named(text, name))
    of_registry = [file for file in files if EACH_KPI.search(file.read_text("utf-8"))]

    def wanted(item: pytest.Item) -> bool:
        if CHECKS in item.nodeid:
            return True
        parameters = getattr(getattr(item, "callspec", None), "params", {}).values()
        about = {kpi for each in parameters if (kpi := _about(each))}
        return name in about or (not about and getattr(item, "originalname", "") in naming.get(item.path, ()))

    return run(name, [root / CHECKS, *of_registry, *naming], wanted, TITLES, BUDGET_SECONDS)


def is_named(text: str, name: str) -> bool:
    """Whether a text is the name of a KPI, or a key of a record of it."""
    return text == name or text.startswith(f"{name}|")


def _about(parameter: object) -> str | None:
    """The KPI that a test's parameter stands for."""
    if isinstance(parameter, Kpi):
        return parameter.name
    return next((kpi.name for kpi in KPIS if isinstance(parameter, str) and is_named(parameter, kpi.name)), None)


def files_of_tests(root: Path) -> list[Path]:
    found = [*root.glob("tests/unit/test_*.py"), *root.glob("tests/oracle/test_*.py")]
    return sorted(file for file in found if file.name not in OF_TOOLS)


def _worked(name: str, root: Path) -> list[Path]:
    """The files with examples: of formulas, and of events through service and oracle."""
    files = [file for file in files_of_tests(root) if "kpis" in file.name or file.parent.name == "oracle"]
    return sorted(tests_naming(files, lambda text: is_named(text, name)))


def _shown(tile: Tile) -> set[str]:
    parts = (tile.main, *tile.beside, *tile.parts, *filter(None, (tile.by_area,)))
    return {part.kpi for part in parts}
