"""What the workers will decide about an event that arrives now, so that a file's owner hears of it at once."""

from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from schemas.voltage import DailyStatistics, Frame
from streams import clock
from streams.agents.rules import rules_of
from streams.cases.admission import admit
from streams.local.bring.events import Admit
from streams.settings import Settings


class _Said(NamedTuple):
    occurred_at: int
    recorded_at: int


def admission(settings: Settings) -> Admit:
    """Why an event would be rejected by the time stamp of its record, by workers with these settings."""
    rules, zone = rules_of(settings), ZoneInfo(settings.zone)

    def decide(event: Any) -> str | None:
        now = clock.now()
        if isinstance(event, Frame):
            last = event.start + event.interval_seconds * (len(event.values_centivolts) - 1)
            said = (_Said(last, event.recorded_at), _Said(event.start, event.recorded_at))
            return admit(said[0], now, rules) or admit(said[1], now, rules)
        if isinstance(event, DailyStatistics):
            midnight = datetime.combine(date.fromisoformat(event.day), time(), zone)
            return admit(_Said(min(int(midnight.timestamp()), event.recorded_at), event.recorded_at), now, rules)
        return admit(event, now, rules)

    return decide
