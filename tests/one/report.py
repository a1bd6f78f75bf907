"""What holds one KPI, clock or event, line by line: what is there, what is missing and how to add it, what fails."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

OK, MISSING, FAILED, NOTE = "ok", "missing", "failed", "note"
COLOURS = {OK: "green", MISSING: "yellow", FAILED: "red", NOTE: "dim"}
NEAR_MAX = 6


class Line(NamedTuple):
    """One line of the report: what it is about, and where it is, how to add it, or why it fails."""

    state: str
    what: str
    detail: str


def there(what: str, *, found: object, where: str, add: str) -> Line:
    """What is `found` is named by `where`; what is not, by where it belongs and how to `add` it."""
    return Line(OK, what, where) if found else Line(MISSING, what, f"{where} — {add}")


def unknown(kind: str, name: str, known: Sequence[str], where: str) -> str:
    """A sentence for a name that nothing has, with those that are near."""
    matches = get_close_matches(name, known, NEAR_MAX, 0.5)
    near = list(dict.fromkeys([*(each for each in known if name and name in each), *matches]))[:NEAR_MAX]
    asked = f"{kind} has no name here: add NAME=..." if not name else f"There is no {kind} {name!r} in {where}."
    return f"{asked} {'Near: ' + ', '.join(near) if near else 'There are: ' + ', '.join(known)}."


def show(title: str, lines: Iterable[Line], console: Console | None = None) -> int:
    """Print the lines as they come; 1 where one is missing or fails."""
    console = console or Console(soft_wrap=True, highlight=False)
    console.print(Text(title, "bold"))
    counts = dict.fromkeys(COLOURS, 0)
    for line in lines:
        counts[line.state] += 1
        console.print(Text.assemble((f"{line.state:>8}", COLOURS[line.state]), f"  {line.what}: {line.detail}"))
    bad = counts[MISSING] + counts[FAILED]
    summary = f"{counts[OK]} ok, {counts[MISSING]} missing, {counts[FAILED]} failed"
    console.print(Text(summary, COLOURS[FAILED] if bad else COLOURS[OK]))
    return 1 if bad else 0
