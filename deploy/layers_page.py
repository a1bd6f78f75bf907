"""The layers of `streams`, from import-linter: drawn in docs/architecture.md, listed in docs/contributor.md."""

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = "docs/architecture.md"
MAP: Final = "docs/contributor.md"
BEGIN: Final = "<!-- layers: generated from pyproject.toml by `make render` -->\n"
END: Final = "<!-- end of layers -->\n"
WIDTH: Final = 96


def render() -> str:
    """docs/architecture.md with the drawing between its two marks as it is now."""
    return _between_marks(PAGE, lambda: drawing(layers(), summaries()))


def render_map() -> str:
    """docs/contributor.md with the list of the layers between its two marks as it is now."""
    return _between_marks(MAP, lambda: listed(layers(), summaries()))


def _between_marks(page: str, body: Callable[[], str]) -> str:
    before, found, rest = (ROOT / page).read_text("utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{page} has no place for the layers: it needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}{body()}{END}{after}"


def layers() -> list[list[str]]:
    """The rows of the contract, top first; modules of one row may not import each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[name.strip() for name in row.split("|")] for row in rows]


def summaries() -> dict[str, str]:
    """The docstring of each module or package of `streams`, up to the first colon, semicolon or full stop."""
    files = [*(ROOT / "streams").glob("*.py"), *(ROOT / "streams").glob("*/__init__.py")]
    docs = {file: ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "" for file in files}
    return {file.parent.name if file.name == "__init__.py" else file.stem: first(text) for file, text in docs.items()}


def first(text: str) -> str:
    """The first clause of a docstring, without the name of the package."""
    line = text.partition("\n")[0]
    ends = [at for mark in (": ", "; ", ". ") if (at := line.find(mark)) > len("Cases: ")]
    return line[: min(ends, default=len(line))].rstrip(".")


def drawing(rows: list[list[str]], docs: dict[str, str]) -> str:
    """A box per row, one below the other: each may import only what is below it."""
    edge = f"+{'-' * (WIDTH + 2)}+\n"
    boxes = []
    for row in rows:
        lines = [f"{name:<11} {docs.get(name, '')}".rstrip()[:WIDTH] for name in row]
        boxes.append("".join(f"| {line:<{WIDTH}} |\n" for line in lines))
    return f"```\n{edge}{edge.join(boxes)}{edge}```\n"


def listed(rows: list[list[str]], docs: dict[str, str]) -> str:
    """A numbered line per layer, top first, with what each module is."""
    lines = ("; ".join(f"`{name}`: {docs[name]}" for name in row) for row in rows)
    return "".join(f"{number}. {line}\n" for number, line in enumerate(lines, 1))
