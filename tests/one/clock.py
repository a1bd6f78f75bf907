"""All that holds one clock of the policy: `make clock NAME=L7`."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from schemas.sla_breach import ClockId, PointClockId
from streams.kpis import KPIS
from streams.sla.policy import shipped
from streams.web.texts import TEXTS
from streams.web.tiles.views import TILES
from tests.one.kpi import BUDGET_SECONDS, files_of_tests, generated
from tests.one.naming import tests_naming
from tests.one.report import NOTE, OK, Line, there
from tests.one.running import ROOT, run

CHECKS = "tests/one/checks_clock.py"
TITLES = {
    CHECKS: "oracle on random lives",
    "/oracle/": "worked examples of service and oracle",
    "scenarios": "scenarios",
    "clocks": "scenarios",
}
ORACLE_PLACES = {True: "54_voltage_clocks.sql", False: "46_clock_places.sql"}  # of points: or of cases


def names() -> list[str]:
    """The clocks of the contract, and those that only the policy has."""
    return list(dict.fromkeys([*get_args(ClockId), *(rule.clock for rule in shipped().clocks)]))


def lines(name: str, root: Path = ROOT) -> Iterator[Line]:
    """One line for each thing that holds a clock."""
    yield from static(name, root)
    yield from generated()
    yield from _tests(name, root)


def static(name: str, root: Path) -> Iterator[Line]:
    """What has to be there, without running anything."""
    of_points = name in get_args(PointClockId)
    contract, policy = "schemas/sla_breach.py", "streams/sla/policies/default.toml"
    yield there("contract", found=name in get_args(ClockId), where=contract, add="CaseClockId or PointClockId")
    rule = next((rule for rule in shipped().clocks if rule.clock == name), None)
    yield there("policy", found=rule, where=policy, add="add a [[clocks]] entry with its source")
    for place in ("commitments.py", f"staging/{ORACLE_PLACES[of_points]}"):
        file = root / "streams/oracle" / place
        known = file.is_file() and any(f"{quote}{name}{quote}" in file.read_text("utf-8") for quote in "'\"")
        yield there("oracle", found=known, where=f"streams/oracle/{place}", add="add its name to the list of clocks")
    words = TEXTS.get(name, ("", ""))
    where = " · ".join(words) if all(words) else "streams/web/messages/sla.py"
    yield there("words", found=all(words), where=where, add="English and Chinese")
    page = root / "docs/mapping.md"
    needed = page.is_file() and f" {name} |" in page.read_text("utf-8").replace(",", " |")
    yield there(
        "docs", found=needed, where="docs/mapping.md", add="no field feeds it: deploy/needs.py, then `make render`"
    )
    scenarios = [
        file.relative_to(root).as_posix() for file in tests_naming(files_of_tests(root), lambda text: text == name)
    ]
    place = "tests/unit/test_point_clock_scenarios.py" if of_points else "tests/unit/test_sla_scenarios.py"
    where = ", ".join(scenarios) or place
    yield there("scenario", found=scenarios, where=where, add="add events, and when it warns, breaks and is met")
    counted = [kpi.name for kpi in KPIS if any(dim.name == "clock" and name in dim.values for dim in kpi.dims)]
    yield there(
        "KPIs", found=counted, where=", ".join(counted) or contract, add="they count the clocks of the contract"
    )
    tiles = [tile.name for tile in TILES if tile.main.where.get("clock") == name]
    shown = ", ".join(tiles) or "no tile of its own; the tiles of all clocks count and list it"
    yield Line(OK if tiles else NOTE, "wallboard", shown)


def _tests(name: str, root: Path) -> list[Line]:
    """Run the tests that name the clock, and the oracle beside the service on its share of random lives."""
    naming = tests_naming(files_of_tests(root), lambda text: text == name)

    def wanted(item: pytest.Item) -> bool:
        if CHECKS in item.nodeid:
            return True
        parameters = getattr(getattr(item, "callspec", None), "params", {}).values()
        about = {each for each in parameters if isinstance(each, str) and each in names()}
        return name in about or (not about and getattr(item, "originalname", "") in naming.get(item.path, ()))

    return run(name, [root / CHECKS, *naming], wanted, TITLES, BUDGET_SECONDS)
