"""Each row of docs/evidence/known-wrong-numbers.md names tests that there are: a renamed test is renamed there, too."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs/evidence/known-wrong-numbers.md"


def names() -> set[str]:
    """All test functions, and the files that hold them."""
    files = [*(ROOT / "tests").rglob("test_*.py")]
    found = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))}
    return found | {file.stem for file in files}


def test_every_test_that_the_table_names_exists():
    named = set(re.findall(r"\btest_\w+", TABLE.read_text("utf-8")))
    assert len(named) > 100
    assert sorted(named - names()) == []


def test_every_row_has_a_test_or_says_why_not():
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ") and "---" not in line]
    shown = re.compile(r"test|make |not mended|run by hand|replay")
    assert [row[:60] for row in rows[1:] if not shown.search(row.rsplit("|", 2)[1])] == []
