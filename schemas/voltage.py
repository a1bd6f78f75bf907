"""Topic grid.voltage-readings.v1, key area: measurements of meters and voltage monitors, in integers of 0.01 V.

A statement is identified by (point, phase, start of its interval) and its source; of two versions the greater revision
holds, then the later recorded_at. There is no event_id: a repetition in the same version changes nothing.
"""

from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.event import (
    DAY_SECONDS,
    EVENT_CENTURY,
    EventInstant,
    Id,
    Integer,
    Part,
    event_type_is_required,
    extensible,
)
from schemas.network import Day, OpenConnection, OpenPhase

CENTIVOLTS_MAX = 10**9
FRAME_VALUES_MAX = 1500  # a day of minutes, and the hour that a change of the clocks may add
INTERVAL_MAX = DAY_SECONDS
ValueKind = Literal["instantaneous", "mean"]
ValueStamp = Literal["start", "end"]
# Open enumerations. A phase, a kind of value, and the stamp of a mean decide the meaning of the number: if they are not
# listed the value is kept, and is suspect.
OpenValueKind = Annotated[str, extensible(get_args(ValueKind))]
OpenStamp = Annotated[str, extensible(get_args(ValueStamp))]
# ESPI QualityOfReading of a value. Absent means valid.
Quality = Annotated[int, Field(ge=0, le=19)]
Centivolts = Annotated[int, Field(ge=0, le=CENTIVOLTS_MAX)]
Interval = Annotated[int, Field(ge=1, le=INTERVAL_MAX)]


def _of_this_century(day: str) -> str:
    if not day.startswith(EVENT_CENTURY):
        raise PydanticCustomError("day", "The year is not one of 2000 to 2099")
    return day


EventDay = Annotated[Day, AfterValidator(_of_this_century)]


class VoltageBase(Part):
    """The envelope of a measurement: point, source and version."""

    model_config = ConfigDict(json_schema_extra=event_type_is_required)

    area: Id = Field(description="The transformer area the point is in, also the record's key.")
    point: Id = Field(description="The voltage point, a place and not a device: a new meter keeps it.")
    source: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        description="The system that states it; revisions are compared within a source only."
    )
    recorded_at: EventInstant = Field(description="The instant at which the source recorded it.")
    revision: Integer = Field(default=0, description="Version of the statement; a correction has a greater one.")
    phase: OpenPhase | None = Field(
        default=None,
        description="The phase measured; absent where there is only one. Unlisted: `other`, and suspect.",
    )


class Reading(VoltageBase):
    """One value."""

    event_type: Literal["reading"] = Field(default="reading", description="Type of the event.")
    occurred_at: EventInstant = Field(description="The time stamp of the value.")
    value_centivolts: Centivolts | None = Field(
        description="The voltage at the meter in 0.01 V (228.73 V = 22873); null: not known."
    )
    interval_seconds: Interval | None = Field(
        default=None, description="Seconds between values; absent: the default of the settings."
    )
    value_kind: OpenValueKind = Field(
        default="instantaneous",
        description="A value of its instant, held until the next (at most 1.5 intervals), or a mean over the interval.",
    )
    stamp: OpenStamp = Field(
        default="end",
        description="Whether the time stamp starts or ends the interval of a mean; ignored for an instantaneous value.",
    )
    qualities: Annotated[tuple[Quality, ...], Field(strict=False, max_length=100)] | None = Field(
        default=None,
        description="ESPI QualityOfReading codes of the value, at most 100 of them; absent or empty: valid.",
    )
    nominal_centivolts: Annotated[int, Field(ge=1, le=CENTIVOLTS_MAX)] | None = Field(
        default=None, description="Nominal voltage at the meter in 0.01 V; of a point that is not in the network."
    )
    connection: OpenConnection | None = Field(
        default=None,
        description="What is measured, as in the network's record of a point; of a point that is not in the network.",
    )


class Frame(VoltageBase):
    """A profile: values at equal distances, as concentrators deliver them."""

    event_type: Literal["frame"] = Field(default="frame", description="Type of the event.")
    start: EventInstant = Field(description="The time stamp of the first value.")
    interval_seconds: Interval = Field(description="Seconds between values.")
    values_centivolts: Annotated[
        tuple[Centivolts | None, ...], Field(strict=False, min_length=1, max_length=FRAME_VALUES_MAX)
    ] = Field(description="The voltages at the meter in 0.01 V, in the order of time; null: not known, a gap.")
    qualities: Annotated[tuple[Quality | None, ...], Field(strict=False)] | None = Field(
        default=None, description="One ESPI QualityOfReading code, or null for valid, for each value."
    )
    value_kind: OpenValueKind = Field(
        default="mean",
        description="Values of their instants, held until the next (at most 1.5 intervals), or means of intervals.",
    )
    stamp: OpenStamp = Field(
        default="start",
        description="Whether time stamps start or end the intervals of means; ignored for instantaneous values.",
    )
    nominal_centivolts: Annotated[int, Field(ge=1, le=CENTIVOLTS_MAX)] | None = Field(
        default=None, description="Nominal voltage at the meter in 0.01 V; of a point that is not in the network."
    )
    connection: OpenConnection | None = Field(
        default=None,
        description="What is measured, as in the network's record of a point; of a point that is not in the network.",
    )

    @model_validator(mode="after")
    def _a_quality_each(self) -> Self:
        if self.qualities is not None and len(self.qualities) != len(self.values_centivolts):
            raise PydanticCustomError("qualities", "There must be one quality for each value")
        return self


class DailyStatistics(VoltageBase):
    """The statistics of the terminal for a local day: compared with our count, never used instead."""

    event_type: Literal["daily_statistics"] = Field(default="daily_statistics", description="Type of the event.")
    day: EventDay = Field(description="The local day, of the years 2000 to 2099.")
    monitored_minutes: Annotated[int, Field(ge=0, le=1500)] = Field(description="Minutes it measured.")
    over_minutes: Annotated[int, Field(ge=0, le=1500)] = Field(description="Of these, above the upper limit.")
    under_minutes: Annotated[int, Field(ge=0, le=1500)] = Field(description="Of these, below the lower limit.")
    max_centivolts: Centivolts | None = Field(default=None, description="The greatest value in 0.01 V.")
    min_centivolts: Centivolts | None = Field(default=None, description="The smallest value in 0.01 V.")


VoltageEvent = Annotated[Reading | Frame | DailyStatistics, Field(discriminator="event_type")]
VOLTAGE_EVENTS: dict[str, type[VoltageBase]] = {"reading": Reading, "frame": Frame, "daily_statistics": DailyStatistics}
