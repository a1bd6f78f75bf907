"""Admission depends on the record alone: it is the same at every time, and in every order of records.

Facts of cases are not sealed as readings are: an ending, a correction, a cancellation or a first load may come years
later. So the horizon of cases keeps out only dates that cannot be meant (1970 for "not known").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from schemas.event import DAY_SECONDS, format_instant
from schemas.order import Created

if TYPE_CHECKING:
    from streams.reference.rules import Rules

FROM_THE_FUTURE: Final = "from_the_future"
SEALED_PERIOD: Final = "sealed_period"


class Dated(Protocol):
    """The fields of an event that admission reads, in epoch seconds."""

    @property
    def occurred_at(self) -> int: ...
    @property
    def recorded_at(self) -> int: ...


class Refused(NamedTuple):
    """Why an event is not admitted: a reason of the dead letters, and a sentence that names the setting."""

    reason: str
    sentence: str


def admit(event: Dated, record_timestamp: int, rules: Rules) -> Refused | None:
    """Why an event of a case is refused at the timestamp of its record (epoch seconds), or None.

    Plans and ETRs may lie ahead. The receipt of a report may not: it decides the day in which a clock counts.
    """
    instants = [event.occurred_at, event.recorded_at]
    if isinstance(event, Created):
        instants.append(event.report_received_at)
    if max(instants) > record_timestamp + rules.future_tolerance_seconds:
        return ahead(max(instants), record_timestamp, rules)
    if min(instants) < record_timestamp - rules.case_horizon_seconds:
        return behind(min(instants), record_timestamp, rules.case_horizon_seconds, "GRIDPULSE_CASE_HORIZON_DAYS")
    return None


def ahead(instant: int, record_timestamp: int, rules: Rules) -> Refused:
    """The refusal of an instant too far in the future."""
    setting = f"GRIDPULSE_FUTURE_TOLERANCE_SECONDS = {rules.future_tolerance_seconds}"
    return Refused(FROM_THE_FUTURE, f"{_apart(instant, record_timestamp)}: later than {setting} allows")


def behind(instant: int, record_timestamp: int, horizon_seconds: int, setting: str) -> Refused:
    """The refusal of an instant too far in the past."""
    sentence = f"{_apart(instant, record_timestamp)}: older than {setting} = {horizon_seconds // DAY_SECONDS} allows"
    return Refused(SEALED_PERIOD, sentence)


def _apart(instant: int, record_timestamp: int) -> str:
    return f"the event states {format_instant(instant)}, its record is of {format_instant(record_timestamp)}"
