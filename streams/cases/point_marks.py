"""Which points are to be settled, and what the partials hold of them until then."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from streams.cases.contribution import Contribution
from streams.cases.ledger import OUTDATED_MAX
from streams.cases.point import DayTold, Point
from streams.cases.point_bounds import is_crowded, is_heard
from streams.cases.point_clocks import late_at
from streams.cases.point_columns import Columns
from streams.cases.point_contribution import (
    View,
    alike,
    amounts_of,
    day_of,
    days_of,
    differs,
    findings_of,
    recent,
    state_at,
    view_of,
)
from streams.cases.point_intake import Intake
from streams.cases.point_runs import lookback
from streams.cases.point_sums import spread
from streams.dimensions.periods import local_day, next_day
from streams.facts.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.cases.audit import Audit
    from streams.cells.partials import Partials
    from streams.reference.reference import Reference

Amounts = dict[tuple[str, str], tuple[int, int]]


class Area:
    """A transformer area, as far as its points make it out of limits: how many are over, how many under."""

    __slots__ = ("id", "key", "out", "scopes", "told")

    def __init__(self, name: str) -> None:
        self.id, self.key = name, f"area/{name}"
        self.out: dict[int, int] = {}
        self.told: Amounts = {}
        self.scopes: tuple[str, ...] = ()


class Marks:
    """`owns` says whether the events of an area come to this partition: points of the network count also unheard."""

    def __init__(self, partials: Partials, reference: Reference, owns: Callable[[str], bool]) -> None:
        self.partials, self.reference = partials, reference
        self.cases: dict[str, Point | Area] = {}
        self.defects: dict[str, str] = {}
        self.unstored: list[tuple[str, str]] = []
        self.unknown_fields = 0
        self.unlisted: dict[str, int] = {}
        self.audit: Audit | None = None
        self._owns = owns
        self._book = Book()
        self._intake = Intake(self._book)
        self._points: dict[tuple[str, str], Point] = {}
        self._areas: dict[str, Area] = {}
        self._marked: dict[Point, Amounts | None] = {}  # with all that the partials hold, where days do not say it
        self._unsaved: set[tuple[Point, int | str]] = set()
        self._unwritten = False
        self._strangers = 0  # points that were heard of, and that the network does not have
        # Points with a summary, and the findings in it; None where, after a restart, nobody knows what was told.
        self._columns = Columns(self._book, self._intake.voices)
        self._told: dict[Point, tuple[str, ...] | None] = {}
        self._due_times: list[tuple[int, int, Point]] = []
        self._pushed = 0
        self._settled_at: int | None = None
        self._touched: set[str] = set()  # areas
        self._since: dict[Point, int] = {}  # from when on a point may have been out or silent otherwise than was told
        self._retell = False
        self._add_network_points()

    def _point(self, area: str, name: str) -> Point:
        point = self._points.get((area, name))
        if point is None:
            point = self._points[area, name] = Point(area, name)
            point.view = view_of(point, self.reference)
            self.cases[point.key] = point
        return point

    def _count_strangers(self) -> int:
        known = self.reference.network.points
        return sum(is_heard(point) and place not in known for place, point in self._points.items())

    def _add_network_points(self) -> None:
        for area, name in self.reference.network.points:
            if self._owns(area):
                point = self._point(area, name)
                if not point.counted:
                    self._marked.setdefault(point)

    # -- what is to be replaced ----------------------------------------------------------------------------------------

    def _mark(self, point: Point, slot: int, reach: int) -> None:
        """What a value may change: the local days from its slot on, as far as it, or one that it replaces, can speak.

        And those of a mean before it that was not over yet: cut short, it may be. And of a clock that it stops in time.
        """
        self._take_out(point)
        self._touch(point, slot)
        if point not in self._marked:
            self._marked[point] = None
        if not point.counted or self._marked[point] is not None:
            return
        view = point.view
        day, last = local_day(slot - lookback(point, view), view.zone), local_day(slot + reach, view.zone)
        while True:
            if day not in point.made:
                point.made[day] = day_of(point, view, day, point.made_at, self._book)
            if day >= last:
                return
            day = next_day(day)

    def _unload(self) -> None:
        """What has arrived in order becomes part of its points' days."""
        crowded = []
        for point, day, entries in self._columns.unload():
            point.extend(day, entries, self._book)
            self._unsaved.add((point, day))
            self._marked.setdefault(point)
            if is_crowded(point):
                crowded.append(point)
        for point in crowded:
            self._mark_alone(point)

    def _take_out(self, point: Point) -> None:
        if point.strands:
            self._unload()
        if point.row >= 0:
            self._columns.release(point)
            self._touch(point, self._columns.start)

    def _follow_no_more(self, point: Point, channel: int | None = None) -> None:
        """What comes of it next is taken by itself again; what came is in its days."""
        if point.row < 0 and point.strands:
            self._unload()
            self._columns.follow_no_more(point, channel)

    def _touch(self, point: Point, since: int) -> None:
        before = self._since.get(point)
        if before is None or since < before:
            self._since[point] = since

    def _mark_alone(self, point: Point) -> None:
        """To be settled by itself, though nothing of it changed."""
        self._take_out(point)
        self._marked.setdefault(point)

    def _mark_all(self, point: Point) -> None:
        self._take_out(point)
        self._touch(point, 0)
        if self._marked.get(point) is None:
            self._marked[point] = self._held(point)

    def _held(self, point: Point) -> Amounts:
        """All that the partials hold of a point, from its facts, and from what was remembered before they changed."""
        before = self._marked.get(point)
        if before is not None:
            return before
        if not point.counted:
            return {}
        told = self._days(point, point.view, point.made_at, point.made)
        today = local_day(point.made_at, point.view.zone)
        return amounts_of(point, point.view, told, today, (point.state, point.findings))

    def _anew(self, point: Point) -> Amounts:
        """The same from its facts alone."""
        view, now = point.view, point.made_at
        told = self._days(point, view, now, {})
        state = late_at(point, view, state_at(point, view, now, self._book), now, self._book)
        kept, point.suspect_for = point.suspect_for, None
        found = findings_of(
            point, view, recent(told, view, now), self._differing(point, view, now), now=now, book=self._book
        )
        point.suspect_for = kept
        return amounts_of(point, view, told, local_day(now, view.zone), (state, found))

    def _differing(self, point: Point, view: View, now: int) -> frozenset[str]:
        """The days of which the terminal counted otherwise."""
        return frozenset(day for day in point.statistics or () if differs(point, view, day, now, self._book))

    def _days(self, point: Point, view: View, now: int, known: Mapping[str, DayTold]) -> dict[str, DayTold]:
        return {
            day: known[day] if day in known else day_of(point, view, day, now, self._book)
            for day in days_of(point, view, now)
        }

    def present(self, case: Point | Area) -> Contribution:
        """What the partials hold of a point, or of an area."""
        if isinstance(case, Area):
            return Contribution(spread(case.scopes, case.told))
        if case.row >= 0:
            self._columns.sync(case)
        amounts = self._held(case) if case in self._marked or not case.counted else self._anew(case)
        return Contribution(spread(case.view.scopes, amounts), case.findings)

    def _wait(self, point: Point, at: int) -> None:
        """Remember when a point changes by itself; without outdated entries once these are the most."""
        self._pushed += 1
        heap = self._due_times
        heapq.heappush(heap, (at, self._pushed, point))
        if len(heap) > OUTDATED_MAX + 2 * len(self._points):
            held = {point: (at, pushed, point) for at, pushed, point in heap if point.due_at == at}
            heap[:] = held.values()
            heapq.heapify(heap)

    def due(self, now: int) -> None:
        """Mark every point with a breakpoint at or before `now` (seconds)."""
        heap = self._due_times
        while heap and heap[0][0] <= now:
            at, _, point = heapq.heappop(heap)
            if point.due_at == at:
                point.due_at = None
                self._marked.setdefault(point)

    def refer(self, reference: Reference) -> None:
        """Take new reference data: what sees a point otherwise changes its contribution.

        The same once more asks for all points to be told again: what was told before a restart is not known.
        """
        self._unload()
        self._retell |= reference is self.reference
        self.reference = reference
        self._add_network_points()
        self._strangers = self._count_strangers()
        for point in self._points.values():
            if self._retell or not point.counted or not alike(point, reference):
                self._mark_alone(point)
                self._touch(point, 0)
            elif point not in self._marked:
                point.view = point.view._replace(reference=reference)
        self._touched.update(self._areas)
