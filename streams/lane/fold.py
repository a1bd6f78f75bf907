"""What the lane drives: the state machine of one source partition. Synchronous: no I/O, no clock of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from streams.lane.batch import Output, Record
from streams.lane.position import Position


class Fold(Protocol):
    """Created empty, loaded once, then fed in order by one writer."""

    def load(self, tables: Mapping[str, Mapping[bytes, bytes]], position: Position) -> None:
        """Take over what the tables hold (per table: key to value), as of `position.as_of`.

        What recovery hands over are `streams.lane.recovery.Table`s, which say what was set aside.
        """

    def apply(self, topic: str, records: Sequence[Record]) -> Mapping[str, int]:
        """Apply records in order and say how many became what (see position.OUTCOMES)."""

    def advance(self, now: int, *, complete: bool) -> None:
        """Let read time reach `now` (seconds); `complete`: no record before `now` is missing any more (a mark)."""

    def outputs(self, position: Position) -> list[Output]:
        """What must be written for all changes since the last call, in order; empty when nothing changed."""

    def rows(self, table: str) -> Mapping[bytes, Any]:
        """The present rows of a table."""

    def metrics(self) -> Mapping[str, Any]:
        """Numbers about itself for the pipeline's metrics."""
