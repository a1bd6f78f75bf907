"""Tables as programs export them: every physical line is sent, or refused and kept; nothing is swallowed."""

import io
import itertools
import lzma
import zipfile

import pytest
from rich.console import Console

from schemas.event import parse_instant
from streams import clock
from streams.errors import InputUnreadable
from streams.load import sending
from streams.load.source import Source
from streams.load.tables import Table
from streams.settings import Settings

MAPPING = """
family = "voltage"
[time]
zone = "Asia/Shanghai"
[constants]
event_type = "reading"
source = "ami"
[columns]
point = "meter"
area = "transformer"
occurred_at = "time"
recorded_at = "time"
value_centivolts = "volts"
[scale]
value_centivolts = 100
"""
HEADER = "meter,transformer,time,volts,note"
ROWS = [f"VP{number},TA1,2026-06-11T08:{number:02}:00,23{number % 9}.10,fine" for number in range(1, 41)]


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: parse_instant("2026-06-12T00:00:00Z"))


@pytest.fixture
def send(tmp_path):
    numbers = itertools.count()

    def sent(content, *, encoding="utf-8", declared="", name="table.csv"):
        mapping, file = tmp_path / f"mapping-{next(numbers)}.toml", tmp_path / name
        mapping.write_text(MAPPING + declared, "utf-8")
        file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        rejects = tmp_path / f"rejects-{next(numbers)}.csv"
        report = sending.run(
            Settings.load(), file, mapping=mapping, rejects=rejects, dry_run=True, console=Console(file=io.StringIO())
        )
        return report, rejects.read_bytes()

    return sent


def table(*rows, header=HEADER, end="\n"):
    return end.join([header, *rows]) + end


def cells(tmp_path, content, **options):
    file = tmp_path / "cells.csv"
    file.write_bytes(content.encode())
    with Source(file) as source:
        return [row.cells or row.wrong for row in Table(source, **options).rows()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "utf_16"),
        ("gbk", "gbk"),
        ("gb18030", "GB18030"),
        ("latin-1", "latin-1"),
        ("shift-jis", "shift-jis"),
    ],
)
def test_rows_are_found_in_every_encoding_and_with_every_line_end(send, encoding, declared, end):
    note = "caf\xe9" if encoding == "latin-1" else "台"
    content = table(*(row.replace("fine", note) for row in ROWS[:3]), end=end)

    report, rejects = send(content, encoding=encoding, declared=f'[csv]\nencoding = "{declared}"')

    assert (report.exit_code, report.sent.total(), report.lines) == (0, 3, 4)
    assert rejects == (HEADER + end).encode(encoding)


@pytest.mark.parametrize(
    ("content", "encoding", "sentence"),
    [
        (table(*ROWS), "utf-16", 'is text in utf-16, and is read as utf-8: encoding = "utf-16" in [csv]'),
        (table(*ROWS), "utf-16-be", 'encoding = "utf-16" in [csv]'),
        (table(*ROWS, header=HEADER + ",台区"), "gbk", "line 1 is not text in utf-8; encoding in [csv]"),
        ("sep=;\n" + table(*ROWS), "utf-8", "has sep=;, and the delimiter of the mapping is ','"),
        ("Meter: 7\n\n" + table(*ROWS), "utf-8", "The table begins in line 3"),
        (table(*ROWS).replace(",", ";"), "utf-8", "delimiter = ';' in [csv] may be meant."),
        (table(*ROWS, header=HEADER + ",volts"), "utf-8", "more than one column volts: give each a name of its own."),
        (table(header=HEADER.replace("note", '"note')), "utf-8", "line 1 opens a quote in cell 5 that is not closed"),
        (table(*ROWS, header=HEADER.replace("note", '"note')) + '"', "utf-8", "line 1 opens a quote in cell 5"),
        ("\n\n", "utf-8", "is empty: a table begins with the names of its columns"),
    ],
)
def test_a_table_that_is_read_wrong_as_a_whole_is_one_sentence(send, content, encoding, sentence):
    with pytest.raises(InputUnreadable) as error:
        send(content, encoding=encoding)

    assert sentence in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_mark_of_a_file_that_was_joined_is_no_part_of_an_id(tmp_path, encoding):
    marked = "\ufeff\ufeffa,b\n1,2\n\ufeff3,4\n"
    file = tmp_path / "joined.csv"
    file.write_bytes(marked.encode(encoding))

    with Source(file) as source:
        joined = Table(source, encoding=encoding)
        assert (joined.header, [row.cells for row in joined.rows()]) == (["a", "b"], [["1", "2"], ["3", "4"]])


def test_a_byte_order_mark_of_utf_8_is_not_read_as_something_else(send):
    with pytest.raises(InputUnreadable, match="is text in utf-8, and is read as gbk"):
        send("\ufeff" + table(*ROWS), declared='[csv]\nencoding = "gbk"')


@pytest.mark.parametrize(
    "encoding", ["utf-7", "utf-32", "cp037", "rot13", "base64", "punycode", "idna", "undefined", "unicode_escape", "?"]
)
def test_encodings_in_which_no_lines_can_be_found_are_refused_with_the_mapping(send, encoding):
    with pytest.raises(InputUnreadable, match="is not known, or not one in which tables are written"):
        send(table(*ROWS), declared=f'[csv]\nencoding = "{encoding}"')


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"BZh91AY", "is packed with bzip2"),
        (lzma.compress(b"x"), "is packed with xz"),
        ("\ufeffa,b\n".encode("utf-32-le"), "is text in UTF-32"),
        ("\ufeffa,b\n".encode("utf-32-be"), "is text in UTF-32"),
        (b"\x28\xb5\x2f\xfd\x04", "is packed with Zstandard"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Excel workbook (.xls)"),
        (b"<html><table>", "is XML or HTML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "is XML or HTML"),
        (b"PAR1", "is a Parquet file"),
        (b"a" * 257 + b"ustar", "is a tar archive"),
    ],
)
def test_other_kinds_of_files_are_named(send, content, sentence):
    with pytest.raises(InputUnreadable) as error:
        send(content)

    assert sentence in str(error.value)


@pytest.mark.parametrize(("member", "kind"), [("xl/workbook.xml", "Excel workbook (.xlsx)"), ("a.csv", "zip archive")])
def test_a_sheet_is_told_from_an_archive(send, member, kind):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, "x")

    with pytest.raises(InputUnreadable) as error:
        send(packed.getvalue())

    assert kind in str(error.value)


@pytest.mark.parametrize("closed_in", [None, 11, 12, 30])
@pytest.mark.parametrize("column", [0, 2, 4])
def test_a_stray_quote_costs_its_own_line_only(send, column, closed_in):
    rows = list(ROWS)
    broken = rows[10].split(",")
    rows[10] = ",".join([*broken[:column], '"' + broken[column], *broken[column + 1 :]])
    if closed_in is not None:
        rows[closed_in] += '"'

    report, rejects = send(table(*rows))

    name = HEADER.split(",")[column]
    assert report.refused == {("undecodable", ""): 1}
    assert report.shown == [
        f"line 12: undecodable: The line opens a quote in column {name!r} that is not closed in its row."
    ]
    assert (report.sent.total(), report.lines) == (39, 41)
    assert rejects.decode().splitlines() == [HEADER, rows[10]]


def test_a_cell_may_go_on_over_lines_also_with_commas_and_quotes_in_it(tmp_path):
    content = table('"VP\n1",TA,1,2,n', 'VP2,"12 Main\r\nSpring, ""IL""\n\nUS",1,2,"a\nb"', "VP3,T,1,2,n")

    assert cells(tmp_path, content) == [
        ["VP\n1", "TA", "1", "2", "n"],
        ["VP2", '12 Main\r\nSpring, "IL"\n\nUS', "1", "2", "a\nb"],
        ["VP3", "T", "1", "2", "n"],
    ]


def test_lines_of_one_row_are_counted_one_by_one(send):
    rows = [ROWS[0].replace("fine", '"a\nb\nc"'), ROWS[1].replace("237", "x").replace("fine", '"a\nb"'), "", ROWS[2]]

    report, rejects = send("\n" + table(*rows).replace("232.10", "x"))

    assert (report.header_lines, report.sent_lines, report.refused.total(), report.blank_lines) == (2, 4, 2, 1)
    assert report.lines == 9
    assert rejects.decode().endswith('"a\nb"\n')


def test_a_header_may_have_line_breaks_and_the_line_of_excel_above_it(send):
    report, rejects = send("sep=,\r\n" + table(*ROWS[:2], "x", header=HEADER.replace("note", '"the\nnote"')))

    assert (report.header_lines, report.sent_lines, report.refused.total()) == (3, 2, 1)
    assert rejects.decode() == "sep=,\r\n" + table("x", header=HEADER.replace("note", '"the\nnote"'))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ROWS[0] + ",", "has 6 cells, the header 5: a delimiter too many at its end"),
        ("3 rows", "has 1 cells, the header 5"),
        ('"VP"1' + ROWS[0][3:], "text follows a closing quote; a quote in a quoted cell is written twice"),
        ('"VP\\"1"' + ROWS[0][3:], "text follows a closing quote"),
        (ROWS[0].replace("231.10", "231.10\0"), "'231.10\\x00' (column 'volts') is no number"),
        ("V" * (1024 * 1024) + ROWS[0], "is longer than 1 MiB"),
        (ROWS[0].replace("fine", "\udcff"), "is not text in utf-8"),
    ],
)
def test_a_row_that_is_none_is_kept_byte_by_byte_and_the_next_ones_are_sent(send, row, sentence):
    content = table(row, ROWS[1]).encode(errors="surrogateescape")

    report, rejects = send(content)

    assert sentence in report.shown[0]
    assert (report.sent.total(), report.refused.total()) == (1, 1)
    assert rejects == content.replace(ROWS[1].encode() + b"\n", b"")


def test_a_cell_beside_the_named_columns_is_not_overlooked(send):
    shifted = "VP1,TA1,2026-06-11T08:01:00,231,10,fine"  # a decimal comma

    report, _ = send(table(ROWS[0] + ",", shifted, header=HEADER + ","))

    assert report.sent.total() == 1
    assert "The line has 'fine' in a column that has no name" in report.shown[0]


@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\n"), ("utf-16", "\r\n"), ("utf-16-be", "\n"), ("gbk", "\r")])
def test_what_was_refused_can_be_sent_again_after_correction(send, encoding, end):
    wrong = [ROWS[0].replace("231.10", "x"), ROWS[1].replace("fine", '"台'), ROWS[3].replace("234.10", "y")]
    declared = f'[csv]\nencoding = "{encoding}"'

    report, rejects = send(
        table(*wrong[:2], ROWS[2], wrong[2], end=end)[: -len(end)], encoding=encoding, declared=declared
    )
    assert (report.sent.total(), report.refused.total()) == (1, 3)
    again, same = send(rejects, declared=declared)
    assert (again.sent.total(), again.refused.total(), same) == (0, 3, rejects)
    text = rejects.decode(encoding)
    corrected, nothing = send(
        text.replace(",x,", ",231.10,").replace('"台', "台").replace(",y,", ",234.10,").encode(encoding),
        declared=declared,
    )

    assert (corrected.exit_code, corrected.sent.total()) == (0, 3)
    assert nothing.decode(encoding) == HEADER + end


def test_a_utf_16_file_that_is_cut_off_within_a_character_loses_no_line(send):
    content = table(*ROWS[:3]).encode("utf-16")[:-1]

    report, rejects = send(content, declared='[csv]\nencoding = "utf-16"')

    assert (report.sent.total(), report.refused) == (2, {("undecodable", ""): 1})
    assert rejects.startswith(content[: len((HEADER + "\n").encode("utf-16"))])
    assert send(rejects, declared='[csv]\nencoding = "utf-16"')[0].refused.total() == 1


def test_a_row_without_any_event_is_refused(send):
    event = '[[events]]\nwhen = "note"\n'

    report, _ = send(table(ROWS[0], ROWS[1].replace("fine", " ")), declared=event)

    assert report.sent.total() == 1
    assert report.shown == ["line 3: no_event: No event is in the line: nothing is in 'note'."]
