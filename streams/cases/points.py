"""The voltage points of one source partition: as `Ledger`, but a point's days are replaced one by one. Pure.

A contribution has many days, and an event changes one of them. So before the first change of a day what the partials
hold of it is computed, and at `evaluate` it is replaced by what holds then; months, the last 30 days and now follow.
What reaches further (the first slot, a nominal voltage) has the whole contribution kept before. Live, a point that many
events touch within a second is evaluated once.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import orjson

from streams.cases import findings
from streams.cases.clock_shares import listed
from streams.cases.contribution import Contribution
from streams.cases.interface import Evaluation
from streams.cases.point import Point
from streams.cases.point_contribution import (
    about,
    direction,
    now_amounts,
    scopes_of,
    summary_of,
)
from streams.cases.point_flow import FAR
from streams.cases.point_marks import Area
from streams.cases.point_settling import SEEN, Settling
from streams.cases.point_store import ABOUT, load_day, read_rows
from streams.cases.point_store import day_of as stored_day
from streams.cases.point_sums import Sums, spread
from streams.dimensions.scopes import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.cases.point_settling import Both

SINCE = "since"  # no point is called so


class PointLedger(Settling):
    """Points as a source partition needs them; see `streams.cases.interface`."""

    # -- what comes of it ----------------------------------------------------------------------------------------------

    def evaluate(self, now: int) -> Iterator[Evaluation]:
        """Replace the contribution of every marked point by the one at `now`; once for each second of it."""
        if now == self._settled_at:
            return
        self._settled_at = now
        both, settled = (Sums(), Sums()), []
        touched, self._touched = self._touched, set()
        for point, out in self._settle_points(both, now):
            if point.state.out != out:
                self._count_out(point.area, out, point.state.out)
                touched.add(point.area)
            told = self._tell_or_give_up(point, both, touched, now)
            if told is not None:
                settled.append(told)
        for area in sorted(touched):
            self._settle_area(self._areas[area], both)
        for sums in both:
            self._add(sums)
        if self.audit is not None:
            self.audit.add(both[SEEN].spread())
        self._retell = False
        yield from settled

    def flag(self, settled: Evaluation, reason: str) -> None:
        """What `evaluate` has just yielded cannot be published: the point counts nothing until it is settled again."""
        point = settled.case
        assert isinstance(point, Point)
        sums, out = (Sums(), Sums()), point.state.out
        self._set_aside(point, sums, reason)
        self._told.pop(point, None)
        if out:
            self._count_out(point.area, out, 0)
            self._settle_area(self._areas[point.area], sums)
        for part in sums:
            self._add(part)
        if self.audit is not None:
            self.audit.add(sums[SEEN].spread())

    def _tell_or_give_up(self, point: Point, sums: Both, touched: set[str], now: int) -> Evaluation | None:
        told, before = point in self._told, self._told.get(point) or ()
        try:
            return self._tell(point, now)
        except Exception:  # noqa: BLE001  # a bug in pure code: the point is flagged and contributes nothing
            out = point.state.out
            self._set_aside(point, sums, traceback.format_exc())
            self._told.pop(point, None)
            if out:
                self._count_out(point.area, out, 0)
                touched.add(point.area)
            return Evaluation(point, Contribution(compared=False), before, told)

    def _tell(self, point: Point, now: int) -> Evaluation | None:
        """What is to be said of a point that has a summary, or had one."""
        summary = summary_of(point, point.view, point.state, now, self._book) if point.counted else {}
        compared, clocks = point in self._found, self._found.get(point, ())
        if summary:
            summary["clocks"] = listed(clock for clock in clocks if clock.open)
        told = point in self._told
        before = self._told.pop(point, ())
        if before is None:  # what holds is told again, and all else withdrawn
            before = tuple(rule for rule in (*findings.POINT, *findings.ANY) if rule not in point.findings)
        if clocks:
            self._clocked.add(point)
        if summary:
            self._told[point] = point.findings
            if not (told or point.days):  # a row, by which who takes over knows that it is in the list
                self._unsaved.add((point, ABOUT))
        elif not told and point not in self._clocked and not (self._retell and point.days):
            return None
        # In the summary only what it adds to now: its days may be hundreds, and no list is made of them.
        amounts = now_amounts(point.state, point.findings, point.view.group) if summary else {}
        contribution = Contribution(
            spread(point.view.scopes, amounts),
            point.findings,
            point.due_at,
            summary,
            clocks,
            about(point, point.view, point.state) if point.counted else {},
            self._looked_from(point, now),
            compared,
        )
        return Evaluation(point, contribution, before, told)

    def _add(self, sums: Sums) -> None:
        for key, (fixed, rate) in sums.spread().items():
            if fixed or rate:
                self.partials.add(key, fixed, rate)

    def _count_out(self, name: str, before: int, after: int) -> None:
        area = self._areas.get(name)
        if area is None:
            area = self._areas[name] = Area(name)
            self.cases[area.key] = area
        for verdict, change in ((before, -1), (after, 1)):
            if verdict:
                area.out[verdict] = area.out.get(verdict, 0) + change

    def _settle_area(self, area: Area, sums: Both) -> None:
        new = {(NOW, f"voltage_areas_out|{direction(verdict)}"): (1, 0) for verdict, count in area.out.items() if count}
        scopes = scopes_of(area.id, self.reference)
        part = sums[self._part(area)]
        part.replace(area.scopes or scopes, area.told, {})
        part.replace(scopes, {}, new)
        area.told, area.scopes = new, scopes

    def evaluate_again(self, keys: Iterable[str]) -> None:
        """Mark points although nothing of them changed, and evaluate their clocks as far back as corrections go."""
        for key in keys:
            point = self.cases[key]
            if isinstance(point, Point):
                self._mark_alone(point)
                self._touch(point, 0)
                self._known.setdefault(point, ())
                self._clocked.add(point)

    # -- recovery ------------------------------------------------------------------------------------------------------

    def unsettled(self) -> dict[str, Any]:
        """The points with a summary that are marked and not settled yet, with the findings last told, if known.

        And since when any point may have been out or silent otherwise than was told.
        """
        told = {point.key: self._told[point] for point in self._marked if point in self._told}
        since = min((self._columns.start or FAR, *self._since.values()))
        return told if since == FAR else told | {SINCE: since}

    def load(
        self,
        rows: Iterable[tuple[bytes, bytes]],
        now: int,
        unsettled: Mapping[str, Any] | None = None,
        announced: Iterable[str] = (),
    ) -> None:
        """Fold everything stored anew, as of `now`; what has a summary, or was or is to be announced, is told again."""
        unsettled = dict(unsettled or {})
        since = min(now, unsettled.pop(SINCE, now))
        known = set[Point]()
        for area, name, part, stored in read_rows(rows, self._book):
            point = self._point(area, name)
            known.add(point)
            if part == ABOUT:
                about = orjson.loads(stored)
                point.nominal, point.statistics = about["nominal"], about["statistics"]
                point.connection = about.get("connection")  # rows of before have none
                point.full = about.get("full", False)
            else:
                load_day(point, int(part), stored_day(stored), self._book)
        self._take_stock()
        sums = Sums(), Sums()
        for point in self._points.values():
            self._marked[point] = None
            self._touch(point, since)
            self._settle_point(point, sums, now)
            self._count_out(point.area, 0, point.state.out)
        looked = [point for point, clocks in self._found.items() if clocks]
        looked += [point for point in map(self.cases.get, announced) if isinstance(point, Point)]
        self._since.clear()
        self._found.clear()
        for area_case in self._areas.values():
            self._settle_area(area_case, sums)
        self.partials.rebuild([part.spread() for part in sums])
        for point in self._points.values():
            unheard = not point.days and point in known
            if point.state.out or point.state.unjudged or point.findings or unheard:
                self._mark_alone(point)
                self._told[point] = None
        for point in looked:
            self._mark_alone(point)
            self._touch(point, since)
            self._known.setdefault(point, ())  # a run that has just ended is still to be told
            self._clocked.add(point)
        for key, told in unsettled.items():
            case = self.cases.get(key)
            if isinstance(case, Point):
                self._mark_alone(case)
                self._told[case] = None if told is None else tuple(told)
