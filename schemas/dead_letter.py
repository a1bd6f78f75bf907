"""Topic grid.dead-letters.v1: records that could not be applied, and findings of cases.

A rejected record keeps its value, up to the first 64 KiB and without the values of fields that the contract does not
declare, and its headers, up to 16 KiB; the fields below are headers added after them, named as Kafka Connect does
(KIP-298). Its key is `<topic>/<partition>/<offset>`. Of complaints and work orders only codes, instants, counts and
identities of cases are kept, and neither headers nor a hash of the value: they may be personal data.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.event import Instant, Text
from schemas.point_key import CaseKey
from schemas.record import Record

Reason = Literal[
    "undecodable",
    "invalid",
    "misrouted",
    "from_the_future",
    "sealed_period",
    "case_full",
    "points_full",
    "defect",
]
Stage = Literal["VALUE_CONVERTER", "TRANSFORMATION", "TASK_PUT"]
Number = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]*)$")]


class DeadLetter(Record):
    """The headers of a record that was rejected or broke our code; all are text in UTF-8."""

    topic: Text = Field(alias="__connect.errors.topic", description="Topic of the record.")
    partition: Number = Field(alias="__connect.errors.partition", description="Its partition.")
    offset: Number = Field(alias="__connect.errors.offset", description="Its offset.")
    stage: Stage = Field(alias="__connect.errors.stage", description="The stage that failed, in the terms of Connect.")
    reason: Reason = Field(alias="__connect.errors.exception.class.name", description="Reason, one word.")
    detail: str = Field(alias="__connect.errors.exception.message", description="Reason in full; at most 4 KiB.")
    value_bytes: Number | None = Field(
        alias="gridpulse.value.bytes", default=None, description="Length of the whole value; the letter may have less."
    )
    value_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        alias="gridpulse.value.sha256", default=None, description="SHA-256 of the whole value."
    )
    headers_dropped: Number | None = Field(
        alias="gridpulse.headers.dropped",
        default=None,
        description="Number of dropped headers of the record.",
    )


class FindingLetter(Record):
    """A case whose facts violate a rule; key `finding/<kind>/<case>/<rule>`, a tombstone once they do not."""

    case: CaseKey = Field(description="The case: the key of its summary.")
    finding: Text = Field(description="The rule that its facts violate.")
    as_of: Instant = Field(description="The read time at which it was found.")


class DefectLetter(Record):
    """A case, sum or KPI record on which our code raised; key `defect/<case>`, without a value once it works again.

    The traceback is in the header `__connect.errors.exception.message`; the reason is `defect`, as for a record.
    """

    defect: Text = Field(
        description="Key of a case, `cell/` and a cell, `kpi/` and a key of a KPI record, or `columns`: many points."
    )
    as_of: Instant = Field(description="The read time of the failure.")
