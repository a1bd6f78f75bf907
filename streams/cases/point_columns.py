"""Points whose values come in the order of time, in columns: all that a second touches is settled at once.

A value in order changes the local day of now, and now, and nothing else. So what is kept of a point here is what is
counted of that day for good, the last value of each phase, and what the partials hold. Whatever else happens to a
point (a late value, a correction, a new day, another network) takes it out, back to `Point`; settled there, it returns.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.cases.point import State
from streams.cases.point_differences import keys, move
from streams.cases.point_flow import Values, flow
from streams.cases.point_seats import Seats
from streams.cases.point_slots import NONE
from streams.cells.consolidate import add

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cases.point import Point
    from streams.cases.point_flow import Flow
    from streams.cases.point_sums import Sums
    from streams.facts.profile import Ints


class Evaluation(NamedTuple):
    """A point by now: whether a value was out of limits, or late; before `since` its values are what they were."""

    point: Point
    state: State
    odd: bool
    since: int


class Columns(Seats):
    """Settles all that sit in them at once."""

    def evaluate(
        self, now: int, sums: tuple[Sums, ...], among: Callable[[Point], int] | None = None
    ) -> list[Evaluation]:
        """Bring up to `now` all points that values came for, or whose time has come; add what changed to the sums.

        `among` says to which of the sums, if not the first. What is returned are the points whose state or findings
        may be others now, or which have a summary.
        """
        values = self._moving(now)
        if not len(values.point):
            self.forget_values()
            return []
        index = np.unique(values.point)
        held = self._slots.rows[index]
        try:
            return self._settle(values, index, now, sums, among)
        except Exception:
            self._slots.rows[index] = held  # what the partials hold, as the sums of this time are not taken
            self._broke_on = [self._points[row] for row in index.tolist()]
            raise

    def _settle(
        self, values: Values, index: Ints, now: int, sums: tuple[Sums, ...], among: Callable[[Point], int] | None
    ) -> list[Evaluation]:
        came = flow(values, (self.start, self.end), now)
        rows = self._slots.rows
        rows["counted"][index] += came.counted
        told = rows["counted"][index] + came.moving
        before = rows["told"][index]
        odd = came.odd | (rows["out"][index] > 0) | rows["silent"][index] | (came.out > 0) | came.silent
        look = (
            odd
            | rows["watched"][index]
            | (came.unjudged != rows["unjudged"][index])
            | ((told[:, -1] > 0) != (before[:, -1] > 0))
        )
        rows["out"][index], rows["out_long"][index], rows["silent"][index] = came.out, came.out_long, came.silent
        rows["unjudged"][index] = came.unjudged
        kept = np.where(odd, 0, came.kept)
        rows["kept"][index] += kept
        rows["next_change"][index], rows["made_at"][index] = came.next_change, now
        self._tell(index, told, kept, sums, among)
        self._keep(values, came)
        return [
            Evaluation(self._points[int(index[n])], _state(came, int(n)), bool(odd[n]), int(came.earliest[n]))
            for n in np.flatnonzero(look)
        ]

    def concerned(self) -> list[Point]:
        """The points that the last settling broke on, as far as it came to know which; else all."""
        points, self._broke_on = self._broke_on, None
        return list(self) if points is None else points

    def forget_values(self) -> None:
        """Those that came since the last settling are in the days of their points."""
        self._wait(np.zeros((0, 3), np.int64))

    def _moving(self, now: int) -> Values:
        """The last value of each phase concerned, and what came after it."""
        strands = self._strands.rows
        new = np.frombuffer(self._values, np.int64).reshape(-1, 3)
        new = new[strands["point"][new[:, 0]] != NONE]
        concerned = self._slots.rows["next_change"] <= now
        concerned[strands["point"][new[:, 0]]] = True
        last = np.flatnonzero(concerned[strands["point"]] & (strands["point"] != NONE) & (strands["slot"] != NONE))
        strand = np.concatenate((last, new[:, 0]))
        point = strands["point"][strand]
        slot = np.concatenate((strands["slot"][last], new[:, 1]))
        cover = np.concatenate((strands["cover"][last], new[:, 2]))
        run = np.concatenate((strands["run"][last], new[:, 1]))
        since, *brief = (self._slots.rows[name][point] for name in ("made_at", "brief", "read"))
        since[len(last) :][strands["slot"][new[:, 0]] == NONE] = NONE
        order = np.lexsort((strand, point))
        return Values(*(each[order] for each in (point, strand, slot, cover, run, since, *brief)))

    def _keep(self, values: Values, came: Flow) -> None:
        """What is the last value now, and what comes after it because its time has not begun to count."""
        strands, following = self._strands.rows, came.next
        of = values.strand[following]
        strands["slot"][of], strands["cover"][of] = values.slot[following], values.cover[following]
        strands["run"][of] = came.run[following]
        later = ~came.done & ~following
        self._wait(np.stack((values.strand[later], values.slot[later], values.cover[later]), axis=1))

    def _wait(self, values: Ints) -> None:
        """Keep values for the next settling; no other one is on its way to a strand that was given back."""
        self._values = array("q", values.tobytes())
        self._strands.free += self._given_back
        self._given_back = []

    def _tell(
        self, index: Ints, told: Ints, kept: Ints, sums: tuple[Sums, ...], among: Callable[[Point], int] | None
    ) -> None:
        """Add by group what differs from what the partials hold."""
        rows, groups = self._slots.rows, list(self._groups)
        differs = (told != rows["told"][index]).any(axis=1) | (kept > 0)
        index, told = index[differs], told[differs]
        amounts = np.column_stack((move(rows, index, told), kept[differs]))
        parts = [0 if among is None else among(self._points[one]) for one in index.tolist()]
        by_group = np.zeros((len(sums) * len(groups), amounts.shape[1]), np.int64)
        group_of: Ints = rows["group"][index] + len(groups) * np.array(parts, np.int64)
        np.add.at(by_group, group_of, amounts)
        for group, column in np.argwhere(by_group).tolist():
            scopes, monitoring_class, _ = groups[group % len(groups)]
            into, amount = sums[group // len(groups)].of(scopes), int(by_group[group, column])
            if column < by_group.shape[1] - 1:
                add(into, keys(self.day, monitoring_class)[column], amount)
            else:
                for name, count in self._promises(group % len(groups), amount):
                    add(into, (self.day, name), count)


def _state(came: Flow, n: int) -> State:
    out, out_long, unjudged = int(came.out[n]), int(came.out_long[n]), int(came.unjudged[n])
    return State(out, out_long, bool(came.silent[n]), int(came.next_change[n]), unjudged=unjudged)
