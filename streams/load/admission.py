"""The admission decision of the workers about an event that arrives now, so that `gridpulse send` can report it."""

from typing import Any

from schemas.voltage import DailyStatistics, Frame, Reading
from streams import clock
from streams.cases import admission as cases
from streams.cases import point_intake as points
from streams.load.events import Admit
from streams.settings import Settings
from streams.wiring.rules import rules_of


def admission(settings: Settings) -> Admit:
    """Why an event would be rejected by the time stamp of its record, by workers with these settings."""
    rules = rules_of(settings)

    def decide(event: Any) -> cases.Refused | None:
        admit = points.admit if isinstance(event, Reading | Frame | DailyStatistics) else cases.admit
        return admit(event, clock.now(), rules)

    return decide
