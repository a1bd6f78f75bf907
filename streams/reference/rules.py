"""The settings that contributions and admissions depend on, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from schemas.event import DAY_SECONDS
from streams.sla.calendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings a contribution or an admission depends on; durations in the unit of their name."""

    zone: str = "Asia/Shanghai"
    momentary_threshold_seconds: int = 300
    correction_horizon_seconds: int = 35 * DAY_SECONDS  # of voltage readings, whose days are sealed
    case_horizon_seconds: int = 3653 * DAY_SECONDS  # of facts about cases
    future_tolerance_seconds: int = 300
    age_bucket_hours: tuple[int, ...] = (1, 4, 8, 24)
    calendar: Calendar = field(default_factory=Calendar)
    pseudonym_key: str | None = field(default=None, repr=False)
    voltage_interval_seconds: int = 900  # between values, where a reading does not state it
    voltage_limits: Mapping[int, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))  # by nominal
    voltage_min_coverage_percent: int = 60  # of the expected time; below it a point has no rate
    voltage_week_min_share_percent: int = 60  # of the 10-minute means of a week; below it a phase is not judged
