"""The mapping from the columns of a table to events, by field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from streams.load.fields import Contract, contract_of

SHARED = ("columns", "constants", "templates")
ANY_OTHER = "*"
EPOCHS = {"epoch_seconds": 1, "epoch_milliseconds": 1000}  # formats of time that are numbers, and their units a second


@dataclass(frozen=True)
class Times:
    """How instants are written; without a zone they need an offset of their own."""

    format: str | None = None
    zone: ZoneInfo | None = None
    ambiguous: str = "refuse"


@dataclass(frozen=True)
class Rule:
    """One event of a row, by field: from columns, constants, and texts with {columns} in them."""

    columns: dict[str, str | list[str]]
    constants: dict[str, Any]
    templates: dict[str, str]
    when: str | None = None  # a column: without a value there the row has no such event

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.constants, *self.columns, *self.templates)

    @property
    def columns_used(self) -> set[str]:
        names = {self.when} if self.when else set()
        for column in self.columns.values():
            names.update([column] if isinstance(column, str) else column)
        for text in self.templates.values():
            names.update(placeholders(text))
        return names


@dataclass(frozen=True)
class Mapping:
    """A checked mapping."""

    family: str
    rules: tuple[Rule, ...]
    times: Times = Times()
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    scale: dict[str, int] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"

    @property
    def contract(self) -> Contract:
        return contract_of(self.family)

    @property
    def columns_used(self) -> set[str]:
        return set().union(*(rule.columns_used for rule in self.rules))

    def misfits(self, header: Sequence[str]) -> list[str]:
        """A sentence per column that the mapping names and the table lacks, or has more than once."""
        named = sorted(self.columns_used)
        wrong = [f"The table has no column {name!r}{hint(name, header)}." for name in named if name not in header]
        wrong += [
            f"The table has more than one column {name}: give each a name of its own."
            for name in named
            if header.count(name) > 1
        ]
        if len(header) == 1 and len(named) > 1:
            other = next((sign for sign in ";\t|," if sign != self.delimiter and sign in header[0]), None)
            wrong += (
                [f"Its only column is {header[0]!r}: delimiter = {other!r} in [csv] may be meant."] if other else []
            )
        return wrong


def placeholders(text: str) -> list[str]:
    """The names between braces, unchanged: a column may be called "Nr." or "U [V]"; ValueError: no names."""
    found = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    if any(not name or spec or conversion for name, spec, conversion in found):
        raise ValueError("braces hold the name of a column and nothing else")
    return [name for name, _, _ in found]


def rules_of(content: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules of a mapping's content, each with the shared parts."""
    shared = {part: content.get(part, {}) for part in SHARED}
    rules = []
    for event in content.get("events", [{}]):
        own = {name for part in SHARED for name in event.get(part, {})}  # its own value overrides the shared value
        parts = {
            part: {name: value for name, value in shared[part].items() if name not in own} | event.get(part, {})
            for part in SHARED
        }
        rules.append(Rule(**parts, when=event.get("when")))
    return tuple(rules)


def hint(name: str, known: Iterable[str]) -> str:
    """The most similar name, in brackets."""
    near = get_close_matches(name, list(known), 1)
    return f" (did you mean {near[0]}?)" if near else ""
