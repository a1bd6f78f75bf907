"""JSON lines: one object per line, each key once; other forms are named, with the command that converts them."""

import json
import math
from typing import Any, NoReturn

from streams.load.formats import UTF8_MARK, unicode_of

# Envelopes of other programs, by the fields that only the envelope has, innermost first.
ENVELOPES: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"before", "after", "op"}), "a change event of Debezium", ".after"),
    (frozenset({"specversion", "type", "source"}), "a CloudEvent", ".data"),
    (frozenset({"type", "features"}), "a GeoJSON collection", ".features[].properties"),
    (frozenset({"type", "geometry", "properties"}), "a GeoJSON feature", ".properties"),
    (frozenset({"topic", "partition", "offset", "payload"}), "a record as kcat -J writes it", ".payload | fromjson"),
    (frozenset({"records"}), "a list of records", ".records[]"),
    (frozenset({"_index", "_source"}), "a document of Elasticsearch", "._source"),
    (frozenset({"schema", "payload"}), "an envelope of Kafka Connect", ".payload"),
)
EVENT_TYPE = "event_type"
_ONE_A_LINE = "one event a line is wanted"


class NotAnEvent(Exception):
    """A line that is not one JSON object with each key once."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def not_lines(head: bytes) -> str | None:
    """The format of a file that is not JSON Lines, as the end of a sentence; None: it may be JSON Lines."""
    if (unicode_of(head) or "utf-8") != "utf-8":
        return "is text in UTF-16, and JSON Lines are UTF-8 (iconv -f UTF-16 -t UTF-8 makes that)"
    text = head.removeprefix(UTF8_MARK).lstrip()
    if text.startswith(b"["):
        return f"is a JSON array; {_ONE_A_LINE} (jq -c '.[]' makes that)"
    first, more, _ = text.partition(b"\n")
    if more and first.startswith(b"{") and first.rstrip().endswith((b"{", b"[", b",")):
        return f"is JSON over several lines; {_ONE_A_LINE} (jq -c . makes that)"
    return None


def body_of(text: bytes) -> dict[str, Any]:
    """The object of a line; NotAnEvent names any other form."""
    body = object_of(text)
    if EVENT_TYPE in body:
        return body
    name, path = _wrapping(body)
    if name:
        raise NotAnEvent("unrecognised", f"The line is {name}; {_ONE_A_LINE} (jq -c '{path}' makes that)")
    return body


def object_of(text: bytes) -> dict[str, Any]:
    """The object in a text; NotAnEvent if it is not an object, or a key occurs twice."""
    found = parsed(text)
    if not isinstance(found, dict):
        raise NotAnEvent("undecodable", "The line is no JSON object")
    return found


def parsed(text: bytes) -> Any:
    """The value of a JSON text; NotAnEvent if it is not JSON, or a key occurs twice."""
    try:
        return json.loads(text.decode(), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except UnicodeDecodeError:
        raise NotAnEvent("undecodable", "The line is not text in utf-8") from None
    except RecursionError:
        raise NotAnEvent("undecodable", "The line is nested too deeply") from None
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text.lstrip().startswith(b"{"):
            raise NotAnEvent(
                "undecodable", f"The line has something after its first JSON value; {_ONE_A_LINE} (jq -c .)"
            ) from None
        raise NotAnEvent("undecodable", f"The line is no JSON: {error.msg} at character {error.pos + 1}") from None
    except ValueError:
        raise NotAnEvent("undecodable", "The line has an integer of thousands of digits") from None


def _wrapping(body: dict[str, Any]) -> tuple[str, str]:
    for fields, name, path in ENVELOPES:
        if fields <= body.keys():
            inner = body.get(path.removeprefix("."))
            further = _wrapping(inner) if isinstance(inner, dict) and EVENT_TYPE not in inner else ("", "")
            return (f"{further[0]} in {name}", path + further[1]) if further[0] else (name, path)
    return "", ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # None
        raise NotAnEvent(
            "duplicate_key", f"The key {twice!r} occurs twice in one object, so it is not known which holds"
        )
    return made


def _no_number(text: str) -> NoReturn:
    raise NotAnEvent("undecodable", f"The line has {text}, which is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise NotAnEvent("undecodable", f"The line has {text[:20]}, which is larger than programs read")
    return number
