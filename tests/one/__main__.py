"""`python -m tests.one kpi saidi`: all that holds one KPI, clock or event; exit 1 if something is missing or fails."""

import sys
from collections.abc import Sequence

from streams.kpis import KPIS
from tests.one import clock, event, kpi
from tests.one.report import show, unknown

KINDS = {
    "kpi": (kpi.lines, [each.name for each in KPIS], "KPIS (streams/kpis/__init__.py)"),
    "clock": (clock.lines, clock.names(), "ClockId (schemas/sla_breach.py)"),
    "event": (event.lines, event.names(), "EVENTS (schemas/__init__.py)"),
}


def main(arguments: Sequence[str]) -> int:
    """Report on the thing of a kind that has the name; a name that nothing has is one sentence."""
    kind, name = arguments[0], arguments[1].strip() if len(arguments) > 1 else ""
    lines, known, where = KINDS[kind]
    name = event.full_name(name) if kind == "event" else name
    if name not in known:
        print(unknown(kind, name, known, where))
        return 1
    return show(f"{kind} {name}", lines(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
