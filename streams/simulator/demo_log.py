"""The demo log: a file to which the simulator and the demo append a line per completed step (scene).

GRIDPULSE_STORY_FILE names it; the web server reads it for its page. JSON Lines, in the order of time, each:

    {"at": "2026-06-03T02:10:05Z",                     the time of the step
     "scene": "partial_restoration",                   one of SCENES; its text is the message "scene.<scene>"
     "details": {"outage_id": "night-1", "by": "switching"},   values for the {places} of the text
     "numbers": [{"name": "customers_out", "before": "4812", "after": "1903"}]}   in decimal, null for undefined

A number has `name` (a KPI, or the key of a message). A number from the API also has `period` and `scope`, and
its before and after are the `value` of that KPI record, null if undefined. `numbers` may be empty. A reader ignores
an incomplete last line, and unknown scenes.
"""

from pathlib import Path
from typing import Any, Final

import orjson

from schemas.event import format_instant
from streams import clock
from streams.settings import Settings

# In the order of the demo script, each with its details.
SCENES: Final = (
    "back_fill",  # days, records, points, customers
    "feeder_trip",  # outage_id, feeder, areas, customers
    "partial_restoration",  # outage_id, feeder, customers (that have supply again)
    "arrival_limit_missed",  # work_order_id, area, minutes (the limit)
    "late_proof",  # work_order_id, crew, minutes (from the report to the arrival)
    "voltage_dip",  # area, points, volts
    "complaints",  # area, complaints
    "duplicates",  # records
    "worker_killed",  # worker, pid
    "worker_back",  # worker, pid, seconds, compared, same, growing; numbers: before the kill and after
    "quiet",  # no details: the script has ended, the simulation continues
)


def append(settings: Settings, scene: str, numbers: list[dict[str, Any]] | None = None, **details: Any) -> None:
    """Append a scene with the present time; nothing without a file."""
    if not settings.story_file:
        return
    line = {"at": format_instant(clock.now()), "scene": scene, "details": details, "numbers": numbers or []}
    # One write in append mode: the lines of two processes do not mix.
    with Path(settings.story_file).open("ab", buffering=0) as file:
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def read(settings: Settings) -> list[dict[str, Any]]:
    """All scenes so far; an incomplete line is left for the next call."""
    file = Path(settings.story_file)
    if not settings.story_file or not file.exists():
        return []
    return [orjson.loads(line) for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
