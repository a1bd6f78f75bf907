"""`gridpulse network load`: a JSON or CSV file into the compacted network topic, all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from schemas.point_key import point_id
from streams import topics
from streams.errors import InputUnreadable
from streams.load import network_file
from streams.load.network_diff import Diff, dangling, difference
from streams.load.producer import Sender
from streams.load.topic_rows import rows_of
from streams.settings import Settings

COMMITMENTS = ("policy", "calendar")


@dataclass(frozen=True)
class Loaded:
    """The result of a load, or of a dry run: the difference, and the number of written records."""

    diff: Diff
    written: int


def key_of(record: dict[str, Any]) -> str:
    """The key of a network record: its type and id, "area/a-12"; of a point with its area, "point/a-12/p-1"."""
    kind = record["record_type"]
    return f"point/{point_id(record['area'], record['point'])}" if kind == "point" else f"{kind}/{record[kind]}"


def read(path: Path) -> list[dict[str, Any]]:
    """The records of a file; InputUnreadable has a line per wrong record, with its place."""
    return [entry.record for entry in network_file.read(path).values()]


def load(
    settings: Settings, path: Path, *, replace: bool = False, dry_run: bool = False, console: Console | None = None
) -> Loaded:
    """Write the records that differ from the loaded network; `replace` also removes records missing in the file."""
    entries = network_file.read(path)
    topics.check(settings)
    rows = current(settings)
    renamed = _renamed(rows)
    loaded = {renamed.get(key, key): rows[key] for key in sorted(rows, key=lambda key: key not in renamed)}
    wanted = {key: entry.record for key, entry in entries.items()}
    diff = difference(loaded, wanted)
    there = wanted.keys() if replace else wanted.keys() | loaded.keys()
    wrong = dangling(((entry.place, entry.record) for entry in entries.values()), set(there))
    if wrong:
        raise InputUnreadable("\n".join([f"Nothing of {path} was written.", *wrong]))
    changes: dict[str, dict[str, Any] | None] = {key: wanted[key] for key in (*diff.added, *diff.changed)}
    for key, name in renamed.items():
        if name not in rows and (name in wanted or not replace):
            changes.setdefault(name, wanted.get(name, loaded[name]))
        changes[key] = None
    changes |= {key: None for key in diff.removed if replace and key in rows}
    if not dry_run:
        _write(settings, [*changes.items()], console or Console(stderr=True))
    return Loaded(diff, 0 if dry_run else len(changes))


def current(settings: Settings) -> dict[str, dict[str, Any]]:
    """The loaded network records by key, without policies and calendars."""
    rows = rows_of(settings, topics.NETWORK)
    records = {key.decode(errors="replace"): _object(value) for key, value in rows.items()}
    return {key: record for key, record in records.items() if record.get("record_type") not in COMMITMENTS}


def _renamed(rows: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Old and new key of points that an older version loaded without their area in the key."""
    points = {
        key: key_of(record)
        for key, record in rows.items()
        if record.get("record_type") == "point" and {"area", "point"} <= record.keys()
    }
    return {key: name for key, name in points.items() if key != name}


def _object(value: bytes) -> dict[str, Any]:
    """A record as stored; a record damaged by another producer differs from every valid record."""
    try:
        record = orjson.loads(value)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _write(settings: Settings, changes: list[tuple[str, dict[str, Any] | None]], console: Console) -> None:
    if not changes:
        return
    columns = (TextColumn("load"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Sender(settings) as sender, Progress(*columns, console=console, transient=True) as progress:
        for key, record in progress.track(changes):
            sender.send("network", key, record)
