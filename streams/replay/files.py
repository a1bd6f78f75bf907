"""Text files of recordings, compressed or not."""

import gzip
from pathlib import Path
from typing import IO

from streams.errors import InputUnreadable


def open_text(file: Path) -> IO[str]:
    """The file for reading, through gzip if it ends in .gz; InputUnreadable states why it cannot be read."""
    try:
        return gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8")
    except OSError as error:
        raise InputUnreadable(f"{file} cannot be read: {error.strerror}.") from error
