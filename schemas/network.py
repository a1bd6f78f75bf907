"""Topic grid.network.v1 (compacted): the objects of the network, and the customers they serve.

A record holds until the next record with its key replaces it; a record without a value removes the object.
"""

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from schemas.event import DAY_SECONDS, Count, Id, Part, Text, extensible
from schemas.point_key import point_id

AreaType = Literal["urban", "rural", "remote"]
MonitoringClass = Literal["A", "B", "C", "D"]
Phase = Literal["A", "B", "C"]
Connection = Literal["single_phase", "phase_to_neutral", "phase_to_phase"]
# Open enumerations. An unlisted value that decides a limit or a weight counts as not known: an area type and a class of
# monitoring are `unknown`; with an unlisted connection there are no limits.
OpenAreaType = Annotated[str, extensible(get_args(AreaType))]
OpenMonitoringClass = Annotated[str, extensible(get_args(MonitoringClass))]
OpenPhase = Annotated[str, extensible(get_args(Phase))]
OpenConnection = Annotated[str, extensible(get_args(Connection))]

DAY_MIN, DAY_MAX = "1900-01-01", "2199-12-31"  # days are iterated, so open-ended validity needs bounds


def _exists(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise PydanticCustomError("day", "Not a date: {why}", {"why": str(error)}) from None
    if not DAY_MIN <= day <= DAY_MAX:
        raise PydanticCustomError("day", "Days lie between {first} and {last}", {"first": DAY_MIN, "last": DAY_MAX})
    return day


# A text: ISO dates compare as text in the order of time, and have no time zone.
Day = Annotated[
    str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}), AfterValidator(_exists)
]


def _record_type_is_required(schema: dict[str, Any]) -> None:
    schema["required"] = ["record_type", *schema.get("required", ())]


class NetworkBase(Part):
    """An object of the network; its record key is `<record_type>/<id>`, of a point `point/<area>/<id>`."""

    model_config = ConfigDict(json_schema_extra=_record_type_is_required)

    @property
    def record_key(self) -> str:
        """The key of the record: `<record_type>/<id>`, of a point with its area before the id."""
        record_type: str = getattr(self, "record_type")  # noqa: B009  each kind has one, of its own type
        return f"{record_type}/{getattr(self, record_type)}"


class Region(NetworkBase):
    """A part of the company's territory."""

    record_type: Literal["region"] = Field(default="region", description="Type of the record.")
    region: Id = Field(description="Identity of the region.")
    name: Text = Field(description="Name of the region.")


class Station(NetworkBase):
    """A substation."""

    record_type: Literal["station"] = Field(default="station", description="Type of the record.")
    station: Id = Field(description="Identity of the substation.")
    region: Id = Field(description="The region of the substation.")


class Feeder(NetworkBase):
    """A medium-voltage line."""

    record_type: Literal["feeder"] = Field(default="feeder", description="Type of the record.")
    feeder: Id = Field(description="Identity of the feeder.")
    station: Id = Field(description="The substation that supplies it.")


class Served(Part):
    """The customers that an area serves from a day on."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    valid_from: Day = Field(alias="from", description="First local day on which the numbers hold.")
    customers: Count = Field(description="Customers served.")
    mv_users: Count | None = Field(default=None, description="Medium-voltage users served.")


def _each_day_once(served: tuple[Served, ...]) -> tuple[Served, ...]:
    if len({entry.valid_from for entry in served}) < len(served):
        raise PydanticCustomError("day_twice", "Two numbers of customers served hold from the same day")
    return served


class Area(NetworkBase):
    """A transformer area (台区)."""

    record_type: Literal["area"] = Field(default="area", description="Type of the record.")
    area: Id = Field(description="Identity of the transformer area.")
    region: Id = Field(description="The region it belongs to.")
    area_type: OpenAreaType | None = Field(
        description="Decides the arrival limit; null or an unlisted type: not known."
    )
    feeder: Id | None = Field(default=None, description="The feeder that supplies it.")
    demonstration: bool | None = Field(default=None, description="Whether it is a demonstration area (示范台区).")
    community: Text | None = Field(default=None, description="The community (社区) it supplies.")
    manager: Text | None = Field(default=None, description="The area's manager (台区经理).")
    served: Annotated[tuple[Served, ...], Field(strict=False, max_length=5000), AfterValidator(_each_day_once)] = Field(
        description="Customers served, each entry from a day on until the next; in any order."
    )


class Point(NetworkBase):
    """A voltage monitoring point; its id is unique within its area."""

    record_type: Literal["point"] = Field(default="point", description="Type of the record.")
    point: Id = Field(description="Identity of the point within its area.")
    area: Id = Field(description="The transformer area it is in.")
    monitoring_class: OpenMonitoringClass = Field(
        description="Class of voltage monitoring; an unlisted class counts as `unknown`: in no class, but in all."
    )
    nominal_centivolts: Annotated[int, Field(ge=1, le=10**9)] = Field(description="Nominal voltage in 0.01 V.")
    phases: Annotated[tuple[OpenPhase, ...], Field(strict=False, min_length=1, max_length=3)] = Field(
        description="The phases it measures; unlisted phases are one phase, `other`."
    )
    transformer_ratio: Annotated[int, Field(ge=1, le=10**6)] | None = Field(
        default=None,
        description="Of the voltage transformer before the meter: its limits are those of nominal x ratio.",
    )
    connection: OpenConnection | None = Field(
        default=None,
        description="What is measured: phase to neutral of a single-phase supply; phase to neutral of a three-phase "
        "supply, also behind a star-connected voltage transformer; or phase to phase. With nominal x ratio it decides "
        "the limits. Absent: up to 250 V a single-phase supply, above it phase to phase. Unlisted: the "
        "limits are not known, and no value is judged.",
    )
    delivery_interval_seconds: Annotated[int, Field(ge=1, le=31 * DAY_SECONDS)] | None = Field(
        default=None,
        description="Seconds between deliveries where values come in batches (86400: a day at once); absent: they "
        "arrive as they are measured. The point is silent one and a half of these after its last value.",
    )
    monitored_from: Day | None = Field(
        default=None,
        description="First local day on which values are expected; absent: that of the record's timestamp, or of the "
        "first value if that is earlier.",
    )

    @property
    def record_key(self) -> str:
        """`point/<area>/<id>`, percent-quoted: an id may occur in two areas."""
        return f"point/{point_id(self.area, self.point)}"


NetworkRecord = Annotated[Region | Station | Feeder | Area | Point, Field(discriminator="record_type")]
