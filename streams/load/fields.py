"""The fields of an event for the mapping of a table, with the kind of value of each."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import orjson
from pydantic import TypeAdapter, ValidationError

from schemas import EVENTS

Kind = Literal["text", "integer", "boolean", "instant", "list", "object"]
_KINDS: dict[str, Kind] = {
    "string": "text",
    "integer": "integer",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}


@dataclass(frozen=True)
class Field:
    """The kind of value of a field, whether it may be null, and whether it is required."""

    kind: Kind
    nullable: bool
    required: bool
    item: "Field | None" = None


class Contract:
    """One family of events; a path is names of fields joined by dots, an element of a list by its fields' names."""

    def __init__(self, family: str) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(next(it.union for it in EVENTS if it.name == family))
        schema = self._adapter.json_schema()
        self._definitions: dict[str, Any] = schema["$defs"]
        references: dict[str, str] = schema["discriminator"]["mapping"]
        self._events = {tag: self._definitions[reference.rsplit("/")[-1]] for tag, reference in references.items()}

    @property
    def event_types(self) -> tuple[str, ...]:
        return tuple(self._events)

    def paths(self, event_type: str) -> tuple[str, ...]:
        """The fields of an event; fields of nested objects as `areas.customers`."""
        return tuple(self._paths(self._events[event_type], ""))

    def required(self, event_type: str) -> tuple[str, ...]:
        """The required fields of the event type."""
        return tuple(self._events[event_type]["required"])

    def field(self, event_type: str, path: str) -> Field | None:
        """The field at a path; None when the event has none there."""
        at, found = self._events[event_type], None
        for name in path.split("."):
            if name not in at.get("properties", {}):
                return None
            found = self._field(at["properties"][name], required=name in at.get("required", ()))
            inner, _ = self._resolved(at["properties"][name])
            at = self._resolved(inner["items"])[0] if found.kind == "list" else inner
        return found

    def objection(self, event_type: str, path: str, value: Any) -> str | None:
        """The contract's error for this value at the path; None: valid. Other fields may be missing."""
        names = path.split(".")
        try:
            self._adapter.validate_json(orjson.dumps(nested({"event_type": event_type}, self, event_type, path, value)))
        except orjson.JSONEncodeError as error:
            return str(error)
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False):
                place = [str(part) for part in problem["loc"] if not isinstance(part, int)]
                if place == [event_type, *names]:
                    return problem["msg"]
        return None

    def _paths(self, schema: dict[str, Any], before: str) -> list[str]:
        found = []
        for name, part in schema.get("properties", {}).items():
            inner, _ = self._resolved(part)
            at = self._resolved(inner["items"])[0] if inner.get("type") == "array" else inner
            within = self._paths(at, f"{before}{name}.") if "properties" in at else []
            found += within or [before + name]
        return found

    def _field(self, schema: dict[str, Any], *, required: bool) -> Field:
        inner, nullable = self._resolved(schema)
        kind: Kind = "instant" if inner.get("format") == "date-time" else _KINDS[inner["type"]]
        item = self._field(inner["items"], required=False) if kind == "list" else None
        return Field(kind, nullable, required, item)

    def _resolved(self, schema: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Without references and null: (schema, nullable)."""
        if "$ref" in schema:
            return self._resolved(self._definitions[schema["$ref"].rsplit("/")[-1]])
        if "anyOf" in schema:
            parts = [part for part in schema["anyOf"] if part.get("type") != "null"]
            return self._resolved(parts[0])[0], len(parts) < len(schema["anyOf"])
        return schema, False


def nested(body: dict[str, Any], contract: Contract, event_type: str, path: str, value: Any) -> dict[str, Any]:
    """Put a value at its path; a list of objects gets one element."""
    names, at = path.split("."), body
    for depth, name in enumerate(names[:-1], 1):
        outer = contract.field(event_type, ".".join(names[:depth]))
        listed = outer is not None and outer.kind == "list"
        at = at.setdefault(name, [{}])[0] if listed else at.setdefault(name, {})
    at[names[-1]] = value
    return body


@cache
def contract_of(family: str) -> Contract:
    """The contract of a family, made once."""
    return Contract(family)
