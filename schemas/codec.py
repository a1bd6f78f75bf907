"""Bytes to events and back: known fields are validated strictly, unknown fields are dropped."""

from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_json

from schemas.complaint import ComplaintBase, ComplaintEvent
from schemas.event import Part
from schemas.network import NetworkBase
from schemas.order import OrderBase, OrderEvent
from schemas.outage import OutageBase, OutageEvent
from schemas.policy import ReferenceRecord
from schemas.quick import decode_quickly
from schemas.voltage import VoltageBase, VoltageEvent

FamilyName = Literal["outages", "repairs", "complaints", "voltage", "network"]
Reason = Literal["undecodable", "invalid"]

_ADAPTERS: Final[dict[str, TypeAdapter[Any]]] = {
    "outages": TypeAdapter(OutageEvent),
    "repairs": TypeAdapter(OrderEvent),
    "complaints": TypeAdapter(ComplaintEvent),
    "voltage": TypeAdapter(VoltageEvent),
    "network": TypeAdapter(ReferenceRecord),
}
_NO_OBJECT: Final = ("json_invalid", "model_attributes_type", "dict_type", "model_type")
_ERRORS_SHOWN_MAX: Final = 5
_DETAIL_CHARACTERS_MAX: Final = 1000


class Decoded(NamedTuple):
    """An event, and the paths of fields that its contract does not have: they were dropped."""

    event: Any
    unknown: tuple[str, ...]

    @property
    def unknown_fields(self) -> int:
        """Their number."""
        return len(self.unknown)


class InvalidEvent(Exception):
    """A record that is no event of its family: `undecodable` is no JSON object, `invalid` violates the contract."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep reason and detail beside the message."""
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.detail = detail


def decode(family: str, raw: bytes | None) -> Decoded:
    """The event in the value of a record, without unknown fields; raises InvalidEvent."""
    if raw is None:
        raise InvalidEvent("undecodable", "The record has no value")
    try:
        event = _ADAPTERS[family].validate_json(raw)
    except ValidationError as error:
        raise _explain(error) from None
    return Decoded(event, tuple(_drop_unknown_fields(event)))


def decode_each(family: str, values: Iterable[bytes | None]) -> tuple[list[Any], int]:
    """As `decode` for each value: events, or InvalidEvent, and the number of unknown fields of all.

    Readings and frames may be structs with the attributes of their class (`schemas.quick`).
    """
    decoded = [_decoded(family, value) for value in values]
    events = [one.event if isinstance(one, Decoded) else one for one in decoded]
    return events, sum(one.unknown_fields for one in decoded if isinstance(one, Decoded))


def _decoded(family: str, raw: bytes | None) -> Decoded | InvalidEvent:
    quick = decode_quickly(raw) if family == "voltage" and raw is not None else None
    if quick is not None:
        return Decoded(quick, ())
    try:
        return decode(family, raw)
    except InvalidEvent as error:
        return error


def encode(event: Part) -> bytes:
    """The JSON of an event: absent stays absent, null stays null, instants as RFC 3339 in UTC."""
    tag = "event_type" if hasattr(event, "event_type") else "record_type"
    body = event.model_dump(mode="json", exclude_unset=True)
    return to_json({tag: getattr(event, tag), **body})


def case_id(event: Part) -> str:
    """The key of the event's record: outage, work order, complaint, area, or `<record_type>/<id>` of the network."""
    if isinstance(event, OutageBase):
        return event.outage_id
    if isinstance(event, OrderBase):
        return event.work_order_id
    if isinstance(event, ComplaintBase):
        return event.complaint_id
    if isinstance(event, VoltageBase):
        return event.area
    if isinstance(event, NetworkBase):
        return event.record_key
    raise TypeError(f"{type(event).__name__} is no event of a topic")


def _parts_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that hold objects, which may have unknown fields of their own."""
    return tuple(name for name, field in model.model_fields.items() if _holds_parts(field.annotation))


def _holds_parts(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_parts(argument) for argument in get_args(annotation))


# By class, so that an event without inner objects costs one lookup.
_PARTS: Final[dict[type, tuple[str, ...]]] = {}


def _drop_unknown_fields(part: BaseModel, path: str = "") -> list[str]:
    """Drop unknown fields, which would be unchecked attributes; returns their paths."""
    unknown = []
    extra = part.__pydantic_extra__
    if extra:
        unknown = [path + name for name in extra]
        part.__pydantic_fields_set__.difference_update(extra)
        extra.clear()
    names = _PARTS.get(type(part))
    if names is None:
        names = _PARTS[type(part)] = _parts_of(type(part))
    for name in names:
        value = getattr(part, name)
        if value is not None:
            for number, inner in enumerate(value if isinstance(value, tuple) else (value,)):
                unknown += _drop_unknown_fields(inner, f"{path}{name}.{number}.")
    return unknown


def _explain(error: ValidationError) -> InvalidEvent:
    """The errors with their places, without values: details are published, and values may be personal."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    if problems[0]["type"] in _NO_OBJECT and not problems[0]["loc"]:
        return InvalidEvent("undecodable", problems[0]["msg"])
    shown = [f"{'.'.join(map(str, problem['loc'])) or 'event'}: {_message(problem)}" for problem in problems]
    rest = len(shown) - _ERRORS_SHOWN_MAX
    detail = "; ".join(shown[:_ERRORS_SHOWN_MAX]) + (f"; and {rest} more" if rest > 0 else "")
    return InvalidEvent("invalid", detail[:_DETAIL_CHARACTERS_MAX])


def _message(problem: Any) -> str:
    """The message of pydantic, except for a wrong tag: that message would quote the value."""
    if problem["type"] != "union_tag_invalid":
        return str(problem["msg"])
    quoted, _, expected = problem["msg"].partition(" does not match any of the expected tags: ")
    return f"The {quoted.rpartition('using ')[2]} is none of {expected}"
