"""Which clocks of a point have to be compared with what was announced of them: those that its last changes reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cases.point_clocks import added, clocks_of_run, due_and_kept, promises, together, with_late
from streams.cases.point_contribution import day_amounts, day_before
from streams.cases.point_flow import FAR
from streams.cases.point_runs import lookback, runs_since
from streams.cases.point_tail import AHEAD
from streams.cases.point_taking import Taking
from streams.facts.profile import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cases.point import Point, State
    from streams.cases.point_contribution import View
    from streams.cases.point_runs import Run
    from streams.cases.point_sums import Sums
    from streams.cells.partials import Partials
    from streams.reference.reference import Reference
    from streams.sla.clocks import Clock


class Looking(Taking):
    """Points that may have a run since their last change are looked at.

    `known` are the runs of a point that go on, so that a long one is not read from its begin each time, nor its end
    missed; they are none where a point is to be looked at whatever it says. `found` are the clocks to be compared with
    what was told of them; `clocked` are points of which something may have been told.
    """

    def __init__(self, partials: Partials, reference: Reference, owns: Callable[[str], bool]) -> None:
        super().__init__(partials, reference, owns)
        self._known: dict[Point, tuple[Run, ...]] = {}
        self._found: dict[Point, tuple[Clock, ...]] = {}
        self._clocked: set[Point] = set()

    def _looked_from(self, point: Point, now: int) -> int:
        """From when on its clocks may be others than was told: what is older than the correction horizon stands."""
        return max(self._since.get(point, now), now - self.reference.rules.correction_horizon_seconds - DAY)

    def _look(self, point: Point, view: View, state: State, now: int, *, odd: bool) -> State:
        """The state with the clocks that are late; all that its last changes reach are found, for `_tell`."""
        since, counted = self._looked_from(point, now), point.counted and point not in self._known
        told = point.row < 0 and point in self._clocked
        known = self._known.pop(point, ())
        if (counted and not (odd or told or state.out or state.silent)) or not point.days:
            if point.row < 0:  # otherwise its values came in order, and what was told before stands
                self._found[point] = ()
            return state
        if self._since.get(point) == 0:  # seen otherwise, or never looked at
            known = ()
        runs = runs_since(point, view, (since, now + AHEAD), self._book, known)
        going = tuple(run for run in runs if run.begins <= now and (run.ended_at is None or run.ended_at > now))
        if going:
            self._known[point] = going
        found = [(run, clocks_of_run(point, view, run, now)) for run in runs]
        if point.row >= 0:
            runs_told = ((run.started_at, run.ended_at or FAR, due_and_kept(each.clocks)) for run, each in found)
            self._columns.read(point, since, runs_told)
        clocks = together(each for _, each in found)
        self._found[point] = clocks.clocks
        return with_late(state, clocks)

    def _promise(self, point: Point, sums: Sums, before: int, now: int) -> None:
        """Of a point in the columns: its clocks that began today, or just before midnight.

        What it said of the time up to `before` stands.
        """
        if point not in self._found:
            return
        view, columns = point.view, self._columns
        promised = {columns.day: added(promise for _, promise in columns.begun[point])}
        if before < columns.start + lookback(point, view):
            yesterday = day_before(columns.day)
            promised[yesterday] = promises(point, view, yesterday, now, self._book)
        for day, promise in promised.items():
            told = point.made.get(day)
            if told is None or told.promises == promise:
                continue
            new = told._replace(promises=promise)
            sums.replace(view.scopes, day_amounts(day, told, view), day_amounts(day, new, view))
            point.made[day] = new
