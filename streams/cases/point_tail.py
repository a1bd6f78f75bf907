"""The local day of now of a point: what of it is counted for good, and the few last values that still move.

What neither a later value of its phase nor a later now can change is counted and left. The last value is never left.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from streams.cases.point_limits import ABSENT, OUT
from streams.cases.point_runs import is_odd, lookback
from streams.cases.point_segments import VERDICTS, Seconds, count, grid, holds_for, next_slots, reach, seconds_of
from streams.cases.point_state import LONG, state_of
from streams.dimensions.periods import day_end, day_start, local_day

if TYPE_CHECKING:
    from streams.cases.point import Point, State
    from streams.cases.point_contribution import View
    from streams.facts.book import Book
    from streams.facts.profile import Row, Rows

AHEAD = 86_400  # seconds: no admitted slot lies further ahead of now


class Tail:
    """`rows` by phase are the values that still move, `runs` what `state_of` needs of those before them.

    `last` is the last slot of a phase of which something was said, be it that the value is not known; `odd`: a phase
    was out of limits, or has a gap.
    """

    __slots__ = ("counted", "day", "end", "last", "odd", "rows", "runs", "start")

    def __init__(self, day: str, start: int, end: int, rows: Rows, now: int) -> None:
        self.day, self.start, self.end = day, start, end
        self.counted = [0] * VERDICTS
        self.last = {phase: of_phase[-1][0] for phase, of_phase in rows.items() if of_phase}
        known = {phase: [row for row in of_phase if row[3] != ABSENT] for phase, of_phase in rows.items()}
        self.rows = {phase: of_phase for phase, of_phase in known.items() if of_phase}
        self.runs = {phase: of_phase[0][0] for phase, of_phase in self.rows.items()}
        self.odd = is_odd(self.rows, now)

    @classmethod
    def of(cls, point: Point, view: View, now: int, book: Book) -> Tail | None:
        """That of the local day of now; none where the day as a whole judges its values, or there are none.

        Nor of a point whose values come in batches, nor of one with 10-minute means, for a tail knows nothing of weeks.
        Nor of one whose intervals are so long that what comes in order decides a promise of the day before yesterday.
        """
        if view.limits.floating or point.weekly or view.delivery_interval or not point.days:
            return None
        day = local_day(now, view.zone)
        start, end = day_start(day, view.zone), day_end(day, view.zone)
        if lookback(point, view) > start - day_start(local_day(start - 1, view.zone), view.zone):
            return None
        since = min(start - point.longest, now - LONG - 1 - reach(point.longest))
        rows = point.rows(since, max(end + point.longest, now + AHEAD), book, view.judge)
        return cls(day, start, end, rows, now)

    def evaluate(self, now: int) -> Seconds:
        """What counts by now of the day; what does not move any more is not looked at again."""
        full, day, sums = grid(now), (self.start, self.end), self.counted
        for phase, rows in self.rows.items():
            done = len(rows) - 1
            # Done is what is followed by a value whose time counts already: nothing later can come in between.
            while done > 0 and rows[done][0] > full:
                done -= 1
            if done > 0:
                count(sums, rows[:done], [row[0] for row in rows[1 : done + 1]], day, now)
                self.runs[phase] = _run_at(rows, done, self.runs[phase])
                del rows[:done]
        sums = sums.copy()
        for rows in self.rows.values():
            count(sums, rows, next_slots(rows), day, now)
        return seconds_of(sums)

    def state(self, now: int) -> State:
        """What the point says about now."""
        return state_of(self.rows, now, (0, 0), self.runs)


def _run_at(rows: list[Row], position: int, since: int) -> int:
    """Since when it has been out of limits without interruption, were the row at `position` out too."""
    for before, row in pairwise(rows[: position + 1]):
        if before[3] not in OUT or before[0] + holds_for(before[1], mean=before[2]) < row[0]:
            since = row[0]
    return since
