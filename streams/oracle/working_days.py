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
    """Rows of TABLES: the lists shipped, then those loaded; of two that speak of a day the later holds."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for number, said in enumerate((*map(tomllib.loads, _texts()), *loaded)):
        found["calendar_list"].append({"list": number, "valid_from": said["valid_from"], "valid_to": said["valid_to"]})
        found["calendar_off"] += [
            {"list": number, "first": span["from"], "last": span["to"]} for span in said.get("off", ())
        ]
        found["calendar_working"] += [{"list": number, "day": day} for day in said.get("working", ())]
    return found


def _texts() -> Iterator[str]:
    shipped = [file for file in (files("streams.sla") / "calendars").iterdir() if file.name.endswith(".toml")]
    yield from (file.read_text(encoding="utf-8") for file in sorted(shipped, key=lambda file: file.name))
