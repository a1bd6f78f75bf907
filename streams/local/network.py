"""`gridpulse network load`: a JSON file into the compacted network topic, all of it or nothing."""

from pathlib import Path
from typing import Any

import orjson

from schemas import codec
from streams.errors import InputUnreadable
from streams.local.send import Sender
from streams.settings import Settings


def key_of(record: dict[str, Any]) -> str:
    """The key of a network record: its type and id, "area/a-12"."""
    return f"{record['record_type']}/{record[record['record_type']]}"


def read(path: Path) -> list[dict[str, Any]]:
    """The records of a file; InputUnreadable has a line per wrong one, with its index from 0."""
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InputUnreadable(f"{path} is not JSON: {error}.") from error
    records = content.get("records") if isinstance(content, dict) else content
    if not isinstance(records, list):
        raise InputUnreadable(f'{path} is neither a list of network records nor {{"records": [...]}}.')
    wrong = []
    for index, record in enumerate(records):
        try:
            codec.decode("network", orjson.dumps(record))
        except codec.InvalidEvent as error:
            wrong.append(f"Record {index} is wrong: {error.detail}.")
    if wrong:
        raise InputUnreadable("\n".join([f"Nothing of {path} was written.", *wrong]))
    return records


def load(settings: Settings, path: Path) -> int:
    """Write the records of a file; the number written. The last record of a key holds."""
    records = read(path)
    with Sender(settings) as sender:
        for record in records:
            sender.send("network", key_of(record), record)
    return len(records)
