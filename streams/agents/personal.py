"""What a dead letter has of a record: what the contracts declare, and no words about a customer.

Complaints and work orders come from customers. Their letters keep codes, instants, counts and identities of cases, and
leave out everything else: customers, names, addresses, telephone numbers, in whatever field they stand. In the other
topics the values of fields that no contract declares are left out.
"""

import json
import re
from collections import Counter
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from schemas import EVENTS
from schemas.event import INSTANT_PATTERN
from streams.topics import COMPLAINTS, REPAIRS

OF_PEOPLE: Final = (COMPLAINTS, REPAIRS)
_ASTRAY: Final = (b'"complaint_id"', b'"work_order_id"', b'"customer_ref"')  # in a topic that has neither
_NOTHING: Final = (frozenset[str](), dict[str, frozenset[str]]())
LEFT_OUT: Final = "[left out]"
PARSED_BYTES_MAX: Final = 2**20  # what a broker takes by default; a larger value may cost its size many times over
WHOLE_CHARACTERS_MAX: Final = 20
_UNREADABLE: Final = f'"{LEFT_OUT}"'.encode()
_TWICE: Final = object()
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")  # of a field; other keys of an object may be a value by themselves
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

    `topic` has its prefix. In a topic that is not about customers a value stays byte by byte where nothing has to be
    left out. At most `bytes_max` of it; of customers all of it or nothing.
    """
    of = next((name for name in _declared() if topic.endswith(name)), "")
    if of not in OF_PEOPLE and any(name in value for name in _ASTRAY):
        of = COMPLAINTS
    people = of in OF_PEOPLE
    if len(value) > PARSED_BYTES_MAX:
        is_json = value[:bytes_max].lstrip().startswith((b"{", b"["))
        return b"" if people or is_json else value[:bytes_max], people
    try:
        body = json.loads(value, object_pairs_hook=_each_once, parse_int=_whole, parse_constant=str)
    except RecursionError:
        return _UNREADABLE, people
    except ValueError:  # no JSON: nobody knows what in it is about whom
        return b"" if people else value[:bytes_max], people
    try:
        names, codes = _declared().get(of, _NOTHING)
        kept = _codes_only(body, codes) if people else _known(body, names)
        fit = value if kept == body and not people else _written(kept)
    except RecursionError:  # nested deeper than can be walked or written
        fit = _UNREADABLE
    return b"" if people and len(fit) > bytes_max else fit[:bytes_max], people


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= WHOLE_CHARACTERS_MAX else text


def _written(part: Any) -> bytes:
    """JSON, half of a surrogate pair as the escape that it was."""
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a name that stands twice nothing is kept: the first value would be in the bytes and not in it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        found |= {name: _TWICE for name, count in counts.items() if count > 1}
    return found


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
        return {
            name if name in names or _NAME.fullmatch(name) else LEFT_OUT: _known(inner, names)
            if name in names
            else LEFT_OUT
            for name, inner in part.items()
        }
    if isinstance(part, list):
        return [_known(inner, names) for inner in part]
    return LEFT_OUT if part is _TWICE else part


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
