"""Open enumerations: the fields of an event that have one, and the fields with an unlisted value."""

from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Lists = tuple[tuple[str, frozenset[str]], ...]  # by name of the field: the listed values


@cache
def lists_of(model: type[BaseModel]) -> Lists:
    """The lists of a class of events, in the order of its fields."""
    hints = get_type_hints(model, include_extras=True)
    found = ((name, _known(hints[name])) for name in model.model_fields)
    return tuple((name, known) for name, known in found if known is not None)


def _known(annotation: Any) -> frozenset[str] | None:
    """The values listed by `schemas.event.extensible` anywhere in a type."""
    for each in getattr(annotation, "__metadata__", ()):
        extra = each.json_schema_extra if isinstance(each, FieldInfo) else None
        if isinstance(extra, dict) and isinstance(names := extra.get("examples"), list):
            return frozenset(map(str, names))
    inner = (_known(each) for each in get_args(annotation))
    return next((known for known in inner if known is not None), None)


def unlisted(model: type[BaseModel], event: Any) -> tuple[str, ...]:
    """The fields of an event of this class whose value, or one of whose values, is unlisted."""
    found = []
    for name, known in lists_of(model):
        value = getattr(event, name)
        if value is not None and not (value in known if isinstance(value, str) else known.issuperset(value)):
            found.append(name)
    return tuple(found)
