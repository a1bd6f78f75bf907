"""Tables: a header, then rows. Every physical line belongs to one row, or is refused by itself and keeps its bytes.

A quoted cell may span several lines (RFC 4180). A single stray quote has the same form, and would swallow the rows
below it: if these lines have the form of rows, the line with the quote is refused, and each line is read as a row.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from streams.errors import InputUnreadable
from streams.load.formats import unicode_of
from streams.load.physical import LINE_BYTES_MAX, Physical
from streams.load.source import Source

LINES_OF_A_CELL_MAX = 100
HEADER_SEARCHED_LINES = 50
BYTE_ORDER_MARK = "\ufeff"
_UNCLOSED = "unexpected end of data"
_TO_THE_CLOSING_QUOTE = re.compile(r'(?:[^"]|"")*+"')
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)


class Row(NamedTuple):
    """A record of a table: its first line, its cells, its bytes, and its error, if any."""

    line: int
    cells: list[str]
    raw: bytes
    lines: int = 1
    wrong: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether the row is empty, or only delimiters."""
        return self.wrong is None and not any(cell.strip() for cell in self.cells)


class Table:
    """A table open for reading: its header, as text and as it came, and its rows, the blank ones too."""

    def __init__(self, source: Source, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
        self._path = source.path
        self._delimiter = delimiter
        self._named = encoding
        self.encoding = self._checked(source.head, encoding)
        self._physical = source.lines(self.encoding)
        self._again: deque[Physical] = deque()
        self.header_lines = 0  # and lines above it
        self.header_raw = b""
        self.header = self._header()

    def rows(self) -> Iterator[Row]:
        """The rows below the header."""
        while (line := self._next()) is not None:
            yield self._row(line)

    def line_with(self, names: set[str]) -> int | None:
        """The first of the next lines that has these names: the header of a table that has something above it."""
        for line in self._ahead(HEADER_SEARCHED_LINES):
            if names <= {name.strip() for name in self._row(line).cells}:
                return line.number
        return None

    def _ahead(self, count: int) -> Iterator[Physical]:
        for _ in range(count):
            line = self._next()
            if line is None:
                return
            yield line

    def _checked(self, head: bytes, encoding: str) -> str:
        """The encoding in which lines are read; UTF-16 gets its byte order."""
        proven, wide = unicode_of(head), encoding.startswith("utf-16")
        if proven is not None and proven != encoding and not (encoding == "utf-16" and proven.startswith("utf-16")):
            written = proven[:6] if proven.startswith("utf-16") else proven
            raise InputUnreadable(
                f'{self._path} is text in {written}, and is read as {encoding}: encoding = "{written}" in [csv] of the '
                "mapping reads it."
            )
        return (proven or "utf-16-le") if wide and encoding == "utf-16" else encoding

    def _next(self) -> Physical | None:
        return self._again.popleft() if self._again else next(self._physical, None)

    def _header(self) -> list[str]:
        """The names of the columns, from the first row; InputUnreadable when they are none."""
        while (line := self._next()) is not None:
            row = self._row(line, header=True)
            self.header_lines += row.lines
            self.header_raw += row.raw
            if row.wrong:
                raise InputUnreadable(f"{self._path}, line {row.line} {row.wrong}.")
            if row.line == 1 and self._is_separator_line(row):
                continue
            if not row.is_blank:
                return [name.strip() for name in row.cells]
        raise InputUnreadable(f"{self._path} is empty: a table begins with the names of its columns.")

    def _is_separator_line(self, row: Row) -> bool:
        """Whether this is the line with which Excel names the delimiter; InputUnreadable when it names another one."""
        text = self._text(row.raw).strip()
        named = _SEPARATOR_LINE.fullmatch(text)
        if named and named[1] != self._delimiter:
            raise InputUnreadable(
                f"{self._path} has {text}, and the delimiter of the mapping is {self._delimiter!r}: "
                f"delimiter = {named[1]!r} in [csv] reads it."
            )
        return named is not None

    def _row(self, line: Physical, *, header: bool = False) -> Row:
        if line.too_long:
            return Row(line.number, [], line.raw, wrong=f"is longer than {LINE_BYTES_MAX // 2**20} MiB")
        try:
            text = self._text(line.raw)
        except UnicodeDecodeError:
            hint = "; encoding in [csv] of the mapping names another one" if header else ""
            return Row(line.number, [], line.raw, wrong=f"is not text in {self._named}{hint}")
        if header and "\0" in text:
            return Row(line.number, [], line.raw, wrong="has NUL bytes, which no text has")
        try:
            return Row(line.number, self._cells(text.rstrip("\r\n")), line.raw)
        except csv.Error as error:
            if str(error) == _UNCLOSED:
                return self._across(line, text, header=header)
            return Row(line.number, [], line.raw, wrong=f"is no row of a table ({_explained(error)})")

    def _across(self, first: Physical, text: str, *, header: bool) -> Row:
        """A row whose last cell continues in the next lines; if these have the form of rows, it is refused."""
        cells = next(csv.reader([text], delimiter=self._delimiter))
        column, opening_width = len(cells) - 1, text.count(self._delimiter) + 1
        raw, widths, is_open = first.raw, [], True
        taken: list[Physical] = []
        for line in self._ahead(LINES_OF_A_CELL_MAX):
            taken.append(line)
            raw += line.raw
            if line.too_long or len(raw) > LINE_BYTES_MAX:
                break
            try:
                text = self._text(line.raw)
                cells, is_open = self._continued(cells, text)
            except (UnicodeDecodeError, csv.Error):
                break
            widths.append(self._width(text))
            if not is_open:
                break
        width = len(cells) if header else len(self.header)
        swallows = width in widths[:-1] or (width in widths[-1:] and opening_width >= width > 1)
        if not is_open and len(cells) == width and not swallows:
            return Row(first.number, cells, raw, 1 + len(taken))
        self._again.extendleft(reversed(taken))
        place = f"column {self.header[column]!r}" if not header and column < width else f"cell {column + 1}"
        return Row(first.number, [], first.raw, wrong=f"opens a quote in {place} that is not closed in its row")

    def _continued(self, cells: list[str], text: str) -> tuple[list[str], bool]:
        """The cells with a further line of the last one; and whether a cell is still open. csv.Error as csv has it."""
        closing = _TO_THE_CLOSING_QUOTE.match(text)
        if closing is None:
            return [*cells[:-1], cells[-1] + text.replace('""', '"')], True
        rest = text[closing.end() :].rstrip("\r\n")
        if rest and not rest.startswith(self._delimiter):
            raise csv.Error(f"{self._delimiter!r} expected after '\"'")
        ended = cells[-1] + text[: closing.end() - 1].replace('""', '"')
        try:
            further, opened = self._cells(rest), False
        except csv.Error as error:
            if str(error) != _UNCLOSED:
                raise
            further, opened = next(csv.reader([text[closing.end() :]], delimiter=self._delimiter)), True
        return [*cells[:-1], ended, *further[1:]], opened

    def _width(self, text: str) -> int:
        try:
            return len(self._cells(text.rstrip("\r\n")))
        except csv.Error:
            return text.count(self._delimiter) + 1

    def _cells(self, text: str) -> list[str]:
        if '"' not in text:
            return text.split(self._delimiter)
        return next(csv.reader([text], delimiter=self._delimiter, strict=True))

    def _text(self, raw: bytes) -> str:
        """The text of a line. One in the middle of a file may begin with a mark, too: files were joined there."""
        return raw.decode(self.encoding).lstrip(BYTE_ORDER_MARK)


def _explained(error: csv.Error) -> str:
    text = str(error)
    return (
        "text follows a closing quote; a quote in a quoted cell is written twice" if "expected after" in text else text
    )
