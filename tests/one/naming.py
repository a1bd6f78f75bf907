"""The tests that name a thing: by a text in the test, in its parameters, or in a constant of its file that it uses."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

Names = Callable[[str], bool]


def functions_naming(file: Path, is_named: Names) -> list[str]:
    """The test functions of a file that name it."""
    return [name for name, texts in _texts(file).items() if any(map(is_named, texts))]


def tests_naming(files: Iterable[Path], is_named: Names) -> dict[Path, list[str]]:
    """The test functions that name it, by file; files without one are left out."""
    found = {file: functions_naming(file, is_named) for file in files}
    return {file: names for file, names in found.items() if names}


@cache
def _texts(file: Path) -> dict[str, frozenset[str]]:
    """The texts in each test function of a file, and in the constants that it uses."""
    tree = ast.parse(file.read_text("utf-8"))
    constants = {
        target.id: _said(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in _targets(node)
        if isinstance(target, ast.Name)
    }
    return {
        node.name: _said(node).union(*(constants.get(name, ()) for name in _used(node)))
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def _targets(node: ast.Assign) -> list[ast.expr]:
    return [part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]


def _said(node: ast.AST) -> frozenset[str]:
    texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str))


def _used(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
