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
    """Whatever has the key `kind/id` in topics and in the ledger. The key of an object never changes."""

    @property
    def key(self) -> str: ...


class Subject(Keyed, Protocol):
    """A case or a point, as the records about it are made of it."""

    def stated_by(self, fact: str, at: int) -> tuple[str, str] | None:
        """Return the event that states a fact at `at` (epoch seconds), and its source.

        None where no single event does. Called for cases that `evaluate` has just yielded, once per clock that ended.
        May read stored facts, and may raise where they are damaged: the caller then flags the case.
        """


class Incoming(Protocol):
    """A record as it was fetched; `timestamp` is milliseconds since the epoch. `lane.batch.Record` is one.

    A ledger reads it within `apply`; it must not change it. Only refused ones are handed back.
    """

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
class Evaluation:
    """A case whose contribution was replaced: its findings before and after, and whether it had a summary before."""

    case: Subject
    contribution: Contribution
    findings_before: tuple[str, ...]
    summary_before: bool


class AnyLedger(Protocol):
    """The state of one source partition: cases, or points, and the partials that are the sum of their contributions.

    It is created empty, given `load` once, and then driven by one fold, whose calls never overlap. It is pure: no I/O,
    no clock. All instants are epoch seconds, and `now` never goes back. `reference` is replaced by `refer` only.

    A bug of ours about one record or one case never leaves `apply` or `evaluate` as an exception: the record is refused
    as a defect, the case contributes nothing and stands in `defects` (traceback by case key) until it is evaluated
    without one. Any other exception ends the process.

    `cases` are by the key `kind/id`. `unknown_fields` counts fields of events that no contract knows, `unlisted` values
    that are on no list, by `family.field`; the caller sets both after `load`. `unstored` are the cases whose last
    events were undone, since no row can hold them, with the traceback; the caller empties it. `audit` is set while an
    audit runs: the ledger reports every change of the partials to it.
    """

    partials: Partials
    reference: Reference
    unknown_fields: int
    unlisted: dict[str, int]
    audit: Audit | None
    defects: dict[str, str]
    unstored: list[tuple[str, str]]

    @property
    def cases(self) -> Mapping[str, Keyed]: ...

    def load(
        self,
        rows: Iterable[tuple[bytes, bytes]],
        now: int,
        unsettled: Mapping[str, Any] | None = None,
        announced: Iterable[str] = (),
    ) -> None:
        """Fold everything stored anew, as of `now`; called once, before all else, after the partials were loaded.

        `rows` are those that `unsaved` has yielded over time, the last of each key. `unsettled` is what `unsettled()`
        returned when they were stored, after JSON. `announced`: the cases of whose clocks something was announced.
        Raises LaneBroken where a row is of a format that this release does not read.
        """

    def apply(self, family: str, records: Sequence[Incoming], now: int) -> tuple[dict[str, int], Refused]:
        """Merge records in order: how many became what, and those that could not be applied, with the reason.

        The partials do not change: every case that an event changed is marked until `evaluate`.
        """

    def due(self, now: int) -> None:
        """Mark every case that is due at or before `now`."""

    def refer(self, reference: Reference) -> None:
        """Take new reference data: every case is marked. Costs a pass over all cases."""

    def evaluate_again(self, keys: Iterable[str]) -> None:
        """Mark these of `cases` although nothing of them changed. Raises KeyError for a key that is none of them."""

    def evaluate(self, now: int) -> Iterator[Evaluation]:
        """Replace the contribution of every marked case by the one at `now`, and yield what has to be published.

        The iterator must be read to its end before any other call but `flag`: partials and marks are whole only then.
        """

    def flag(self, evaluation: Evaluation, reason: str) -> None:
        """What `evaluate` has just yielded cannot be published: the case counts nothing until it is evaluated again."""

    def present(self, case: Any) -> Contribution:  # one of `cases`
        """Return what the partials hold of a case; changes nothing. Costs an evaluation."""

    def unsaved(self) -> Iterable[tuple[bytes, bytes]]:
        """Return key and stored value of each row that changed since the last call; to be read to its end.

        Rows that it has returned are not returned again: the caller writes them in the unit that is about to close.
        """

    def unsettled(self) -> Mapping[str, Any]:
        """Return what a successor must evaluate again, for its `load`: marked cases, with the findings last published.

        A JSON object, whose form is the ledger's own.
        """
