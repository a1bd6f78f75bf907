"""Chunks of a file to its physical lines, in memory that does not grow with a line."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

LINE_BYTES_MAX = 1024 * 1024  # what a broker takes as one record, too


class Physical(NamedTuple):
    """A line of the file with its end, counted from 1; of one that is too long, only the last part."""

    number: int
    raw: bytes
    too_long: bool


def physical_lines(chunks: Iterable[bytes], encoding: str, overflow: Callable[[bytes], object]) -> Iterator[Physical]:
    """Every line, the empty ones too. A line ends in LF, CR LF or CR, as `encoding` writes them.

    `overflow` takes the parts of a line that is too long before it comes itself.
    """
    lf, cr = "\n".encode(encoding), "\r".encode(encoding)
    unit = len(lf)
    number, held, too_long, searched = 1, b"", False, 0
    for chunk in chunks:
        held += chunk
        start = 0
        next_lf, next_cr = _find(held, lf, searched), _find(held, cr, searched)
        while next_lf >= 0 or next_cr >= 0:
            if next_cr < 0 or 0 <= next_lf < next_cr:
                stop = next_lf + unit
            elif next_cr + 2 * unit > len(held):
                break  # the LF that belongs to it may come with the next bytes
            else:
                stop = next_cr + unit * (2 if held.startswith(lf, next_cr + unit) else 1)
            yield Physical(number, held[start:stop], too_long or stop - start > LINE_BYTES_MAX)
            number, too_long, start = number + 1, False, stop
            next_lf = _find(held, lf, start) if 0 <= next_lf < start else next_lf
            next_cr = _find(held, cr, start) if 0 <= next_cr < start else next_cr
        held = held[start:]
        if len(held) > LINE_BYTES_MAX:
            part = (len(held) // unit - 2) * unit  # not what may be the first half of an end
            overflow(held[:part])
            held, too_long = held[part:], True
        searched = max(0, (len(held) // unit - 1) * unit)
    if held or too_long:
        yield Physical(number, held, too_long)


def _find(held: bytes, end: bytes, at: int) -> int:
    """The position of an end at a multiple of its length; -1: none."""
    found = held.find(end, at)
    while found >= 0 and found % len(end):
        found = held.find(end, found + 1)
    return found
