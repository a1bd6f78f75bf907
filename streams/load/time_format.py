"""Errors of the format of times in a mapping: each time has to name one instant."""

import re
from functools import lru_cache
from itertools import pairwise

from streams.load.mapping import EPOCHS

KNOWN = frozenset("aAwdbBmyYHIpMSfzZjUWGVu%")
_OF_THE_MACHINE = frozenset("cxXD")
_DATES = (
    (frozenset("d"), frozenset("mbB")),
    (frozenset("j"),),
    (frozenset("V"), frozenset("uwaA")),
    (frozenset("UW"), frozenset("uwaA")),
)
_DIGITS = {"Y": "4", "G": "4", "j": "3", "f": "1,6", "w": "1", "u": "1"} | dict.fromkeys("dmyHIMSUWV", "2")
_TOKEN = re.compile(r"%.|\s+|[^%\s]+", re.DOTALL)


@lru_cache(maxsize=64)
def run_together(form: str) -> re.Pattern[str] | None:
    """A pattern for times whose numbers follow each other without a separator, as in %Y%m%d; None: there are none.

    strptime takes one digit where two are meant, and so finds the end of a number by guessing.
    """
    found = _TOKEN.findall(form)
    counted = [part[0] == "%" and part[1:] in _DIGITS for part in found]
    if not any(one and other for one, other in pairwise(counted)):
        return None
    parts = []
    for at, (part, is_number) in enumerate(zip(found, counted, strict=True)):
        beside = is_number and True in (*counted[max(0, at - 1) : at], *counted[at + 1 : at + 2])
        if is_number:
            parts.append(rf"[0-9]{{{_DIGITS[part[1:]]}}}" if beside else "[0-9]+")
        elif part.isspace():
            parts.append(r"\s+")
        else:
            parts.append(r"\S+?" if part[0] == "%" and part[1:] != "%" else re.escape(part.replace("%%", "%")))
    return re.compile("".join(parts), re.IGNORECASE)


def objection(form: str) -> str | None:
    """The missing or surplus part of a format, as the end of a sentence; None: the format is valid."""
    if form in EPOCHS:
        return None
    letters = re.findall(r"%(.?)", form, re.DOTALL)
    there = set(letters)
    return _of_letters(letters) or _of_date(there) or _of_day(form, there)


def _of_letters(letters: list[str]) -> str | None:
    for letter in letters:
        if letter in _OF_THE_MACHINE:
            return f"has %{letter}, which each machine writes in its own way: write out its parts"
        if letter not in KNOWN:
            hint = f": {' or '.join(EPOCHS)} read numbers since 1970" if letter == "s" else ""
            return f"has %{letter}, which is no directive{hint}"
        if letter != "%" and letters.count(letter) > 1:
            return f"has %{letter} twice"
    return None


def _of_date(there: set[str]) -> str | None:
    if not there & set("yYG"):
        return "has no year (%Y), so that a time names no instant"
    if not any(all(there & part for part in date) for date in _DATES):
        return "has no whole date (%m and %d, or %j)"
    return None


def _of_day(form: str, there: set[str]) -> str | None:
    if {"H", "I"} <= there:
        return "has %H and %I, two hours"
    if ("I" in there) != ("p" in there):
        return "needs %I and %p together: hours from 1 to 12 name a time with AM or PM only"
    if ("M" in there and not there & {"H", "I"}) or ("S" in there and "M" not in there):
        return "has minutes without an hour, or seconds without minutes"
    if "Z" in there and ("z" in there or not form.endswith("%Z")):
        return "has %Z, the name of a zone, which has to be at the end and without %z"
    return None
