"""The working calendar from its files: those shipped with gridpulse, then those of GRIDPULSE_CALENDAR, which hold."""

import tomllib
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from streams.errors import SettingsInvalid
from streams.sla.calendar import Calendar, Schedule, Span

SUFFIX = ".toml"
KEYS = {"valid_from", "valid_to", "off", "working"}


def load(more: str = "") -> Calendar:
    """The calendar of all files; `more` is a file or a folder of them, SettingsInvalid says what is wrong with it."""
    lists = _files(files("streams.sla") / "calendars")
    if more:
        path = Path(more)
        if not path.exists():
            raise SettingsInvalid(f"Bad setting GRIDPULSE_CALENDAR={more!r}: no such file or folder.")
        lists += _files(path) if path.is_dir() else [path]
    return Calendar(map(_schedule, lists))


def _files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(SUFFIX)), key=lambda file: file.name)


def _schedule(file: Traversable) -> Schedule:
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        _know(said)
        valid = _span(said["valid_from"], said["valid_to"])
        spans = tuple(_span(span["from"], span["to"]) for span in said.get("off", ()))
        working = tuple(map(_day, said.get("working", ())))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsInvalid(f"The working calendar {file} is wrong: {error!r}.") from error
    return Schedule(valid, spans, working)


def _know(said: dict[str, Any]) -> None:
    unknown = sorted(said.keys() - KEYS)
    if unknown:
        raise ValueError(f"unknown {', '.join(unknown)}")


def _span(first: Any, last: Any) -> Span:
    if _day(first) > _day(last):
        raise ValueError(f"{first} comes after {last}")
    return first, last


def _day(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} is no date, such as 2026-10-01")
    return value
