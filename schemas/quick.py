"""A fast decoder (msgspec) of readings and frames: it accepts at most what their contract accepts, and reads the same.

Its structs are made of the models of the contract. What it does not accept (a field that the contract does not know, a
mistake of any kind) goes through `schemas.codec`, which decides and gives the reason.
"""

from dataclasses import asdict
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, Strict
from pydantic.fields import FieldInfo

from schemas.event import EventInstant, instant_of
from schemas.voltage import Frame, Reading

# A RecursionError: to find the tag of an event msgspec skips all that stands before it, however deep it is nested.
REFUSALS: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_TAG: Final = "event_type"


def struct_of(model: type[BaseModel], *, with_unknown: bool = False) -> type[msgspec.Struct]:
    """The struct of a model; its instants are text. Validators of the model as a whole are not in it.

    `with_unknown`: fields that the model does not have are passed over instead of refused.

    Raises TypeError where the contract demands something that has no counterpart here.
    """
    hints = get_type_hints(model, include_extras=True)
    fields: list[Any] = []
    for name, field in model.model_fields.items():
        if name != _TAG:
            kind = str if hints[name] == EventInstant else _type(hints[name])
            fields.append((name, kind) if field.is_required() else (name, kind, field.default))
    tag = model.model_fields[_TAG].default
    return msgspec.defstruct(
        f"Quick{model.__name__}",
        fields,
        namespace={_TAG: tag},
        tag_field=_TAG,
        tag=tag,
        forbid_unknown_fields=not with_unknown,
        kw_only=True,
        gc=False,
    )


def decode_quickly(value: bytes) -> Any:
    """The reading or frame in a record's value, with the attributes of the event; None where the contract decides."""
    try:
        event: Any = _ANY.decode(value)
    except REFUSALS:
        return None
    event.recorded_at = instant_of(event.recorded_at)
    if isinstance(event, READING):
        event.occurred_at = first = instant_of(event.occurred_at)
    else:
        event.start = first = instant_of(event.start)
        if event.qualities is not None and len(event.qualities) != len(event.values_centivolts):
            return None
    return None if event.recorded_at is None or first is None else event


def _type(hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        bounds = {name: value for extra in arguments[1:] for name, value in _bounds(extra).items()}
        inner = _type(arguments[0])
        return Annotated[inner, msgspec.Meta(**bounds)] if bounds else inner
    if origin in (Union, UnionType):
        return Union[tuple(map(_type, arguments))]  # noqa: UP007  # the types are known at run time only
    if origin is tuple:
        return tuple[_type(arguments[0]), ...]  # type: ignore[misc]  # as above
    if origin is Literal or hint in (int, str, NoneType):
        return hint
    raise TypeError(f"the quick decoder has no type for {hint}")


def _bounds(extra: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in extra.metadata if isinstance(extra, FieldInfo) else [extra]:
        if isinstance(each, Ge | Le | MinLen | MaxLen):
            found |= asdict(each)
        elif not isinstance(each, Strict) or each.strict:  # a list that need not be a tuple: JSON has only lists
            raise TypeError(f"the quick decoder has no bound for {each}")
    return found


READING: Final[Any] = struct_of(Reading)
# Of one struct alone msgspec accepts objects without a tag, of two it does not.
ANY: Final[Any] = READING | struct_of(Frame)
_ANY: Final = msgspec.json.Decoder(ANY)
