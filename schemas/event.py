"""The common parts of all events: the envelope, instants, identifiers, counts."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

DAY_SECONDS: Final = 86_400
INTEGER_MAX: Final = 2**53 - 1  # the greatest integer that every JSON reader keeps exactly
COUNT_MAX: Final = 10**7  # customers of one area
# Of all areas of an event: so many, out for all seconds of a month of 31 days, times these days (SAIDI's numerator),
# are still below 2^53, and so are their customer-seconds over the retention of the input topics.
TOTAL_MAX: Final = 10**8
INSTANT_MAX: Final = 253_402_300_799  # 9999-12-31T23:59:59Z
_CLOCK: Final = (
    r"-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
INSTANT_PATTERN: Final = "^[0-9]{4}" + _CLOCK
# "null" and "open end" as databases write them (1970-01-01, 9999-12-31) are no instants of a grid; and a deadline that
# is counted from an instant in this century stays within the years that a date can have.
EVENT_CENTURY: Final = "20"
EVENT_INSTANT_PATTERN: Final = f"^{EVENT_CENTURY}[0-9]{{2}}" + _CLOCK
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WITHOUT_OFFSET: Final = len("1970-01-01T00:00:00")
_shape = re.compile(INSTANT_PATTERN)


@lru_cache(maxsize=4096)  # meters of a whole grid send the same few instants
def parse_instant(text: str) -> int:
    """Whole seconds since the epoch, UTC, of an RFC 3339 text that INSTANT_PATTERN matches; fractions are floored."""
    try:
        parsed = datetime.fromisoformat(text.upper())  # upper: RFC 3339 allows t and z, Python no z
    except ValueError as error:
        raise PydanticCustomError("instant", "Not a date and time: {why}", {"why": str(error)}) from None
    if parsed.microsecond:
        parsed = parsed.replace(microsecond=0)  # a float of far years has no room for them
    instant = int(parsed.timestamp())
    if not 0 <= instant <= INSTANT_MAX:
        raise PydanticCustomError("instant", "Instants lie between the years 1970 and 9999")
    return instant


def parse_event_instant(text: str) -> int:
    """As `parse_instant`, for instants of events: the year, as written, is 2000 to 2099."""
    if not text.startswith(EVENT_CENTURY):
        raise PydanticCustomError(
            "instant",
            "The year is not one of 2000 to 2099; for an instant that is not known leave the field out or send null, "
            "where the contract allows it",
        )
    return parse_instant(text)


def instant_of(text: str) -> int | None:
    """The instant that a free text of an event names, such as `corrects`; None when it names none."""
    if _shape.fullmatch(text) is None:
        return None
    try:
        return parse_event_instant(text)
    except PydanticCustomError:
        return None


def format_instant(instant: int) -> str:
    """RFC 3339 in UTC, ending in Z, of whole seconds since the epoch."""
    return (_EPOCH + timedelta(seconds=instant)).isoformat()[:_WITHOUT_OFFSET] + "Z"  # strftime takes thrice as long


class _InstantSchema:
    """An int in Python, RFC 3339 with an offset in JSON."""

    def __init__(self, parse: Callable[[str], int], pattern: str) -> None:
        """`parse` reads the text; `pattern` is published in the JSON Schema."""
        self._parse, self._pattern = parse, pattern

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(
            self._parse, core_schema.str_schema(strict=True, pattern=INSTANT_PATTERN)
        )
        number = core_schema.int_schema(strict=True, ge=0, le=INSTANT_MAX)
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=core_schema.union_schema([number, text]),
            serialization=core_schema.plain_serializer_function_ser_schema(
                format_instant, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "date-time", "pattern": self._pattern}


# Of records that gridpulse writes: a deadline may lie outside the years of events.
Instant = Annotated[int, _InstantSchema(parse_instant, INSTANT_PATTERN)]
EventInstant = Annotated[int, _InstantSchema(parse_event_instant, EVENT_INSTANT_PATTERN)]
OTHER: Final = "other"


def of_list(value: str | None, known: Iterable[str]) -> str | None:
    """A value of an open enumeration: an unlisted value counts as `other`."""
    return value if value is None or value in known else OTHER


def extensible(known: Iterable[str]) -> Any:
    """An open enumeration: bounds of its values; the JSON Schema has the listed values as examples."""
    return Field(min_length=1, max_length=128, json_schema_extra={"examples": [*known]})


Id = Annotated[str, Field(min_length=1, max_length=128)]
Text = Annotated[str, Field(min_length=1, max_length=256)]
Integer = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Count = Annotated[int, Field(ge=0, le=COUNT_MAX)]


class Part(BaseModel):
    """A frozen object of the contract: unknown fields are counted by `codec.decode`, wrong ones are errors."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    @property
    def given(self) -> dict[str, Any]:
        """The declared fields that were given; absent is not null."""
        return {name: value for name, value in vars(self).items() if name in self.model_fields_set}


def event_type_is_required(schema: dict[str, Any]) -> None:
    """Mark `event_type` as required in the JSON Schema: it has a default in Python code only."""
    schema["required"] = ["event_type", *schema.get("required", ())]


class Event(Part):
    """The envelope: source, instant and version of a statement."""

    model_config = ConfigDict(json_schema_extra=event_type_is_required)

    event_id: Id = Field(description="Identity of this message; a repetition carries the same one.")
    revision: Integer = Field(
        description="Version, assigned by the source and growing per case; of two versions the greater holds."
    )
    occurred_at: EventInstant = Field(description="The instant of the fact that the event states.")
    recorded_at: EventInstant = Field(description="The instant at which the source recorded it.")
    source: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        description="The system that states it; revisions are compared within a source only."
    )
    corrects: Id | None = Field(
        default=None,
        description="The occurrence id, or the RFC 3339 instant of a timeline entry, that this event replaces.",
    )
    void: bool = Field(
        default=False, description="True: retracts the statement under this identity; its facts become unknown."
    )
    pin: bool = Field(default=False, description="True: an operator's statement, which overrides other sources.")
