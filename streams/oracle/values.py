"""A record's value as the contract reads it: JSON by RFC 8259, cut down to what the contract declares.

What JSON parsers differ on is decided here, as in docs/decisions/0024: a name that stands twice counts the last time;
NaN and Infinity, which many writers produce, and numbers beyond 64 bits are numbers that are no integer; lone
surrogates, a byte order mark, more than 4300 digits and more than 200 containers in one another are no JSON.
"""

import json
from collections.abc import Mapping
from typing import Any

DEPTH_MAX = 200
TEXT_MAX = 1000  # characters that are kept of a text: no declared one may be as long
ITEMS_MAX = 5001  # entries that are kept of a list: as above
INTEGER_BITS = 64
NO_INTEGER = 0.5  # in place of a number that no field may hold
Declared = Mapping[tuple[str, str, str], frozenset[str]]  # by family, type and part, '' for the event itself


def body(raw: bytes | None, family: str, tag: str, declared: Declared) -> str | None:
    """The declared fields of the JSON object in a value, as JSON; None where there is no object."""
    value = None if raw is None else parsed(raw)
    if not isinstance(value, dict):
        return None
    kind = value.get(tag)
    stated = {} if not isinstance(kind, str) else _fields(value, family, kind, "", declared)
    return json.dumps({tag: kind if isinstance(kind, str) else None, **stated}, ensure_ascii=False)


def parsed(raw: bytes) -> Any:
    """What a value holds; None where it is no JSON."""
    try:
        text = raw.decode()
        value = json.loads(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # fails where a surrogate is alone
    except (ValueError, RecursionError):
        return None
    return value if _depth(value) <= DEPTH_MAX else None


def _depth(value: Any) -> int:
    """How many containers with something in them are in one another."""
    depth, level = 0, [value]
    while level:
        level = [item for item in level if isinstance(item, dict | list) and item]
        depth += bool(level)
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return depth


def _fields(value: dict[str, Any], family: str, kind: str, part: str, declared: Declared) -> dict[str, Any]:
    names = declared.get((family, kind, part), frozenset())
    return {name: _field(item, family, kind, name, declared) for name, item in value.items() if name in names}


def _field(item: Any, family: str, kind: str, name: str, declared: Declared) -> Any:
    """A field, its type kept: objects that are no part of the contract are empty, and so are lists in lists."""
    if isinstance(item, dict):
        return _fields(item, family, kind, name, declared)
    if isinstance(item, list):
        return [
            [] if isinstance(each, list) else _field(each, family, kind, name, declared) for each in item[:ITEMS_MAX]
        ]
    if isinstance(item, str):
        return item[:TEXT_MAX]
    if isinstance(item, float) or (isinstance(item, int) and item.bit_length() >= INTEGER_BITS):
        return NO_INTEGER
    return item
