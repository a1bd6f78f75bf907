"""Topic gridpulse.partials.v1 (compacted): the absolute sums of each source partition; readers add them up.

A record lies in the partition of its source; its key is a cell (`scope|day`) or `status`.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.dead_letter import Reason
from schemas.event import Integer
from schemas.record import Record, Signed

Growing = Annotated[tuple[Signed, Signed], Field(strict=False)]


class PartialRecord(Record):
    """One source partition's sums in a cell; a record without a value: it has none in this cell."""

    v: Literal[1] = Field(description="Format of the record.")
    as_of: Integer = Field(description="Read time in seconds since the epoch, UTC.")
    measures: dict[str, Signed | Growing] = Field(
        description="Amount by measure: A, or [A, R] when it grows: A + R * (t - local midnight of the cell)."
    )


class Processed(Record):
    """Records of one topic by outcome: all offsets from start to next_offset are in the counts."""

    next_offset: Integer | None = Field(description="The next offset to be read; null: no record seen yet.")
    start: Integer | None = Field(default=None, description="The first offset seen.")
    applied: Integer = Field(description="Events with a fact that holds.")
    duplicate: Integer = Field(description="Events whose facts were all there in the same version.")
    stale: Integer = Field(description="Events of which no fact holds.")
    rejected: Integer = Field(description="Records that break the contract or are not admitted; see the dead letters.")
    defect: Integer = Field(description="Records on which our code raised; see the dead letters.")
    forwarded: Integer = Field(description="Events of another partition's case, passed on.")
    lost: Integer = Field(default=0, description="Records that retention deleted before they were read.")
    refused: dict[Reason, Integer] = Field(default={}, description="Records that became dead letters, by reason.")
    marks: Integer = Field(description="Marks of the replay's clock and Kafka's own control records.")


class SourceStatus(Record):
    """Progress of a source partition: every second of wall time, or at every mark."""

    v: Literal[1] = Field(description="Format of the record.")
    made_with: Integer | None = Field(
        default=None, description="Version of the sums: while partitions differ in it, nothing is published."
    )
    as_of: Integer = Field(description="Read time in seconds since the epoch, UTC: all partials are true for it.")
    published: Integer | None = Field(description="Read time of the KPI records this partition last published.")
    clock: Literal["wall", "marks"] = Field(description="The clock that drives the partition.")
    processed: dict[str, Processed] = Field(description="Records by topic and outcome.")
    cases: Integer = Field(description="Cases in the ledger.")
    defects: Integer = Field(default=0, description="Cases flagged because our code raised on them.")
    unknown_fields: Integer = Field(default=0, description="Fields of events that the contract does not know.")
    unlisted: dict[str, Integer] = Field(
        default={},
        description="Unlisted values of open enumerations, by `family.field`: of events as they arrived, of the "
        "network in its current records, alike in every partition.",
    )
    gaps: tuple[Annotated[tuple[Integer, Integer | None], Field(strict=False)], ...] = Field(
        default=(),
        strict=False,
        description="Begin and end (seconds) of each gap of input records that retention deleted before they were "
        "read; null: no record was read since.",
    )
    rows_set_aside: Integer = Field(
        default=0, description="Keys whose last row in the topics of the partition is foreign or damaged."
    )
    drift: Integer = Field(description="Measures that differ from an independent fold of the cases: 0.")
    calendar_ends: Integer | None = Field(
        default=None,
        description="The first instant from now on that no working calendar covers, in seconds.",
    )
