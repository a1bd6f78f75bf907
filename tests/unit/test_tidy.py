"""The repository keeps its own rules: length of files and functions, reasons for exemptions, names of tests.

What breaks a rule today is named with its length and some room, and may only shrink: nothing is added to these lists.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("schemas", "streams", "deploy", "tests")
SOURCES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
FILE_LINES_MAX, FUNCTION_LINES_MAX = 250, 50

LONG_FILES = {
    "schemas/policy.py": 300,
    "streams/cases/ledger.py": 300,
    "streams/cases/point_contribution.py": 400,
    "streams/cases/point_settling.py": 350,
    "streams/cases/point_taking.py": 350,
    "streams/oracle/engine.py": 350,
    "streams/web/metrics.py": 300,
    "tests/integration/test_wallboard.py": 400,
    "tests/oracle/days.py": 400,
    "tests/oracle/mutations.py": 450,
    "tests/oracle/test_promises_kept.py": 400,
    "tests/oracle/test_voltage.py": 450,
    "tests/properties/test_points_columns.py": 550,
    "tests/properties/voltage_stepper.py": 400,
    "tests/unit/test_board.py": 450,
    "tests/unit/test_complaint_cases.py": 300,
    "tests/unit/test_defects.py": 450,
    "tests/unit/test_load_mapping.py": 400,
    "tests/unit/test_load_send.py": 300,
    "tests/unit/test_load_tables.py": 350,
    "tests/unit/test_outage_places.py": 300,
    "tests/unit/test_personal.py": 300,
    "tests/unit/test_points.py": 400,
    "tests/unit/test_simulator.py": 350,
    "tests/unit/test_sla_scenarios.py": 550,
    "tests/unit/test_wallboard_tiles.py": 300,
    "tests/unit/test_web.py": 300,
}
LONG_FUNCTIONS = {
    "streams/app.py::create_app": 100,
    "streams/lane/recovery.py::read_tables": 60,
    "streams/simulator/outages.py::fault": 60,
    "streams/topics.py::catalogue": 70,
    "streams/web/metrics.py::_sources": 60,
    "tests/properties/voltage_stepper.py::of_point": 60,
}

EXEMPTION = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)\b(?P<codes>:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*|\[[^\]]*\])?(?P<rest>.*)$"
)


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def overlong(found: dict[str, int], most: int, known: dict[str, int]) -> dict[str, int]:
    """What is longer than `most`, or than it was when it was written down."""
    return {name: length for name, length in found.items() if length > max(most, known.get(name, 0))}


def functions(name: str, source: str) -> dict[str, int]:
    """The lines of every function, by file and name."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {f"{name}::{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1 for node in nodes}


def unexplained(source: str) -> list[int]:
    """The lines with an exemption from a linter that names no rule, or gives no reason beside it."""
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        match = EXEMPTION.search(line)
        if match and (not match["codes"] or not re.search(r"\w{2}", match["rest"])):
            found.append(number)
    return found


def words(name: str) -> set[str]:
    """The parts of a name between underscores, alone and as they follow each other, also without a plural's s."""
    parts = name.split("_")
    runs = {"_".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
    return runs | {run.removesuffix("s") for run in runs} | {f"{run}s" for run in runs}


def modules() -> set[str]:
    """The names of all modules and packages."""
    return {
        part for file in SOURCES if "tests" not in file.parts for part in file.relative_to(ROOT).with_suffix("").parts
    }


def says_what_it_tests(name: str, source: str, known: set[str]) -> bool:
    """Whether a test file bears the name of a module or a package, or begins with the truth that it holds."""
    return bool(words(name.removeprefix("test_")) & known) or bool(ast.get_docstring(ast.parse(source)))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {relative(file): file.read_text("utf-8") for file in SOURCES}


def test_a_file_is_short(texts):
    assert not overlong({name: len(text.splitlines()) for name, text in texts.items()}, FILE_LINES_MAX, LONG_FILES)


def test_a_function_is_short(texts):
    found = {key: lines for name, text in texts.items() for key, lines in functions(name, text).items()}
    assert not overlong(found, FUNCTION_LINES_MAX, LONG_FUNCTIONS)


def test_what_is_written_down_as_too_long_is_still_there_and_still_too_long(texts):
    files = {name: len(text.splitlines()) for name, text in texts.items()}
    lines = {key: length for name, text in texts.items() for key, length in functions(name, text).items()}
    assert [name for name in LONG_FILES if files.get(name, 0) <= FILE_LINES_MAX] == []
    assert [name for name in LONG_FUNCTIONS if lines.get(name, 0) <= FUNCTION_LINES_MAX] == []


def test_an_exemption_from_a_linter_gives_its_reason(texts):
    found = {name: lines for name, text in texts.items() if (lines := unexplained(text))}
    assert not found


def test_a_test_file_is_named_after_a_module_or_says_what_it_holds(texts):
    known = modules()
    tests = {name: text for name, text in texts.items() if Path(name).name.startswith("test_")}
    assert not [name for name, text in tests.items() if not says_what_it_tests(Path(name).stem, text, known)]


def test_packages_have_no_logic_in_their_init_file(texts):
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [
        name
        for name, text in texts.items()
        if name.endswith("/__init__.py") and any(isinstance(node, defined) for node in ast.walk(ast.parse(text)))
    ]
    assert not found


# Every rule finds what breaks it.


def test_a_file_or_function_that_is_too_long_is_found():
    assert overlong({"new.py": 251}, 250, {}) == {"new.py": 251}
    assert overlong({"known.py": 280}, 250, {"known.py": 279}) == {"known.py": 280}
    assert overlong({"known.py": 279, "short.py": 250}, 250, {"known.py": 279}) == {}
    body = "\n".join(f"    x = {number}" for number in range(50))
    assert overlong(functions("a.py", f"def f():\n{body}\n"), 50, {}) == {"a.py::f": 51}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = 1  # no" + "qa: S608", True),
        ("x = 1  # no" + "qa", True),
        ("x = 1  # type" + ": ignore[misc]", True),
        ("x = 1  # no" + "qa: S608  # our own names", False),
        ("x = 1  # no" + "qa: S608, E402 - as above", False),
        ("x = 1  # type" + ": ignore[misc]  # Faust's classes are Any", False),
        ("x = 1  # a comment", False),
    ],
)
def test_an_exemption_without_a_reason_is_found(line, found):
    assert bool(unexplained(line)) is found


def test_a_test_file_that_says_nothing_is_found():
    assert not says_what_it_tests("test_misc", "def test_a(): ...", {"periods", "topics"})
    assert says_what_it_tests("test_misc", '"""A late value changes its day."""', {"periods"})
    assert says_what_it_tests("test_topic_names", "", {"topics"})
