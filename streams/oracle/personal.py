"""What `gridpulse verify` shows of a record: what the contract declares, and nothing about a customer."""

import re
from collections.abc import Collection, Iterable
from typing import Any, Final

import orjson

from streams.oracle.records import FAMILIES

LEFT_OUT: Final = "[left out]"
# Who the customer is, and what was written in words about the case.
NEVER_SHOWN: Final = {"complaints": frozenset({"customer_ref", "reason"})}
# A record that violates the contract may have any value in any field: only plausible values of identifiers are kept.
OF_REFUSED: Final = {
    "complaint_id": r"[A-Za-z0-9._:/|#+-]{1,128}",
    "work_order_id": r"[A-Za-z0-9._:/|#+-]{1,128}",
    "event_id": r"[A-Za-z0-9._:/|#+-]{1,128}",
    "event_type": r"[a-z_]{1,32}",
    "revision": r"[0-9]{1,6}",
    "occurred_at": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]{1,18}([Zz]|[+-][0-9:]{1,5})",
    "recorded_at": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]{1,18}([Zz]|[+-][0-9:]{1,5})",
}
FIELD: Final = r"[A-Za-z_][A-Za-z0-9_.-]{0,63}"  # what names a field; other keys may be a value by themselves
TAGS: Final = ("event_type", "record_type")
OF_PEOPLE: Final = ("complaints", "repairs")


def cleaned(rows: Iterable[tuple[Any, ...]], contract: Iterable[tuple[str, str, str]]) -> list[tuple[Any, ...]]:
    """Records (topic, ..., admitted, body) with bodies that may be shown; `contract` has (family, field, part)."""
    declared: dict[str, set[str]] = {}
    for family, field, part in contract:
        declared.setdefault(family, set(TAGS)).update((field, part))
    found = []
    for *place, admitted, body in rows:
        family = FAMILIES[place[0]]
        found.append((*place, admitted, shown(family, body, declared.get(family, ()), admitted=admitted)))
    return found


def shown(family: str, body: str | None, declared: Collection[str], *, admitted: bool) -> str | None:
    """A record's value for people to read; `declared` are the names of the family's fields."""
    if body is None or not declared:
        return body
    try:
        return _shown(family, orjson.loads(body), declared, admitted=admitted)
    except (ValueError, TypeError, RecursionError):  # no JSON, or nested deeper than can be walked or written
        return LEFT_OUT


def _shown(family: str, value: Any, declared: Collection[str], *, admitted: bool) -> str:
    if family in OF_PEOPLE and not admitted:
        return orjson.dumps(
            {name: _if_like(value[name], like) for name, like in OF_REFUSED.items() if name in value}
        ).decode()
    names = frozenset(declared) - NEVER_SHOWN.get(family, frozenset())
    return orjson.dumps(_known(value, names)).decode()  # of a name that stands twice the last value only


def _known(part: Any, names: Collection[str]) -> Any:
    if isinstance(part, dict):
        return {name: _known(inner, names) for name, inner in part.items() if name in names} | {
            name if re.fullmatch(FIELD, name) else LEFT_OUT: LEFT_OUT for name in part if name not in names
        }
    return [_known(inner, names) for inner in part] if isinstance(part, list) else part


def _if_like(value: Any, like: str) -> Any:
    written = isinstance(value, (str, int)) and re.fullmatch(like, str(value)) is not None
    return value if written else LEFT_OUT
