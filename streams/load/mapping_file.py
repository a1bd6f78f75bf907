"""A mapping file: TOML, checked completely for its form and against the contract before anything uses it."""

import codecs
import string
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from streams.errors import InputUnreadable
from streams.load import time_format
from streams.load.mapping import EPOCHS, SHARED, Mapping, Rule, Times, hint, placeholders, rules_of
from streams.load.mapping_check import objections

FAMILIES = ("outages", "repairs", "complaints", "voltage")
TOP = ("family", "csv", "time", "values", "scale", "events", *SHARED)
OF_EVENT = ("when", *SHARED)
AMBIGUOUS = ("refuse", "earlier", "later")
ASCII = string.printable


def load(path: Path) -> Mapping:
    """The mapping in a file; InputUnreadable has a sentence per mistake."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise InputUnreadable(f"{path} is not TOML: {error}.") from error
    wrong = _shape(content) or objections(content)
    if wrong:
        raise InputUnreadable("\n".join([f"The mapping {path} is wrong; nothing was sent.", *wrong]))
    return _made(content)


def _made(content: dict[str, Any]) -> Mapping:
    table, times = content.get("csv", {}), content.get("time", {})
    zone = times.get("zone")
    return Mapping(
        content["family"],
        rules_of(content),
        Times(times.get("format"), ZoneInfo(zone) if zone else None, times.get("ambiguous", AMBIGUOUS[0])),
        content.get("values", {}),
        content.get("scale", {}),
        table.get("delimiter", ","),
        _encoding(table.get("encoding", "utf-8")) or "utf-8",
    )


def _shape(content: dict[str, Any]) -> list[str]:
    """The errors of the form; found before the comparison with the contract."""
    wrong = _unknown(content, TOP, "a mapping")
    if content.get("family") not in FAMILIES:
        wrong.append(f"family is one of {', '.join(FAMILIES)}.")
    for name in ("csv", "time", "values", "scale", *SHARED):
        if not isinstance(content.get(name, {}), dict):
            wrong.append(f"[{name}] is a table.")
    events = content.get("events", [{}])
    if not isinstance(events, list) or not events or not all(isinstance(event, dict) for event in events):
        return [*wrong, "[[events]] is a list of tables."]
    if wrong:
        return wrong
    for event in events:
        wrong += _unknown(event, OF_EVENT, "[[events]]")
        wrong += [f"{part} of [[events]] is a table." for part in SHARED if not isinstance(event.get(part, {}), dict)]
        if not isinstance(event.get("when", ""), str):
            wrong.append("when of [[events]] is the name of a column.")
    wrong += _of_table(content.get("csv", {})) + _of_times(content.get("time", {}))
    return wrong or [sentence for rule in rules_of(content) for sentence in _of_rule(rule)]


def _of_table(table: dict[str, Any]) -> list[str]:
    wrong = _unknown(table, ("delimiter", "encoding"), "[csv]")
    delimiter, encoding = table.get("delimiter", ","), table.get("encoding", "utf-8")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        wrong.append("delimiter of [csv] is one character.")
    if _encoding(encoding) is None:
        wrong.append(f"encoding of [csv]: {encoding!r} is not known, or not one in which tables are written.")
    return wrong


def _encoding(name: Any) -> str | None:
    """The usual name of an encoding whose lines can be found: one that leaves ASCII as it is, or UTF-16."""
    try:
        found = codecs.lookup(name).name.removesuffix("-sig")
        usable = found.startswith("utf-16") or ASCII.encode(found) == ASCII.encode()
    except (LookupError, TypeError, ValueError):
        return None
    return found if usable else None


def _of_times(times: dict[str, Any]) -> list[str]:
    wrong = _unknown(times, ("format", "zone", "ambiguous"), "[time]")
    form = times.get("format")
    if form is not None and (not isinstance(form, str) or not ("%" in form or form in EPOCHS)):
        wrong.append(f"format of [time] is a text such as %Y-%m-%d %H:%M:%S, or one of {', '.join(EPOCHS)}.")
    elif form is not None and (against := time_format.objection(form)):
        wrong.append(f"format of [time]: {form!r} {against}.")
    if times.get("ambiguous", "refuse") not in AMBIGUOUS:
        wrong.append(f"ambiguous of [time] is one of {', '.join(AMBIGUOUS)}.")
    try:
        ZoneInfo(times.get("zone", "UTC"))
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        wrong.append(f"zone of [time]: there is no time zone {times['zone']!r}.")
    return wrong


def _of_rule(rule: Rule) -> list[str]:
    wrong = []
    for name, column in rule.columns.items():
        listed = [column] if isinstance(column, str) else column
        if not isinstance(listed, list) or not listed or not all(isinstance(item, str) for item in listed):
            wrong.append(f"[columns] {name} is the name of a column, or a list of names.")
    for name, text in rule.templates.items():
        try:
            named = placeholders(text)
        except (ValueError, TypeError):
            named = []
        if not named:
            wrong.append(f'[templates] {name} is a text with columns in braces, such as "{{id}}-closed".')
    places = [name for part in (rule.columns, rule.constants, rule.templates) for name in part]
    wrong += [f"{name} is given twice for one event." for name in sorted({n for n in places if places.count(n) > 1})]
    return wrong


def _unknown(table: dict[str, Any], known: Iterable[str], where: str) -> list[str]:
    names = list(known)
    return [f"{name} is no part of {where}{hint(name, names)}." for name in table if name not in names]
