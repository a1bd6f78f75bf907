"""Tests keep to what is public, and take what they share from tests/support.

What breaks a rule today is counted by file, and may only shrink: nothing is added to the list.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRIVATE_READS = {  # by file, how often a test reaches into what another object keeps for itself
    # of the voltage engine, which is replaced as a whole
    "tests/properties/test_point_announcements.py": 2,
    "tests/properties/test_points.py": 1,
    "tests/properties/test_points_columns.py": 16,
    "tests/properties/test_points_rescue.py": 1,
    "tests/properties/test_points_revisions.py": 5,
    "tests/support/point_clocks.py": 3,
    "tests/support/point_lane.py": 2,
    "tests/support/point_lives.py": 2,
    "tests/unit/test_flat_memory.py": 1,
    "tests/unit/test_point_book.py": 5,
    "tests/unit/test_point_clock_scenarios.py": 2,
    "tests/unit/test_points_edges.py": 4,
    "tests/unit/test_points_weeks.py": 1,
    # of aiokafka, which shows it in no other way
    "tests/simulation/run.py": 2,
    "tests/support/producer_epochs.py": 1,
    "tests/support/workers.py": 1,
    "tests/unit/test_lane_fetched.py": 1,
    # of the lane and of the publication; the sabotages break them on purpose
    "tests/chaos/sabotaged.py": 8,
    "tests/properties/test_row_sum.py": 1,
    "tests/unit/test_defects.py": 1,
    "tests/unit/test_lane_sentences.py": 2,
    "tests/unit/test_lane_stop.py": 1,
    "tests/unit/test_publication.py": 3,
    "tests/walk.py": 5,
}
PUBLIC = {"_asdict", "_exit", "_fields", "_make", "_replace"}  # of namedtuple and os: documented for all to use


def imports_a_test_file(source: str) -> bool:
    """Whether it takes something from a test file, and not from tests/support."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [f"{getattr(node, 'module', '')}.{each.name}" for node in nodes for each in node.names]
    return any(part.startswith("test_") for name in names for part in name.split(".") if "tests." in name)


def private_reads(source: str) -> int:
    """How often something else than `self` and `cls` is asked for a name that begins with one underscore."""
    return sum(
        re.match("_[a-z]", node.attr) is not None
        and node.attr not in PUBLIC
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
    )


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py")}


def test_a_test_file_imports_no_other_test_file(texts):
    assert not [name for name, text in texts.items() if imports_a_test_file(text)]


def test_no_test_reaches_into_private_state(texts):
    found = {name: private_reads(text) for name, text in texts.items()}
    assert {name: count for name, count in found.items() if count > PRIVATE_READS.get(name, 0)} == {}
    assert [name for name in PRIVATE_READS if not found.get(name)] == [], "to be taken off the list"


# Every rule finds what breaks it.


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from tests.unit.test_points import ledger", True),
        ("from tests.unit import test_points", True),
        ("import tests.unit.test_points", True),
        ("from tests.support.points import ledger", False),
        ("from aiohttp.test_utils import TestClient", False),
    ],
)
def test_a_test_file_that_is_a_library_is_found(line, found):
    assert imports_a_test_file(line) is found


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("ledger._points", 1),
        ("self.ledger._columns._outside", 2),
        ("new_writer()._step()", 1),
        ("self._log, cls._log, module.__file__, kpi._replace(name='x'), ledger.points", 0),
    ],
)
def test_a_test_that_reaches_into_private_state_is_found(line, count):
    assert private_reads(line) == count
