"""Many single readings at once, in columns: validated as `decode` would each, without an object for each of them."""

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast

from pydantic import ValidationError
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from schemas.lists import lists_of
from schemas.voltage import Reading

_FIRST, _LAST = itemgetter(0), itemgetter(-1)
_OPENING, _CLOSING = b"{}"
_TAG: Final = "event_type"


class Readings(NamedTuple):
    """The fields of `Reading` by its names, each with one entry for each reading; what is absent has its default."""

    area: tuple[str, ...]
    point: tuple[str, ...]
    source: tuple[str, ...]
    recorded_at: tuple[int, ...]
    revision: tuple[int, ...]
    phase: tuple[str | None, ...]
    occurred_at: tuple[int, ...]
    value_centivolts: tuple[int | None, ...]
    interval_seconds: tuple[int | None, ...]
    value_kind: tuple[str, ...]
    stamp: tuple[str, ...]
    qualities: tuple[tuple[int, ...] | None, ...]
    nominal_centivolts: tuple[int | None, ...]
    connection: tuple[str | None, ...]

    @classmethod
    def of(cls, events: Sequence[Reading]) -> "Readings":
        """The columns of events that were decoded one by one."""
        return cls(*zip(*map(_ATTRIBUTES, events), strict=True)) if events else cls(*((),) * len(cls._fields))

    def unlisted(self) -> dict[str, list[int]]:
        """By field, which of them hold a value that is on no list; only fields of which one does."""
        found = {}
        for name, known in lists_of(Reading):
            column = getattr(self, name)
            odd = set(column) - known - {None}
            if odd:
                found[name] = [index for index, said in enumerate(column) if said in odd]
        return found

    def one(self, index: int) -> Any:
        """One of them, with the attributes of the event."""
        return SimpleNamespace(event_type="reading", **{name: getattr(self, name)[index] for name in self._fields})


def decode_readings(values: Sequence[bytes | None]) -> tuple[Readings, int] | None:
    """All of them, and how many fields of them nobody knows; None if one is anything else than a good reading.

    With a list inside (of qualities) it counts as something else: records are joined into one list. That cannot make
    one event of two: what ends inside an object or a string would have to go on with `,` and a line break, then `{`;
    in an object a name must follow the comma, in a string no line break may stand, and without `[` nobody is inside a
    list.
    """
    if not values or not all(values):
        return None
    present = cast("Sequence[bytes]", values)
    if set(map(_FIRST, present)) != {_OPENING} or set(map(_LAST, present)) != {_CLOSING}:
        return None
    joined = b",\n".join(present)
    if b"[" in joined:
        return None
    try:
        rows = _ROWS.validate_json(b"[%b]" % joined)
    except ValidationError:
        return None
    return _columns(rows) if len(rows) == len(values) else None


def _columns(rows: list[dict[str, Any]]) -> tuple[Readings, int]:
    columns = _alike(rows)
    if columns is None:
        unknown_fields = sum(len(row.keys() - _KNOWN) for row in rows)
        whole = [_DEFAULTS | row for row in rows]
        columns = {name: tuple([row[name] for row in whole]) for name in Readings._fields}
    else:
        unknown_fields = len(columns.keys() - _KNOWN) * len(rows)
        columns = {name: (default,) * len(rows) for name, default in _DEFAULTS.items()} | columns
    return Readings(*map(columns.__getitem__, Readings._fields)), unknown_fields


def _alike(rows: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]] | None:
    """The columns of rows that all hold the same fields, as those of one source do; None if they do not."""
    names = tuple(rows[0])
    if set(map(len, rows)) != {len(names)}:
        return None
    try:
        return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
    except KeyError:
        return None


def _row_schema() -> tuple[CoreSchema, dict[str, Any]]:
    """What the contract says of a reading, for plain dictionaries; and the defaults of what may be absent."""
    model: Any = Reading.__pydantic_core_schema__
    parts = {name: field["schema"] for name, field in model["schema"]["fields"].items()}
    defaults = {name: part["default"] for name, part in parts.items() if part["type"] == "default" and name != _TAG}
    fields = {
        name: core_schema.typed_dict_field(
            part["schema"] if part["type"] == "default" else part, required=name not in defaults
        )
        for name, part in parts.items()
    }
    row = core_schema.typed_dict_schema(fields, extra_behavior="allow", config={"strict": True})
    return core_schema.list_schema(row), defaults


_ATTRIBUTES: Final = attrgetter(*Readings._fields)
_KNOWN: Final = frozenset((*Readings._fields, _TAG))
_SCHEMA, _DEFAULTS = _row_schema()
_ROWS: Final = SchemaValidator(_SCHEMA)
