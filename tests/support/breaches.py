"""Records of grid.sla-breaches.v1 by hand."""

from typing import Any

import orjson

from schemas.event import format_instant
from schemas.sla_breach import SlaBreach
from streams.notify.alerts import Links
from tests.support.web_board import NOW

LINKS = Links("Asia/Shanghai", "http://grid.example")


def breach(status: str = "breached", level: int | None = 100, at: int = NOW + 1, **changes: Any) -> dict[str, Any]:
    """A record as it is read: checked by the contract, then plain JSON."""
    value = {
        "clock": "L3a", "kind": "order", "case": "W-1", "cycle": 1, "status": status,
        "open": status in {"running", "paused", "at_risk", "breached"}, "level_percent": level,
        "started_at": format_instant(NOW - 2700), "deadline_at": format_instant(NOW), "detected_at": format_instant(at),
        "elapsed_permille": None, "severity": "warning", "regions": ["north"], "area_types": ["urban"],
        "areas": ["T1", "T2", "T3", "T4"], "about": {"state": "dispatched", "crew": "C-7", "work_type": "repair"},
        "stopped_by": None, "policy": "default", "policy_hash": "0" * 16, "provisional": False,
    } | changes  # fmt: skip
    SlaBreach.model_validate_json(orjson.dumps(value))
    return value
