"""The required announcements of clocks, mark by mark: the oracle's own log of announcements.

Only cases with new records at a mark, or with an open or future clock after the previous mark, can change at it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streams.oracle.engine import Oracle

STATUSES = """
    WITH passed AS (
        SELECT kind, id, clock, cycle, max(percent) FILTER (percent < 100) AS warned,
            max(percent) FILTER (percent > 100) AS escalated
        FROM reached WHERE instant <= getvariable('at') GROUP BY ALL
    )
    SELECT c.clock || '|' || c.kind || '/' || c.id || '|' || c.cycle,
        CASE c.status WHEN 'broken' THEN 'breached' ELSE c.status END,
        CASE c.status
            WHEN 'breached' THEN coalesce(p.escalated, 100)
            WHEN 'at_risk' THEN coalesce(p.warned, CASE WHEN c.deadline > c.start THEN
                greatest(0, 100 * (c.deadline - 60 * r.warn_before - c.start) // (c.deadline - c.start)) ELSE 0 END)
        END,
        c.start, c.deadline, c.ended
    FROM clock AS c JOIN run AS r USING (kind, id, clock, cycle) LEFT JOIN passed AS p USING (kind, id, clock, cycle)
"""
WANTED = "SELECT kind || '/' || id FROM wanted"
UNSETTLED = """
    SELECT kind, id FROM run WHERE stopped IS NULL AND voided IS NULL
    UNION
    SELECT kind, id FROM milestone WHERE instant > getvariable('at')
    UNION
    SELECT 'outage', id FROM version WHERE stated > getvariable('at')
    UNION
    SELECT f.kind, f.id FROM fact AS f JOIN event AS e USING (n) WHERE e.occurred_at > getvariable('at')
"""
BROKEN = ("breached", "met_late")
ANNOUNCED_FIRST = ("at_risk", *BROKEN)


class Status(NamedTuple):
    """The status of a clock; times in epoch seconds, None if there is none."""

    status: str
    level: int | None
    started_at: int | None
    deadline_at: int | None
    ended_at: int | None


class Change(NamedTuple):
    """A required announcement at a mark; a former breach has the status `retracted`."""

    mark: int
    clock: Status


GONE = Status("void", None, None, None, None)


def announced(oracle: Oracle, marks: Sequence[int]) -> Iterator[tuple[str, Change]]:
    """All changes by `clock|kind/case|cycle`, in time; deadlines before the first mark are over and passed over."""
    published: dict[str, tuple[Status, bool]] = {}  # the last announcement, and whether it was a breach
    by_case: dict[str, set[str]] = {}  # announced clocks
    unsettled: list[tuple[str, str]] = []
    for mark in marks:
        statuses, wanted, ahead = oracle.clocks(mark, (STATUSES, WANTED, UNSETTLED), unsettled)
        unsettled = [(kind, key) for kind, key in ahead]
        now = {key: Status(*row) for key, *row in statuses}
        before = {key for (case,) in wanted for key in by_case.get(case, ())}
        for key in sorted(before | now.keys()):
            clock = now.get(key, GONE)
            if key not in published:
                over = clock.deadline_at is not None and clock.deadline_at < marks[0]
                if clock.status not in ANNOUNCED_FIRST or over:
                    continue
            elif published[key][0] == clock:
                continue
            retracted = published.get(key, (GONE, False))[1] and clock.status not in BROKEN
            published[key] = clock, clock.status in BROKEN
            by_case.setdefault(key.split("|", 1)[1].rpartition("|")[0], set()).add(key)
            yield key, Change(mark, clock._replace(status="retracted") if retracted else clock)
