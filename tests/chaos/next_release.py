"""A worker of a release after this one: `python -m tests.chaos.next_release ROLE`.

Each role has a KPI more, which says what another one says; one KPI is dropped, and one has another definition.
"""

import sys

from streams import app
from streams.agents import partition
from streams.kpis import KPIS
from streams.settings import Settings

COPIED = ("orders_open", "voltage_points_low_coverage")  # a KPI of each role, which the next release says twice
DROPPED, CHANGED = "caidi", "saidi"
NEXT = (
    *(
        kpi._replace(definition_version=kpi.definition_version + 1) if kpi.name == CHANGED else kpi
        for kpi in KPIS
        if kpi.name != DROPPED
    ),
    *(kpi._replace(name=f"{kpi.name}_next") for kpi in KPIS if kpi.name in COPIED),
)

if __name__ == "__main__":
    version = partition.SUMMARY_VERSION + 1
    app.KPIS, app.DROPPED = NEXT, {DROPPED: "cases"}  # type: ignore[attr-defined]  # what it imports is no part of it
    app.SUMMARY_VERSION = partition.SUMMARY_VERSION = version  # type: ignore[attr-defined,misc]  # as above
    (role,) = sys.argv[1:]
    del sys.argv[1:]
    app.run_worker(Settings.load(), role)
