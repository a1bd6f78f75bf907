"""`make quick` leaves out only tests that there are, each with a reason, and `make test` leaves out none of them."""

import ast
import re
from pathlib import Path

from tests.unit.conftest import SLOW

FOLDER = Path(__file__).parent
RULE = re.compile(r"^(\w+):.*\n((?:\t.*\n)+)", re.MULTILINE)


def test_what_is_left_out_is_a_test_and_has_a_reason():
    for name, tests in SLOW.items():
        tree = ast.parse((FOLDER / name).read_text("utf-8"))
        there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert tests.keys() <= there, name
        assert all(tests.values())


def test_the_makefile_leaves_them_out_of_quick_only():
    commands = dict(RULE.findall((FOLDER.parents[1] / "Makefile").read_text("utf-8")))
    assert [target for target, lines in commands.items() if "not slow" in lines] == ["quick"]
    assert "tests/unit" in commands["test"]
    assert "--doctest-modules" in commands["doctests"]
