"""Many single readings at once, in columns: validated as `decode` does, without an object for each reading."""

from collections.abc import Iterable, Sequence
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast

import msgspec

from schemas.event import instant_of
from schemas.lists import lists_of
from schemas.quick import ANY, REFUSALS, struct_of
from schemas.voltage import Frame, Reading

_FIRST, _LAST, _KIND = itemgetter(0), itemgetter(-1), attrgetter("event_type")
_OPENING, _CLOSING = b"{}"


class Readings(NamedTuple):
    """The fields of `Reading` by its names, each with one entry for each reading; an absent field has its default."""

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
    def of(cls, events: Sequence[Any]) -> "Readings":
        """The columns of readings, or of rows with the same attributes."""
        return cls(*zip(*map(_ATTRIBUTES, events), strict=True)) if events else cls(*((),) * len(cls._fields))

    def unlisted(self) -> dict[str, list[int]]:
        """By field the indices of readings with an unlisted value; only fields that have such a value."""
        found = {}
        for name, known in lists_of(Reading):
            column = getattr(self, name)
            unlisted = set(column) - known - {None}
            if unlisted:
                found[name] = [index for index, value in enumerate(column) if value in unlisted]
        return found

    def one(self, index: int) -> Any:
        """One reading, with the attributes of the event."""
        return SimpleNamespace(event_type="reading", **{name: getattr(self, name)[index] for name in self._fields})


def decode_readings(values: Sequence[bytes | None]) -> tuple[Readings, int] | None:
    """All readings, and the number of their unknown fields; None unless the quick decoder accepts each as a reading.

    Records are joined into one JSON list. That cannot make one event of two: a record that ends inside an object would
    have to continue with `,` and a name, inside a list with an integer, inside a string with a line break, which JSON
    forbids. An unknown field may hold a list of anything, so records with unknown fields and a `[` are not accepted.
    """
    if not values or not all(values):
        return None
    present = cast("Sequence[bytes]", values)
    if set(map(_FIRST, present)) != {_OPENING} or set(map(_LAST, present)) != {_CLOSING}:
        return None
    joined = b"[%b]" % b",\n".join(present)
    rows, unknown_fields = _rows(_KNOWN_ONLY, joined), 0
    if rows is None and joined.count(b"[") == 1:
        rows, whole = _rows(_WITH_UNKNOWN, joined), _rows(_ANYTHING, joined)  # the former skips unknown fields unread
        if whole is None:
            return None
        unknown_fields = sum(len(row.keys() - _NAMES) for row in whole)
    if rows is None or len(rows) != len(values) or set(map(_KIND, rows)) != {"reading"}:
        return None
    columns = Readings.of(rows)
    recorded_at, occurred_at = _instants(columns.recorded_at), _instants(columns.occurred_at)
    if recorded_at is None or occurred_at is None:
        return None
    return columns._replace(recorded_at=recorded_at, occurred_at=occurred_at), unknown_fields


def _rows(decoder: msgspec.json.Decoder[Any], joined: bytes) -> list[Any] | None:
    try:
        return cast("list[Any]", decoder.decode(joined))
    except REFUSALS:
        return None


def _instants(texts: Iterable[Any]) -> tuple[int, ...] | None:
    """Epoch seconds; None if one is no instant. Readings of one batch share most of their instants."""
    texts = tuple(texts)
    known = {text: instant_of(text) for text in set(texts)}
    if None in known.values():
        return None
    return cast("tuple[int, ...]", tuple(map(known.__getitem__, texts)))


_ATTRIBUTES: Final = attrgetter(*Readings._fields)
_NAMES: Final = frozenset((*Readings._fields, "event_type"))
_KNOWN_ONLY: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(list[ANY])
_ANYTHING: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder()
_TOLERANT: Final[Any] = struct_of(Reading, with_unknown=True) | struct_of(Frame, with_unknown=True)
_WITH_UNKNOWN: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(list[_TOLERANT])
