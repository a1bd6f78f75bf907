"""The contribution of the clocks of a case to cells, and their list in its summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.dimensions.periods import local_day
from streams.dimensions.scopes import grouping
from streams.sla.clocks import MET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.cases.contribution import Measures
    from streams.sla.clocks import Clock

GROUPINGS = frozenset({"all", "region"})


def add_clocks(measures: Measures, clocks: Iterable[Clock], places: Iterable[str], zone: str) -> None:
    """Add clocks at risk or breached to the cells of now, met and breached clocks to the local day of their begin."""
    scopes = [scope for scope in places if grouping(scope) in GROUPINGS]
    for clock in clocks:
        name = clock.rule.clock
        if clock.stage is not None:
            measures.count(scopes, f"sla_open|{name}|{clock.stage}")
        if clock.decided:
            day = local_day(clock.started_at, zone)
            obligation = clock.rule.obligation
            measures.count(scopes, f"sla_due|{name}", day)
            measures.count(scopes, f"sla_due_{obligation}", day)
            if clock.status == MET:
                measures.count(scopes, f"sla_on_time|{name}", day)
                measures.count(scopes, f"sla_on_time_{obligation}", day)


def listed(clocks: Iterable[Clock]) -> list[dict[str, Any]]:
    """The clocks of a summary in grid.cases.v1, instants in epoch seconds."""
    return [
        {
            "clock": clock.rule.clock,
            "cycle": clock.cycle,
            "status": clock.status,
            "open": clock.open,
            "level_percent": clock.level,
            "started_at": clock.started_at,
            "deadline_at": clock.deadline_at,
            "ended_at": clock.ended and clock.ended.at,
            "severity": clock.rule.severity,
            "obligation": clock.rule.obligation,
            "provisional": clock.provisional,
        }
        for clock in clocks
    ]
