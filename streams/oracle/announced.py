"""What has to be announced of clocks, mark by mark: the oracle's own log of what it would have told by then.

Only cases with news at a mark, or with something open or ahead after the last one, can change at it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streams.oracle.engine import Oracle

STANDS = """
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
    SELECT kind, id FROM moment WHERE instant > getvariable('at')
    UNION
    SELECT 'outage', id FROM version WHERE said > getvariable('at')
    UNION
    SELECT f.kind, f.id FROM fact AS f JOIN event AS e USING (n) WHERE e.occurred_at > getvariable('at')
"""
BROKEN = ("breached", "met_late")
TOLD_FIRST = ("at_risk", *BROKEN)


class Stand(NamedTuple):
    """A clock as it stands; times in epoch seconds, None where there is none."""

    status: str
    level: int | None
    started_at: int | None
    deadline_at: int | None
    ended_at: int | None


class Change(NamedTuple):
    """What has to be told at a mark: of a breach that is none any more the status is `retracted`."""

    mark: int
    stand: Stand


GONE = Stand("void", None, None, None, None)


def announced(oracle: Oracle, marks: Sequence[int]) -> Iterator[tuple[str, Change]]:
    """All changes by `clock|kind/case|cycle`, in time; deadlines before the first mark are over and passed over."""
    told: dict[str, tuple[Stand, bool]] = {}  # the last that was told, and whether it told of a breach
    by_case: dict[str, set[str]] = {}  # what was told of
    unsettled: list[tuple[str, str]] = []
    for mark in marks:
        stands, wanted, ahead = oracle.clocks(mark, (STANDS, WANTED, UNSETTLED), unsettled)
        unsettled = [(kind, key) for kind, key in ahead]
        now = {key: Stand(*row) for key, *row in stands}
        before = {key for (case,) in wanted for key in by_case.get(case, ())}
        for key in sorted(before | now.keys()):
            stand = now.get(key, GONE)
            if key not in told:
                over = stand.deadline_at is not None and stand.deadline_at < marks[0]
                if stand.status not in TOLD_FIRST or over:
                    continue
            elif told[key][0] == stand:
                continue
            taken_back = told.get(key, (GONE, False))[1] and stand.status not in BROKEN
            told[key] = stand, stand.status in BROKEN
            by_case.setdefault(key.split("|", 1)[1].rpartition("|")[0], set()).add(key)
            yield key, Change(mark, stand._replace(status="retracted") if taken_back else stand)
