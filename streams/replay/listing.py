"""A change of a scraped list of open outages, and what both mappings read in it."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from schemas.event import format_instant

SOURCE = "outage-map"
AREAS = {"north": "rural", "central": "urban", "south": "rural"}  # the type is assumed: the map has none
NORTH_FROM, SOUTH_BELOW = 38.5, 36.5  # degrees of latitude

Event = dict[str, Any]


class Change(NamedTuple):
    """One line of events.jsonl: on the first list, new on it, changed fields only, or no longer on it."""

    at: int  # time of the list, seconds
    op: Literal["initial", "appear", "change", "vanish"]
    id: str
    rec: dict[str, Any]


class Mapping(Protocol):
    """Turns changes into events; keeps state per outage and no totals."""

    def line(self, change: Change) -> list[Event]:
        """The events of one change."""

    def mark(self, at: int) -> list[Event]:
        """The events caused by time alone, after all changes up to the list at `at`."""


@dataclass
class Outage:
    """The last state of an outage in the list."""

    id: str
    revision: int = 0
    area: str | None = None
    cause: str | None = None
    customers: int = 0  # a missing count is 0, as in the list's own sum

    def read(self, rec: dict[str, Any]) -> None:
        """Take over the fields of this record; the first place stays."""
        if self.area is None and rec.get("latitude") is not None:
            latitude = rec["latitude"]
            self.area = "north" if latitude >= NORTH_FROM else "south" if latitude < SOUTH_BELOW else "central"
        if "cause" in rec:
            self.cause = rec["cause"]
        if "estCustAffected" in rec:
            self.customers = int(rec["estCustAffected"] or 0)

    @property
    def kind(self) -> str:
        return "planned" if "scheduled maintenance" in (self.cause or "") else "fault"

    def event(self, event_type: str, occurred_at: int, recorded_at: int, **body: Any) -> Event:
        """The next event; its id follows from the line, so that a second replay sends true duplicates."""
        self.revision += 1
        return {
            "event_type": event_type,
            "event_id": f"{self.id}-{self.revision}",
            "revision": self.revision,
            "occurred_at": format_instant(occurred_at),
            "recorded_at": format_instant(recorded_at),
            "source": SOURCE,
            "outage_id": self.id,
            **body,
        }


def network() -> list[Event]:
    """The three bands of latitude as areas and regions; customers served are unknown, so no SAIDI exists there."""
    regions = [{"record_type": "region", "region": name, "name": name.capitalize()} for name in AREAS]
    areas = [
        {"record_type": "area", "area": name, "region": name, "area_type": area_type, "served": []}
        for name, area_type in AREAS.items()
    ]
    return regions + areas
