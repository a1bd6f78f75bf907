"""What a source partition needs of its ledger, whether it holds cases or points: records in, contributions out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from streams.cases.audit import Audit
    from streams.cases.contribution import Contribution
    from streams.cells.partials import Partials
    from streams.reference.reference import Reference


class Keyed(Protocol):
    """What the key `kind/id` names."""

    @property
    def key(self) -> str: ...


class Incoming(Protocol):
    """A record as it was fetched; `timestamp` is milliseconds since the epoch."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a record: an outcome of the position's counts, with the reason where it was refused."""

    outcome: str
    reason: str = ""
    detail: str = ""
    unknown_fields: int = 0


Refused = list[tuple[Incoming, Verdict]]


@dataclass(frozen=True, slots=True)
class Settled:
    """A case whose contribution was replaced: its findings before and after, and whether it had a summary before."""

    case: Keyed
    contribution: Contribution
    findings_before: tuple[str, ...]
    summary_before: bool


class AnyLedger(Protocol):
    """`apply` merges events, `due` marks cases whose breakpoint has come, `settle` brings the partials up to date.

    `cases` are by the key `kind/id`; `unknown_fields` counts fields of events that no contract knows, `unlisted` by
    `family.field` values that are on no list of it; `unstored` are cases whose last events were undone, since no row
    can hold them, with the traceback; the caller empties it.
    """

    partials: Partials
    reference: Reference
    unknown_fields: int
    unlisted: dict[str, int]
    audit: Audit | None
    defects: dict[str, str]
    unstored: list[tuple[str, str]]

    @property
    def cases(self) -> Mapping[str, Any]: ...

    def apply(self, family: str, records: Sequence[Incoming], now: int) -> tuple[dict[str, int], Refused]:
        """Take records in order: how many became what, and those that could not be applied, with the reason."""

    def due(self, now: int) -> None:
        """Mark every case with a breakpoint at or before `now` (seconds)."""

    def refer(self, reference: Reference) -> None:
        """Take new reference data: every case's contribution may change."""

    def settle(self, now: int) -> Iterator[Settled]:
        """Replace the contribution of every marked case by the one at `now`."""

    def settle_again(self, keys: Iterable[str]) -> None:
        """Mark these of `cases` although nothing of them changed."""

    def flag(self, settled: Settled, reason: str) -> None:
        """What `settle` has just yielded cannot be published: the case counts nothing until it is settled again."""

    def present(self, case: Any) -> Contribution:  # one of `cases`
        """What the partials hold of a case."""

    def unsaved(self) -> Iterable[tuple[bytes, bytes]]:
        """Key and stored value of every case whose facts changed since the last call."""

    def unsettled(self) -> Mapping[str, Any]:
        """What a successor must settle again, for its `load`: cases that are marked, with the findings last told."""

    def load(
        self,
        rows: Iterable[tuple[bytes, bytes]],
        now: int,
        unsettled: Mapping[str, Any] | None = None,
        announced: Iterable[str] = (),
    ) -> None:
        """Fold everything stored anew, as of `now`; `announced` are the cases of whose clocks something was told."""
