"""Identity of a voltage point: its id is unique within its transformer area only, so the area is part of it."""

from functools import lru_cache
from typing import Annotated, Final

from pydantic import Field

_QUOTED: Final = {ord(c): f"%{ord(c):02X}" for c in [*"%/|", *map(chr, range(0x20)), "\x7f"]}
_ID_MAX: Final = 128
# The longest: an area and a point whose characters are all quoted, and the slash between them.
_LONGEST: Final = 2 * 3 * _ID_MAX + 1
CaseId = Annotated[str, Field(min_length=1, max_length=_LONGEST)]
CaseKey = Annotated[str, Field(min_length=1, max_length=len("complaint/") + _LONGEST)]


@lru_cache(maxsize=65536)
def point_id(area: str, point: str) -> str:
    """`<area>/<point>`; in both `%`, `/`, `|` and control characters are percent-quoted, so no two points share one."""
    return f"{area.translate(_QUOTED)}/{point.translate(_QUOTED)}"
