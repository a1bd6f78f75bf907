"""Words that were dropped for standard terms stay out of the code: docs/glossary.md has the words that remain special.

The voltage engine keeps its words until it is replaced as a whole.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = re.compile(r"cases/point|facts/(profile|sealed|book)\.py|oracle/.*voltage")
DROPPED = frozenset(
    {
        *("tell", "tells", "told", "telling", "untold", "retell", "teller", "saying", "hear", "hears", "heard"),
        *("look", "looks", "looked", "looking", "settle", "settles", "settled", "settling"),
        *("seat", "seats", "strand", "strands", "voice", "voices", "brief", "odd", "dice", "beat", "beats"),
        *("leftover", "leftovers", "killing", "promises", "moments", "episode", "episodes", "bridge", "bridges"),
    }
)
# Names that are stored, configured or read by others, and one method of files.
ALLOWED = re.compile(
    r"etr_told|told_with|\"told\"|/told|was not told|\.tell\(\)"
    r"|heard (unknown|before)|\"heard\"|\bheard\b(?=\"\})|silent heard|hear back|look(ed)? up"
)
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def dropped_words(text: str) -> list[str]:
    """The dropped words of a line, of prose and of parts of names, in lower case."""
    return [part.lower() for part in PARTS.findall(ALLOWED.sub("", text)) if part.lower() in DROPPED]


def files() -> list[Path]:
    """Sources of the service and of its generated pages, without the voltage engine."""
    found = (file for folder in ("streams", "schemas", "deploy") for file in (ROOT / folder).rglob("*"))
    kept = (file for file in found if file.suffix in {".py", ".sql"})
    return sorted(file for file in kept if not ENGINE.search(file.relative_to(ROOT).as_posix()))


def test_no_source_has_a_dropped_word():
    found = {
        f"{file.relative_to(ROOT)}:{number}": words
        for file in files()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if (words := dropped_words(line))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("def tell(self) -> None:", ["tell"]),
        ("UNTOLD = Settled()", ["untold", "settled"]),
        ("# what was told of those", ["told"]),
        ("self._told_at", ["told"]),
        ("reference = state.told_with", []),
        ("The restored modem is looked up", []),
    ],
)
def test_a_dropped_word_is_found_in_prose_and_in_names(line, words):
    assert dropped_words(line) == words
