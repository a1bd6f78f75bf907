"""What the lane needs to know of the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streams.lane.recovery import Check


@dataclass(frozen=True, slots=True)
class LaneConfig:
    """Durations are seconds. `tables` are the topics that recovery reads back, `ledger` among them."""

    broker: str
    app_id: str
    partitions: int
    clock: str
    inputs: tuple[str, ...]
    tables: tuple[str, ...]
    ledger: str
    interval_seconds: float
    deadline_seconds: float
    contiguous: bool
    faults: str = ""
    checks: Mapping[str, Check] = field(default_factory=dict)
    ahead_max_seconds: int = 30
