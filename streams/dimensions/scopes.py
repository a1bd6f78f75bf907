"""Scopes and cells: where measures add up, as strings that are topic keys too.

A scope is one member of a grouping set, such as `all`, `region=X`, `region=X,area_type=Y`; a cell is `scope|day`, with
the day an ISO local date or `now`; what is no sum of days stands in cells `scope|week`, `scope|month` and
`scope|last30d`. Values are percent-quoted where they hold a character of this notation.

`Cell` and `Change` are the same in memory, in parts: text is parsed where a record is read, and not made again.
"""

from functools import lru_cache
from sys import intern
from typing import NamedTuple
from urllib.parse import unquote
from zlib import crc32

ALL = "all"
NOW = "now"
UNKNOWN = "unknown"

GROUPINGS: tuple[str, ...] = (ALL, "region", "region,area_type", "crew", "category", "level", "area")


class Cell(NamedTuple):
    """A scope in a period."""

    scope: str
    period: str


class Change(NamedTuple):
    """A measure of a cell whose sum is another one now."""

    scope: str
    period: str
    measure: str


_QUOTED = {ord(c): f"%{ord(c):02X}" for c in [*"%|,=", *map(chr, range(0x20)), "\x7f"]}


@lru_cache(maxsize=8192)
def region(name: str) -> str:
    """The scope of a region."""
    return f"region={name.translate(_QUOTED)}"


@lru_cache(maxsize=8192)
def region_area_type(name: str, area_type: str) -> str:
    """The scope of one area type (urban, rural, remote, unknown) within a region."""
    return f"{region(name)},area_type={area_type.translate(_QUOTED)}"


@lru_cache(maxsize=8192)
def crew(name: str) -> str:
    """The scope of a crew."""
    return f"crew={name.translate(_QUOTED)}"


@lru_cache(maxsize=65536)
def area(name: str) -> str:
    """The scope of a transformer area."""
    return f"area={name.translate(_QUOTED)}"


@lru_cache(maxsize=1024)
def category(name: str) -> str:
    """The scope of a category of complaints."""
    return f"category={name.translate(_QUOTED)}"


@lru_cache(maxsize=1024)
def level(name: str) -> str:
    """The scope of a level of complaints."""
    return f"level={name.translate(_QUOTED)}"


def cell(scope: str, day: str = NOW) -> str:
    """The cell of a scope on a local day (ISO date), or now."""
    return f"{scope}|{day}"


def split(cell: str) -> Cell:
    """Scope and period of a cell's text; of equal ones there is one string in memory."""
    scope, _, period = cell.rpartition("|")
    return Cell(intern(scope), intern(period))


@lru_cache(maxsize=65536)
def fields(scope: str) -> tuple[tuple[str, str], ...]:
    """The fields of a scope with their plain values, in the order of the notation; none for `all`."""
    if scope == ALL:
        return ()
    pairs = (part.partition("=") for part in scope.split(","))
    return tuple((name, unquote(value)) for name, _, value in pairs)


@lru_cache(maxsize=65536)
def grouping(scope: str) -> str:
    """The grouping set a scope belongs to, one of GROUPINGS."""
    return ALL if scope == ALL else ",".join(name for name, _ in fields(scope))


@lru_cache(maxsize=65536)
def owner(scope: str, partitions: int) -> int:
    """The source partition whose worker publishes the KPIs of a scope."""
    return crc32(scope.encode()) % partitions
