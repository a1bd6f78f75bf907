"""Files, plain or gzip: their physical lines, in bounded memory, with the progress of reading."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from streams.errors import InputUnreadable
from streams.load.formats import GZIP_MAGIC, SNIFFED_BYTES, foreign
from streams.load.physical import Physical, physical_lines

_CHUNK_BYTES = 64 * 1024
# Tables and events compress by 5 to 50; gzip at most by 1032. Only a large file with an extreme ratio is refused.
UNPACKED_BYTES_FREE = 64 * 1024 * 1024
UNPACKED_RATIO_MAX = 200


class Source:
    """A file open for reading; gzip is known by its first bytes, whatever the file is called."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.overflow: Callable[[bytes], object] | None = None  # takes the parts of a line that is too long
        self._unpacked = 0
        try:
            self.size = path.stat().st_size
            self._raw = path.open("rb")
        except OSError as error:
            raise InputUnreadable(f"{path} cannot be read: {error.strerror}.") from error
        self._packed = self._raw.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
        self._content = cast("BinaryIO", gzip.GzipFile(fileobj=self._raw)) if self._packed else self._raw
        try:
            self.head = self._read()
        except BaseException:
            self._raw.close()
            raise
        wrong = foreign(self.head[:SNIFFED_BYTES], unpacked=self._packed)
        if wrong:
            self._raw.close()
            raise InputUnreadable(f"{path} {wrong}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._raw.close()

    @property
    def position(self) -> int:
        """Bytes of the file, as it lies there, that were read; up to `size`. Of a pipe, which has no size, none."""
        return self._raw.tell() if self._raw.seekable() else 0

    def whole(self, bytes_max: int) -> bytes:
        """All of a file that has to be read at once."""
        parts, size = [], 0
        for chunk in self._chunks():
            size += len(chunk)
            if size > bytes_max:
                raise InputUnreadable(f"{self.path} holds more than {bytes_max // 2**20} MiB.")
            parts.append(chunk)
        return b"".join(parts)

    def lines(self, encoding: str = "utf-8") -> Iterator[Physical]:
        """Every physical line, the empty ones too."""
        return physical_lines(self._chunks(), encoding, lambda part: self.overflow(part) if self.overflow else None)

    def _chunks(self) -> Iterator[bytes]:
        chunk, self.head = self.head, b""
        while chunk:
            yield chunk
            chunk = self._read()

    def _read(self) -> bytes:
        try:
            chunk = cast("bytes", self._content.read1(_CHUNK_BYTES))  # type: ignore[attr-defined]  # both have it
        except (OSError, EOFError, zlib.error) as error:
            raise InputUnreadable(f"{self.path} is damaged or cut off: {error}.") from error
        self._unpacked += len(chunk)
        if self._packed and self._unpacked > UNPACKED_BYTES_FREE:
            ratio = self._unpacked // max(1, self._raw.tell() if self._raw.seekable() else self._unpacked)
            if ratio > UNPACKED_RATIO_MAX:
                raise InputUnreadable(
                    f"{self.path} unpacks to more than {UNPACKED_RATIO_MAX} times its size, which no file of events "
                    "does; the rest was not read. Unpack it first if it is right."
                )
        return chunk
