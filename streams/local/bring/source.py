"""Files as they come: plain or gzip, JSON Lines or CSV, every record with its line, and how far the reading is."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self, cast

from streams.errors import InputUnreadable

GZIP_MAGIC = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """A record of a table: the line it begins on, its cells, and what makes it unusable, if anything does."""

    line: int
    cells: list[str]
    wrong: str | None = None


class Source:
    """A file open for reading; gzip is known by its first bytes, whatever the file is called."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.size = path.stat().st_size
            self._raw = path.open("rb")
        except OSError as error:
            raise InputUnreadable(f"{path} cannot be read: {error.strerror}.") from error
        packed = self._raw.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
        self._content = cast("BinaryIO", gzip.GzipFile(fileobj=self._raw)) if packed else self._raw

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._raw.close()

    @property
    def position(self) -> int:
        """Bytes of the file, as it lies there, that were read; up to `size`. Of a pipe, which has no size, none."""
        return self._raw.tell() if self._raw.seekable() else 0

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Lines that are not empty, from 1, without their end."""
        try:
            for number, line in enumerate(self._content, 1):
                text = (line.removeprefix(UTF8_MARK) if number == 1 else line).strip()
                if text:
                    yield number, text
        except (OSError, EOFError) as error:
            raise InputUnreadable(f"{self.path} is damaged or cut off: {error}.") from error

    def rows(self, *, delimiter: str = ",", encoding: str = "utf-8") -> Iterator[Row]:
        """The rows of a table, the header too; a row that is not text of this encoding is wrong by itself."""
        encoding = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
        text = io.TextIOWrapper(self._content, encoding=encoding, errors="surrogateescape", newline="")
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        last = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(last + 1, [], f"is no row of a table ({error})")
            except (OSError, EOFError) as error:
                raise InputUnreadable(f"{self.path} is damaged or cut off: {error}.") from error
            else:
                if any(cell.strip() for cell in cells):
                    readable = _encodable(cells)
                    yield Row(last + 1, cells, None if readable else f"is not text in {encoding}")
            last = reader.line_num


def header_of(rows: Iterator[Row], path: Path) -> list[str]:
    """The names of the columns, from the first row; InputUnreadable when they are none."""
    first = next(rows, None)
    if first is None:
        raise InputUnreadable(f"{path} is empty: a table begins with the names of its columns.")
    if first.wrong:
        raise InputUnreadable(f"{path}, line {first.line} {first.wrong}.")
    header = [name.strip() for name in first.cells]
    twice = sorted({name for name in header if header.count(name) > 1 and name})
    if twice:
        raise InputUnreadable(f"{path} has more than one column {', '.join(twice)}.")
    return header


def _encodable(cells: list[str]) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True
