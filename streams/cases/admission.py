"""Admission looks at the record alone: whoever reads it, whenever and in whatever order, decides alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from schemas.order import Created

if TYPE_CHECKING:
    from streams.cases.reference import Rules

FROM_THE_FUTURE: Final = "from_the_future"
SEALED_PERIOD: Final = "sealed_period"


class Dated(Protocol):
    """The part of an event's envelope that admission reads, in epoch seconds."""

    @property
    def occurred_at(self) -> int: ...
    @property
    def recorded_at(self) -> int: ...


def admit(event: Dated, record_timestamp: int, rules: Rules) -> str | None:
    """Why the event is refused by its record's timestamp (epoch seconds), or None; plans and ETRs may lie ahead.

    The receipt of a report is the past like the event itself: it decides the day an order's clock counts in.
    """
    said = [event.occurred_at, event.recorded_at]
    if isinstance(event, Created):
        said.append(event.report_received_at)
    if max(said) > record_timestamp + rules.future_tolerance_seconds:
        return FROM_THE_FUTURE
    if min(said) < record_timestamp - rules.correction_horizon_seconds:
        return SEALED_PERIOD
    return None
