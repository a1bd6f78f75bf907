"""The published lists of working days as rows for SQL: the data is the service's, the arithmetic on it is not."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

TABLES = {
    "calendar_list": "{list: 'INTEGER', valid_from: 'DATE', valid_to: 'DATE'}",
    "calendar_off": "{list: 'INTEGER', first: 'DATE', last: 'DATE'}",
    "calendar_working": "{list: 'INTEGER', day: 'DATE'}",
}


def rows(loaded: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of TABLES: the shipped lists, then the loaded lists; the later list of a day applies."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for number, content in enumerate((*map(tomllib.loads, _texts()), *loaded)):
        found["calendar_list"].append(
            {"list": number, "valid_from": content["valid_from"], "valid_to": content["valid_to"]}
        )
        found["calendar_off"] += [
            {"list": number, "first": span["from"], "last": span["to"]} for span in content.get("off", ())
        ]
        found["calendar_working"] += [{"list": number, "day": day} for day in content.get("working", ())]
    return found


def _texts() -> Iterator[str]:
    shipped = [file for file in (files("streams.sla") / "calendars").iterdir() if file.name.endswith(".toml")]
    yield from (file.read_text(encoding="utf-8") for file in sorted(shipped, key=lambda file: file.name))
