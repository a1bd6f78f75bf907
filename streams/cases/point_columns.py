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
from streams.cases.point_arrivals import Arrivals, Limits
from streams.cases.point_contribution import day_before
from streams.cases.point_differences import keys, move
from streams.cases.point_flow import FAR, Values, cover_of, flow
from streams.cases.point_intake import NO_PHASE
from streams.cases.point_segments import GRID, Seconds
from streams.cases.point_slots import NONE, POINT, STRAND, Slots
from streams.cases.point_sums import add
from streams.cells.periods import LAST_30_DAYS, month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from streams.cases.point import Point
    from streams.cases.point_flow import Flow
    from streams.cases.point_intake import Voice
    from streams.cases.point_sums import Sums
    from streams.cases.point_tail import Tail
    from streams.facts.profile import Book, Ints

Group = tuple[tuple[str, ...], str]  # scopes, monitoring class


class Settled(NamedTuple):
    """A point by now: whether a value was out of limits, or late; before `since` its values are what they were."""

    point: Point
    state: State
    odd: bool
    since: int


class Columns:
    """Values come through `arrivals`."""

    def __init__(self, book: Book, voices: Sequence[Voice]) -> None:
        self.day, self.start, self.end = "", 0, 0
        self.arrivals = Arrivals(voices)
        self._book = book
        self._values = array("q")  # strand, slot, cover: of those that came since the last settling
        self._points: dict[int, Point] = {}
        self._slots, self._strands = Slots(POINT, "next_change", FAR), Slots(STRAND, "point", NONE)
        self._given_back: list[int] = []  # strands of which values may still be on their way
        self._groups: dict[Group, int] = {}

    def __iter__(self) -> Iterator[Point]:
        return iter(list(self._points.values()))

    def begin(self, day: str, start: int, end: int) -> None:
        """A new local day; nobody is there yet."""
        self.day, self.start, self.end = day, start, end
        self._groups = {}

    # -- in and out ----------------------------------------------------------------------------------------------------

    def take_in(self, point: Point, tail: Tail, now: int) -> bool:
        """Take over a point that was just settled with this tail; False if it has to be settled by itself.

        Each phase has one source, so that a later slot is a later value; what began before the day is over, and no day
        after it has begun. One of which no value moves has none that its clock would wait with.
        """
        one_source = len(point.channels) == len(point.phases)
        over = now >= tail.start + max(point.longest, GRID)
        only = tail.day in point.made and point.made.keys() <= {tail.day, day_before(tail.day)}
        if not (one_source and over and only and tail.rows):
            return False
        if tail.day != self.day:
            self.begin(tail.day, tail.start, tail.end)
        index = point.row = self._slots.take()
        self._points[index] = point
        told = point.made[tail.day].seconds
        row = self._slots.rows[index]
        row["counted"], row["told"] = tail.counted[1:6], told
        row["month"] = point.sums.get(month_of(tail.day), (0, 0))
        row["last30d"] = point.sums.get(LAST_30_DAYS, (0, 0))
        row["out"], row["out_long"], row["silent"], change, _ = point.state
        row["watched"] = bool(point.state.out or point.state.silent or point.findings)
        row["next_change"], row["made_at"] = change or FAR, now
        row["group"] = self._groups.setdefault((point.view.scopes, point.view.group), len(self._groups))
        limits = point.view.limits
        row["nominal"] = NONE if limits.nominal is None else limits.nominal
        row["low"], row["high"] = limits.low, limits.high
        point.breakpoint = None  # `next_change` is
        point.strands = tuple(self._take_strand(point, channel, tail) for channel in point.channels)
        return True

    def _take_strand(self, point: Point, channel: int, tail: Tail) -> int:
        strand = self._strands.take()
        phase, source = self._book.channels.items[channel]
        row, rows = self._strands.rows[strand], tail.rows.get(phase, ())
        row["point"], row["slot"] = point.row, NONE
        moving = [(slot, cover_of(length, mean=mean) | verdict) for slot, length, mean, verdict, _ in rows]
        if moving:
            (row["slot"], row["cover"]), row["run"] = moving[0], tail.runs[phase]
        for slot, cover in moving[1:]:
            self._values.extend((strand, slot, cover))
        about = point.area, point.id, None if phase == NO_PHASE else phase, source
        self.arrivals.open(strand, about, max(tail.last.get(phase, 0), self.start - 1), point.longest)
        return strand

    def covers(self, point: Point, slot: int, length: int) -> bool:
        """Whether it is in, and a value changes nothing but the day of the columns, and now."""
        return point.row != NONE and self.start <= slot < self.end and length <= point.longest

    def unload(self) -> Iterator[tuple[Point, int, bytes]]:
        """What has arrived, as packed entries by point and UTC day; it waits to be settled."""
        if self.arrivals.waiting:
            arrived = self.arrivals.unload()
            point = self._strands.rows["point"][arrived.strand]
            rows = self._slots.rows[point]
            limits = Limits(rows["nominal"], rows["low"], rows["high"])
            self._values.frombytes(arrived.judged(limits).tobytes())
            yield from arrived.blocks(point, self._points)

    def release(self, point: Point) -> None:
        """Give a point back, with what the partials hold of it; values not settled yet are in its days."""
        self.sync(point)
        for strand in point.strands:
            self.arrivals.close(strand)
            self._strands.rows[strand]["point"] = NONE
            self._given_back.append(strand)
        self._slots.rows[point.row]["next_change"] = FAR
        self._slots.free.append(point.row)
        del self._points[point.row]
        point.row, point.strands = NONE, ()

    def sync(self, point: Point) -> None:
        """Write what the partials hold of it to the point."""
        row = self._slots.rows[point.row]
        told = Seconds(*map(int, row["told"]))
        point.made[self.day] = point.made[self.day]._replace(seconds=told)
        for period, name in ((month_of(self.day), "month"), (LAST_30_DAYS, "last30d")):
            compliant, monitored = map(int, row[name])
            point.sums[period] = compliant, monitored
            if not monitored:
                del point.sums[period]
        point.made_at = int(row["made_at"])

    def watch(self, point: Point, *, watched: bool) -> None:
        """Whether the point has a summary."""
        self._slots.rows[point.row]["watched"] = watched

    def wake(self, point: Point, at: int | None) -> None:
        """Let its time come no later than then."""
        row = self._slots.rows[point.row]
        row["next_change"] = min(row["next_change"], FAR if at is None else at)

    # -- settling ------------------------------------------------------------------------------------------------------

    def settle(self, now: int, sums: tuple[Sums, ...], among: Callable[[Point], int] | None = None) -> list[Settled]:
        """Bring up to `now` all points that values came for, or whose time has come; add what changed to the sums.

        `among` says to which of the sums, if not the first. What is returned are the points whose state or findings
        may be others now, or which have a summary.
        """
        values = self._moving(now)
        if not len(values.point):
            self._wait(np.zeros((0, 3), np.int64))
            return []
        came = flow(values, (self.start, self.end), now)
        rows, index = self._slots.rows, np.unique(values.point)
        rows["counted"][index] += came.counted
        told = rows["counted"][index] + came.moving
        before = rows["told"][index]
        states = came.out, came.out_long, came.silent
        look = came.odd | rows["watched"][index] | ((told[:, -1] > 0) != (before[:, -1] > 0))
        for name, new in zip(("out", "out_long", "silent"), states, strict=True):
            look |= rows[name][index] != new
            rows[name][index] = new
        rows["next_change"][index], rows["made_at"][index] = came.next_change, now
        self._tell(index, told, sums, among)
        self._keep(values, came)
        return [
            Settled(self._points[int(index[n])], _state(came, int(n)), bool(came.odd[n]), int(came.earliest[n]))
            for n in np.flatnonzero(look)
        ]

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
        since = self._slots.rows["made_at"][point]
        since[len(last) :][strands["slot"][new[:, 0]] == NONE] = NONE
        order = np.lexsort((strand, point))
        return Values(*(each[order] for each in (point, strand, slot, cover, run, since)))

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

    def _tell(self, index: Ints, told: Ints, sums: tuple[Sums, ...], among: Callable[[Point], int] | None) -> None:
        """Add by group what differs from what the partials hold."""
        rows, groups = self._slots.rows, list(self._groups)
        differs = (told != rows["told"][index]).any(axis=1)
        index, told = index[differs], told[differs]
        amounts = move(rows, index, told)
        parts = [0 if among is None else among(self._points[one]) for one in index.tolist()]
        by_group = np.zeros((len(sums) * len(groups), amounts.shape[1]), np.int64)
        group_of: Ints = rows["group"][index] + len(groups) * np.array(parts, np.int64)
        np.add.at(by_group, group_of, amounts)
        for group, column in np.argwhere(by_group).tolist():
            scopes, monitoring_class = groups[group % len(groups)]
            key = keys(self.day, monitoring_class)[column]
            add(sums[group // len(groups)].of(scopes), key, int(by_group[group, column]))


def _state(came: Flow, n: int) -> State:
    return State(int(came.out[n]), int(came.out_long[n]), bool(came.silent[n]), int(came.next_change[n]))
