"""The story of the demo: a file to which the simulator and the demo append what they just did, a line per scene.

GRIDPULSE_STORY_FILE names it; the web server reads it for its page. JSON Lines, in the order of time, each:

    {"at": "2026-06-03T02:10:05Z",                     when it was told
     "scene": "partial_restoration",                   one of SCENES; the words are "scene.<scene>" in the texts
     "details": {"outage_id": "night-1", "by": "switching"},   fill the {places} of the words: texts or numbers
     "numbers": [{"name": "customers_out", "before": "4812", "after": "1903"}]}   in decimal, null for undefined

A number has `name` (a KPI, or a word of the texts); one that was read from the API has `period` and `scope` too, and
then before and after are the `value` of that KPI record, and undefined is null. `numbers` may be empty. A reader passes
over a line that is not whole yet, and over scenes that it does not know.
"""

from pathlib import Path
from typing import Any, Final

import orjson

from schemas.event import format_instant
from streams import clock
from streams.settings import Settings

# In the order in which the night tells them. Beside each, its details.
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
    "quiet",  # nothing: the night is told, life goes on
)


def tell(settings: Settings, scene: str, numbers: list[dict[str, Any]] | None = None, **details: Any) -> None:
    """Append a scene, now; nothing without a file to tell it to."""
    if not settings.story_file:
        return
    line = {"at": format_instant(clock.now()), "scene": scene, "details": details, "numbers": numbers or []}
    # One write in append mode: the lines of two processes do not mix.
    with Path(settings.story_file).open("ab", buffering=0) as file:
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def told(settings: Settings) -> list[dict[str, Any]]:
    """All scenes so far; a line that is still being written comes the next time."""
    file = Path(settings.story_file)
    if not settings.story_file or not file.exists():
        return []
    return [orjson.loads(line) for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
