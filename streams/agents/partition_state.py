"""The state of a source partition that is stored in its position: the lane stores it, and reads no field of it.

The fields and their names are a format (key `extra` of the position). Releases up to November 2026 wrote no `version`,
ignore it, and write back every field that they do not know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, get_type_hints
from zlib import crc32

from pydantic import TypeAdapter, ValidationError

from streams.errors import LaneBroken
from streams.lane.position import REBUILD
from streams.reference.reference import Reference

VERSION: Final = 1  # rises with every field that is added: a release before it then carries the field over unread


@dataclass(frozen=True)
class PartitionState:
    """One stored state. What is None is not stored.

    `carried` are the fields that a release with a greater `version` added: they are stored again as they came.
    """

    version: int = VERSION
    made_with: int = 0  # version of all that is published, of the program that stored this; 0: it did not say
    told_with: str | None = None  # with which program, network and rules the summaries were made; None: nothing says it
    published: int | None = None  # the last read time (epoch seconds) of which KPI records were published
    catalogue: str | None = None  # fingerprint of the KPIs that were published then
    announces_from: int | None = None  # deadlines before it (epoch seconds) are not announced; None: not known yet
    calendar_missing: str | None = None  # the first day without a working calendar that a letter names
    unknown_fields: int = 0
    unlisted: Mapping[str, int] = field(default_factory=dict)  # values that are on no list, by `family.field`
    refused: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # rejected records by topic and reason
    unsettled: Mapping[str, Sequence[str] | int | None] = field(default_factory=dict)  # as the ledger made it
    carried: Mapping[str, object] = field(default_factory=dict)

    def encode(self) -> dict[str, Any]:
        """The fields as they are stored."""
        known = {name: value for name, value in vars(self).items() if name != CARRIED and value is not None}
        return known | dict(self.carried)

    def is_by_another(self, made_with: int) -> bool:
        """Whether summaries were made by a program with another version of all that is published than this one."""
        return self.told_with is not None and self.told_with.partition("/")[0] != str(made_with)

    def not_after(self, as_of: int) -> "PartitionState":
        """The same, where a wrong clock had brought read time into the future and it was taken back to `as_of`."""
        return replace(
            self,
            published=None if self.published is None else min(self.published, as_of),
            announces_from=None if self.announces_from is None else min(self.announces_from, as_of),
        )


CARRIED: Final = "carried"
FORMS: Final = {name: TypeAdapter(of) for name, of in get_type_hints(PartitionState).items() if name != CARRIED}
SHOWN_MAX: Final = 80  # characters of a wrong value


def told_with(made_with: int, reference: Reference) -> str:
    """With what summaries are made: a program, by the version of all that it publishes, a network, rules."""
    return f"{made_with}/{reference.version}/{crc32(repr(reference.rules).encode()):08x}"


def decode(stored: Mapping[str, object], newest: int) -> PartitionState:
    """Read a stored state; `newest` is the `made_with` of this program.

    Raises LaneBroken where a newer release published from the ledger, and where a field is none of a state.
    """
    made_with, version = stored.get("made_with"), stored.get("version")
    if isinstance(made_with, int) and made_with > newest:
        raise LaneBroken(
            f"a newer release published from the ledger (its version of what it publishes is {made_with}, here it is "
            f"{newest}), and what it published would be overwritten: run that release, or a newer one"
        )
    unknown = {name: value for name, value in stored.items() if name not in FORMS}
    if unknown and not (isinstance(version, int) and version > VERSION):
        raise LaneBroken(f"the state in its position has a field {min(unknown)!r}, which no release writes. {REBUILD}")
    known: dict[str, Any] = {name: _checked(name, value) for name, value in stored.items() if name in FORMS}
    return PartitionState(**known, carried=unknown)


def _checked(name: str, value: object) -> object:
    try:
        return FORMS[name].validate_python(value, strict=True)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"]
        shown = repr(value)[:SHOWN_MAX]
        raise LaneBroken(f"the state in its position has {name} = {shown}: {why.lower()}. {REBUILD}") from error
