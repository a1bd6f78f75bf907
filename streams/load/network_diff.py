"""The changes by a network file: unresolved references, and the difference from the loaded network, by field."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

Record = dict[str, Any]
# The record types that a field of each type names; a point's area, say, has to be an area.
REFERENCES = {
    "station": ("region",),
    "feeder": ("station",),
    "area": ("region", "feeder"),
    "point": ("area",),
}


@dataclass(frozen=True)
class Diff:
    """By key, in order: new records, changed fields as (field, old, new), removed records."""

    added: dict[str, Record]
    changed: dict[str, list[tuple[str, str, str]]]
    removed: list[str]
    unchanged: int

    def show(self, console: Console, *, replace: bool) -> None:
        """Line by line, as Git shows it; loaded records that are not in the file are removed by a replacement only."""
        for key, record in self.added.items():
            console.print(Text(f"+ {key}  {_json(_without_identity(record))}", "green"))
        for key, fields in self.changed.items():
            for name, old, new in fields:
                console.print(Text(f"~ {key}  {name}: {old} -> {new}", "yellow"))
        if replace:
            for key in self.removed:
                console.print(Text(f"- {key}", "red"))

    def sums(self, *, replace: bool) -> str:
        """The counts in one line."""
        removed = f"{len(self.removed)} removed"
        unchanged = f"{len(self.removed)} loaded records are not in the file and stay; --replace would remove them"
        counts = f"{len(self.added)} added, {len(self.changed)} changed, {self.unchanged} unchanged"
        return f"{counts}, {removed}." if replace else f"{counts}." + (f" {unchanged}." if self.removed else "")


def difference(loaded: Mapping[str, Record], wanted: Mapping[str, Record]) -> Diff:
    """From the loaded network to the file."""
    changed = {}
    for key in wanted.keys() & loaded.keys():
        fields = _fields(loaded[key], wanted[key])
        if fields:
            changed[key] = fields
    added = {key: wanted[key] for key in sorted(wanted.keys() - loaded.keys())}
    same = len(wanted) - len(added) - len(changed)
    return Diff(added, dict(sorted(changed.items())), sorted(loaded.keys() - wanted.keys()), same)


def dangling(records: Iterable[tuple[str, Record]], known: set[str]) -> list[str]:
    """A message per unresolved reference, from the records with their place and all resulting keys."""
    wrong = []
    for place, record in records:
        kind = record["record_type"]
        for name in REFERENCES.get(kind, ()):
            target = record.get(name)
            if target is not None and f"{name}/{target}" not in known:
                wrong.append(f"{place}: {kind} {record[kind]} names {name} {target}, which does not exist.")
    return wrong


def _fields(old: Record, new: Record) -> list[tuple[str, str, str]]:
    before, after = _flat(old), _flat(new)
    names = dict.fromkeys((*before, *after))
    return [
        (name, before.get(name, "nothing"), after.get(name, "nothing"))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _flat(record: Record) -> dict[str, str]:
    """Field by field as JSON; customers served by their first day, for their order means nothing."""
    flat = {name: _json(value) for name, value in record.items() if name != "served"}
    for entry in sorted(record.get("served") or [], key=lambda entry: str(entry["from"])):
        for name, value in entry.items():
            if name != "from":
                flat[f"served from {entry['from']}, {name}"] = _json(value)
    return flat


def _without_identity(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in ("record_type", record["record_type"])}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
