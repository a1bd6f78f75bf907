"""Files that are not text, known by their first bytes: the format, and the command that converts it to text."""

SNIFFED_BYTES = 4096
GZIP_MAGIC = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TAR_AT, _TAR = 257, b"ustar"
_UTF32 = "is text in UTF-32; write it as UTF-8 (iconv -f UTF-32 -t UTF-8)"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", _UTF32),
    (b"\x00\x00\xfe\xff", _UTF32),
    (b"BZh", "is packed with bzip2; unpack it first (bunzip2 --keep FILE)"),
    (b"\xfd7zXZ\x00", "is packed with xz; unpack it first (unxz --keep FILE)"),
    (b"\x28\xb5\x2f\xfd", "is packed with Zstandard; unpack it first (unzstd FILE)"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it first, and send each file in it"),
    (b"Rar!", "is a RAR archive; unpack it first, and send each file in it"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Excel workbook (.xls); save the sheet as CSV UTF-8"),
    (b"PAR1", "is a Parquet file; export it as CSV or JSON Lines"),
    (b"SQLite format 3\x00", "is an SQLite database; export the table as CSV"),
    (b"%PDF", "is a PDF; export the data as CSV"),
)
_ZIP = b"PK\x03\x04"
_SHEETS = ((b"xl/", "an Excel workbook (.xlsx)"), (b"opendocument", "an OpenDocument sheet (.ods)"))
_MARKUP = (b"<?xml", b"<!doctype", b"<html", b"<table")


def foreign(head: bytes, *, unpacked: bool = False) -> str | None:
    """The format of a file that is neither JSON Lines nor a table, as the end of a sentence; None: it may be either.

    `unpacked`: these are the first bytes of what gzip had packed.
    """
    if unpacked and head.startswith(GZIP_MAGIC):
        return "is packed with gzip twice; unpack it first (gunzip --keep FILE)"
    if head[_TAR_AT:].startswith(_TAR):
        return "is a tar archive; unpack it first (tar -xf FILE), and send each file in it"
    if head.startswith(_ZIP):
        sheet = next((name for mark, name in _SHEETS if mark in head), None)
        if sheet or b"[Content_Types].xml" in head:
            return f"is {sheet or _SHEETS[0][1]}; save the sheet as CSV UTF-8"
        return "is a zip archive; unpack it first (unzip FILE), and send each file in it"
    if head.removeprefix(UTF8_MARK).lstrip().lower().startswith(_MARKUP):
        return "is XML or HTML; export the data as CSV or JSON Lines"
    return next((sentence for magic, sentence in _MAGIC if head.startswith(magic)), None)


def unicode_of(head: bytes) -> str | None:
    """The encoding that the first bytes prove: a byte order mark, or the NULs of UTF-16 without one; None: neither."""
    if head.startswith(UTF8_MARK):
        return "utf-8"
    if head.startswith(_UTF16_MARKS):
        return "utf-16-le" if head.startswith(_UTF16_MARKS[0]) else "utf-16-be"
    first, second = head[0:64:2], head[1:64:2]  # bytes at even and at uneven places
    if second and not any(second) and all(first):
        return "utf-16-le"
    return "utf-16-be" if second and not any(first) and all(second) else None
