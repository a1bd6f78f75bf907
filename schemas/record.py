"""The common base of records on derived topics."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.event import INTEGER_MAX

Signed = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX)]


class Record(BaseModel):
    """A frozen record of a derived topic; readers ignore unknown fields."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    def to_json(self) -> bytes:
        """The value of the record: the given fields only, instants as RFC 3339 in UTC."""
        return self.model_dump_json(exclude_unset=True, by_alias=True).encode()
