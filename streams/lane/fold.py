"""What the lane drives: the state machine of one source partition."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from streams.lane.batch import Output, Record
from streams.lane.position import Position


class Fold(Protocol):
    """One source partition's state. It is created empty, loaded once, and then driven by one writer until a revoke.

    Every method is called on the event loop and must return without waiting: no I/O, no clock of its own, no thread. A
    call that takes long holds up every partition of the process. Calls never overlap.

    The state is a function of what was loaded and of the calls since, in their order: after a crash the next owner
    loads the last committed rows and position, and is given the same records again. So memory may never be ahead of
    what the next `outputs` returns.

    An exception ends the process (`fatal.die`): the fold is not called again, and nothing of the unit is written. What
    one bad record or case can cause is therefore handled inside the fold.
    """

    def load(self, tables: Mapping[str, Mapping[bytes, bytes]], position: Position) -> None:
        """Take over what the tables hold (per table: key to value), as of `position.as_of`. Called first, and once.

        The lane hands over a `recovery.Table` for each of `LaneConfig.tables`, without the row of the position; a table
        shows the rows set aside. The fold may keep `position` and read it at any time: the writer moves it on
        before each call. Of it the fold writes `extra` only, in `outputs`, and clears `read_before` once what an older
        version had read is read again. May raise LaneBroken where this release cannot follow the one that wrote the
        rows.
        """

    def apply(self, topic: str, records: Sequence[Record]) -> Mapping[str, int]:
        """Apply records of one input in offset order, and return how many had each of `position.OUTCOMES`.

        Called for every batch, also between two marks. The counts must add up to `len(records)`. `position` stands
        before the records yet. No record may be refused by an exception: it would be read again after every start.
        """

    def advance(self, now: int, *, complete: bool) -> None:
        """Let read time reach `now` (epoch seconds), which is greater than at the call before.

        `complete`: no record before `now` is missing any more, since every input stands at the mark `now`; always False
        on the wall clock. Called after the records that made read time move.
        """

    def outputs(self, position: Position) -> list[Output]:
        """Return all that must be written for the changes since the last call, in order; empty without changes.

        Called when a commit unit closes, every `interval_seconds` of the lane, and once after a revoke. The records go
        out in one transaction with the position, whose `extra` the fold sets here. The call is the last chance to write
        them: the next one must not return them again, whether the commit is done by then or not.
        """

    def rows(self, table: str) -> Mapping[bytes, object]:
        """Return the present rows of a table, for Faust's views of it. May be called at any time after `load`."""

    def metrics(self) -> Mapping[str, int]:
        """Return numbers about itself, by name, for the worker's metrics. May be called at any time after `load`."""


AnyFold_co = TypeVar("AnyFold_co", bound=Fold, covariant=True)
