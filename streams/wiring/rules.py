"""From settings to the rules that the pure core goes by."""

from schemas.event import DAY_SECONDS
from streams.reference import calendars
from streams.reference.rules import Rules
from streams.settings import Settings


def rules_of(settings: Settings) -> Rules:
    return Rules(
        zone=settings.zone,
        momentary_threshold_seconds=settings.momentary_threshold_seconds,
        correction_horizon_seconds=settings.correction_horizon_days * DAY_SECONDS,
        case_horizon_seconds=settings.case_horizon_days * DAY_SECONDS,
        future_tolerance_seconds=settings.future_tolerance_seconds,
        calendar=calendars.load(),
        voltage_limits=settings.voltage_limits,
        voltage_interval_seconds=settings.voltage_interval_seconds,
        voltage_min_coverage_percent=settings.voltage_min_coverage_percent,
        voltage_week_min_share_percent=settings.voltage_week_min_share_percent,
        pseudonym_key=settings.pseudonym_key.get_secret_value() or None,
    )
