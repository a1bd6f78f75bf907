"""What a dead letter has of a record: what the contracts declare, and no words about a customer.

Complaints and work orders come from customers. Their letters keep codes, instants, counts and identities of cases, and
leave out everything else: customers, names, addresses, telephone numbers, in whatever field they stand. In the other
topics the values of fields that no contract declares are left out.
"""

import re
from functools import cache
from typing import Any, Final

import orjson
from pydantic import TypeAdapter

from schemas import EVENTS
from schemas.event import INSTANT_PATTERN
from streams.topics import COMPLAINTS, REPAIRS

OF_PEOPLE: Final = (COMPLAINTS, REPAIRS)
_ASTRAY: Final = frozenset({"complaint_id", "work_order_id", "customer_ref"})  # in a topic that has neither
_NOTHING: Final = (frozenset[str](), dict[str, frozenset[str]]())
LEFT_OUT: Final = "[left out]"
_IDENTITIES: Final = frozenset(
    {"complaint_id", "work_order_id", "outage_id", "point_id", "event_id", "corrects", "source"}
)
_COUNTS: Final = frozenset({"revision", "cycle", "score"})
_COUNT_MAX: Final = 10**6  # shorter than a telephone number
_IDENTITY = re.compile(r"[A-Za-z0-9._:/|#+-]{1,128}")
_INSTANT = re.compile(INSTANT_PATTERN)
_ERROR = re.compile(r"[A-Za-z_][\w.]*(?=:|$)")


def fit_to_keep(topic: str, value: bytes, bytes_max: int) -> tuple[bytes, bool]:
    """What of a record's value a dead letter may have, and whether the record is about a customer.

    `topic` has its prefix. The value stays byte by byte where nothing has to be left out, up to `bytes_max`: a longer
    one is not parsed.
    """
    of = next((name for name in _declared() if topic.endswith(name)), "")
    people = of in OF_PEOPLE
    raw = b"" if people else value[:bytes_max]
    if len(value) > bytes_max:
        return raw, people
    try:
        body = orjson.loads(value)
        if not people and isinstance(body, dict) and not _ASTRAY.isdisjoint(body):
            of, people, raw = COMPLAINTS, True, b""
        names, codes = _declared().get(of, _NOTHING)
        kept = _codes_only(body, codes) if people else _known(body, names)
        return (value if kept == body else orjson.dumps(kept)), people
    except (ValueError, TypeError, RecursionError):  # no JSON, or nested deeper than can be walked or written
        return raw, people


def without_messages(text: str) -> str:
    """A traceback with the places and classes of its errors, and without their messages, which quote values."""
    lines = []
    for line in text.splitlines():
        error = _ERROR.match(line)
        if line.startswith((" ", "Traceback ")) or error:
            lines.append(error[0] if error else line)
    return "\n".join(lines)


def _known(part: Any, names: frozenset[str]) -> Any:
    if isinstance(part, dict):
        return {name: _known(inner, names) if name in names else LEFT_OUT for name, inner in part.items()}
    return [_known(inner, names) for inner in part] if isinstance(part, list) else part


def _codes_only(body: Any, codes: dict[str, frozenset[str]]) -> Any:
    if not isinstance(body, dict):
        return LEFT_OUT
    return {
        name: value if _is_code(name, value, codes[name]) else LEFT_OUT for name, value in body.items() if name in codes
    }


def _is_code(name: str, value: Any, codes: frozenset[str]) -> bool:
    if isinstance(value, str):
        identity = name in _IDENTITIES and _IDENTITY.fullmatch(value) is not None
        return identity or value in codes or _INSTANT.match(value) is not None
    small = type(value) is int and name in _COUNTS and abs(value) <= _COUNT_MAX
    return value is None or isinstance(value, bool) or small


@cache
def _declared() -> dict[str, tuple[frozenset[str], dict[str, frozenset[str]]]]:
    """By topic: the names of all fields, those inside objects too; and the codes that each field takes."""
    found = {}
    for family in EVENTS:
        definitions = TypeAdapter(family.union).json_schema()["$defs"]
        fields: dict[str, set[str]] = {}
        for definition in definitions.values():
            for name, schema in definition.get("properties", {}).items():
                fields.setdefault(name, set()).update(_codes_in(schema, definitions))
        found[family.topic] = frozenset(fields), {name: frozenset(codes) for name, codes in fields.items()}
    return found


def _codes_in(schema: Any, definitions: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _codes_in(definitions[schema["$ref"].rsplit("/")[-1]], definitions)
    listed = (*schema.get("enum", ()), *schema.get("examples", ()), schema.get("const"))
    codes = {code for code in listed if isinstance(code, str)}
    return codes.union(*(_codes_in(part, definitions) for part in schema.get("anyOf", ())))
