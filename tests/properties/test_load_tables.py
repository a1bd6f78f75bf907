"""Whatever stands in a table: its rows together are the file byte by byte, so that no line is swallowed or lost."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from streams.load.source import Source
from streams.load.tables import Table

HEADER = "a,b,c\n"
NOISE = st.text(alphabet='"x,\n\r\0台 ', max_size=60)
CELLS = st.lists(st.tuples(*[st.text(alphabet='"x,\n 台', max_size=6)] * 3), max_size=8)


def rows_of(content):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        file.write_bytes(content.encode())
        with Source(file) as source:
            table = Table(source)
            return table.header_raw, list(table.rows())


@given(NOISE)
def test_the_rows_of_any_text_are_all_of_its_bytes_and_lines(text):
    header, rows = rows_of(HEADER + text)

    assert header + b"".join(row.raw for row in rows) == (HEADER + text).encode()
    assert sum(row.lines for row in rows) == text_lines(text)
    assert [row.line for row in rows] == [2 + sum(row.lines for row in rows[:at]) for at in range(len(rows))]


@given(CELLS)
def test_a_row_that_is_accepted_has_the_cells_that_were_written(cells):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(cells)

    _, rows = rows_of(HEADER + text.getvalue())

    assert [row.wrong for row in rows] == [None] * len(rows) or any("\n" in cell for row in cells for cell in row)
    accepted = [tuple(row.cells) for row in rows if row.wrong is None and len(row.cells) == 3]
    if not any("\n" in cell for row in cells for cell in row):
        assert accepted == cells


def text_lines(text):
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unified.count("\n") + (not unified.endswith("\n") and unified != "")
