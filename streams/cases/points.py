"""The voltage points of one source partition: as `Ledger`, but a point's days are replaced one by one. Pure.

A contribution has many days, and an event changes one of them. So before the first change of a day what the partials
hold of it is computed, and at `settle` it is replaced by what holds then; months, the last 30 days and now follow. What
reaches further (the first slot, a nominal voltage) has the whole contribution kept before. Live, a point that many
events touch within a second is settled once.
"""

from __future__ import annotations

import heapq
import traceback
from typing import TYPE_CHECKING

import orjson

from streams.cases import findings
from streams.cases.contribution import Contribution, earliest
from streams.cases.interface import Settled
from streams.cases.point import Point, State
from streams.cases.point_contribution import (
    NOT_TOLD,
    View,
    alike,
    day_amounts,
    day_before,
    day_of,
    differs,
    direction,
    findings_of,
    now_amounts,
    oldest_day,
    rate_amounts,
    recent,
    scopes_of,
    shifted,
    span,
    state_at,
    summary_of,
    sums_of,
    view_of,
)
from streams.cases.point_marks import Amounts, Area
from streams.cases.point_segments import GRID
from streams.cases.point_store import ABOUT, load_day, read_rows
from streams.cases.point_store import day_of as stored_day
from streams.cases.point_sums import Sums, spread
from streams.cases.point_taking import Taking
from streams.cells.periods import day_end, local_day, rolling
from streams.cells.scopes import NOW
from streams.facts.profile import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


WHOLE_AFTER = 2 * DAY  # made longer ago, as at the very first time, which is 1970: all days are as quick as the changed


class PointLedger(Taking):
    """Points as a source partition needs them; see `streams.cases.interface`."""

    # -- what comes of it ----------------------------------------------------------------------------------------------

    def settle(self, now: int) -> Iterator[Settled]:
        """Replace the contribution of every marked point by the one at `now`; once for each second of it."""
        if now == self._settled_at:
            return
        self._settled_at = now
        sums, settled = Sums(), []
        touched, self._touched = self._touched, set()
        for point in list(self._marked):
            sums = self._for_audit(sums)
            out = point.state.out
            view = self._settle_point(point, sums, now)
            self._heard(point, sums)
            if point.state.out != out:
                self._count_out(point.area, out, point.state.out)
                touched.add(point.area)
            summary = summary_of(point, view, point.state, now, self._book) if point.counted else {}
            told = point in self._told
            before = self._told.pop(point, ())
            if before is None:  # what holds is told again, and all else withdrawn
                before = tuple(rule for rule in findings.POINT if rule not in point.findings)
            if summary:
                self._told[point] = point.findings
            if summary or told or (self._retell and point.days):
                settled.append((point, view, summary, before, told))
        for area in sorted(touched):
            sums = self._for_audit(sums)
            self._settle_area(self._areas[area], sums)
            self._heard(self._areas[area], sums)
        self._add(sums)
        self._retell = False
        for point, view, summary, before, told in settled:
            # In the summary only what it adds to now: its days may be hundreds, and no list is made of them.
            amounts = spread(view.scopes, now_amounts(point.state, point.findings, view.group)) if summary else {}
            contribution = Contribution(amounts, point.findings, point.breakpoint, summary)
            yield Settled(point, contribution, before, told)

    def _for_audit(self, sums: Sums) -> Sums:
        """While an audit goes on, it must hear of every case by itself."""
        if self.audit is None:
            return sums
        self._add(sums)
        return Sums()

    def _heard(self, case: Point | Area, sums: Sums) -> None:
        if self.audit is not None:
            self.audit.replaced(case.ledger_key, {}, sums.spread())

    def _add(self, sums: Sums) -> None:
        for key, (fixed, rate) in sums.spread().items():
            if fixed or rate:
                self.partials.add(key, fixed, rate)

    def _settle_point(self, point: Point, sums: Sums, now: int) -> View:
        view = view_of(point, self.reference)
        long_ago = now - point.made_at > WHOLE_AFTER
        whole = self._marked[point] is not None or not point.counted or long_ago or not alike(point, self.reference)
        try:
            if whole:
                scopes = self._old_scopes.pop(point, None) or view_of(point, point.made_with).scopes
                old = self._held(point)
                new = self._count(point, view, now)
                sums.replace(scopes, old, {})
                sums.replace(view.scopes, {}, new)
            else:
                old, new = self._change(point, view, now)
                sums.replace(view.scopes, old, new)
        except Exception:  # noqa: BLE001  # a bug in pure code: the point is flagged and contributes nothing
            self.defects[point.key] = traceback.format_exc()
            sums.replace(view_of(point, point.made_with).scopes, self._held(point), {})
            point.counted, point.made, point.sums, point.state = False, {}, {}, State()
        else:
            self.defects.pop(point.key, None)
            self._seal(point, view, now)
        del self._marked[point]
        point.made_at, point.made_with = now, self.reference
        return view

    def _count(self, point: Point, view: View, now: int) -> Amounts:
        """All of a point, as of `now`; it is remembered what the next change needs."""
        fold = self._fold(point, view, now)
        today = local_day(now, view.zone)
        point.counted, point.sums = True, sums_of(fold.told, today)
        point.made = {day: told for day, told in fold.told.items() if day >= day_before(today)}
        self._note(point, fold.state, fold.differing, fold.found, day_end(today, view.zone))
        return fold.amounts

    def _note(
        self, point: Point, state: State, differing: frozenset[str], found: tuple[str, ...], midnight: int
    ) -> None:
        point.state, point.differing, point.findings = state, differing, found
        at = earliest(midnight, state.next_change)
        assert at is not None
        if at != point.breakpoint:  # otherwise it waits there already
            point.breakpoint = at
            self._pushed += 1
            heapq.heappush(self._breakpoints, (at, self._pushed, point))

    def _change(self, point: Point, view: View, now: int) -> tuple[Amounts, Amounts]:
        """Only what differs from what the partials hold: old and new amounts of the same keys."""
        before, book = point.made_at, self._book
        was, today = local_day(before, view.zone), local_day(now, view.zone)
        days = {*point.made, *span(local_day(before - max(point.longest, GRID), view.zone), today)}
        if today != was:
            days.update({*rolling(was)}.difference(rolling(today)), span(oldest_day(was), oldest_day(today)))
        kept, still_kept = oldest_day(was), oldest_day(today)
        old = {
            day: point.made.get(day) or day_of(point, view, day, before, book) if day >= kept else NOT_TOLD
            for day in days
        }
        new = {day: day_of(point, view, day, now, book) if day >= still_kept else NOT_TOLD for day in days}
        sums = shifted(point.sums, old, new, was, today)
        state = state_at(point, view, now, book)
        differing = point.differing
        if point.statistics:
            differing -= days
            differing |= {day for day in days if differs(point, view, day, now, book)}
        found = findings_of(point, view, recent(new, view, now), differing)
        group = view.group
        old_amounts = now_amounts(point.state, point.findings, group)
        new_amounts = now_amounts(state, found, group)
        for day in days:
            if old[day] != new[day]:
                old_amounts |= day_amounts(day, old[day], group)
                new_amounts |= day_amounts(day, new[day], group)
        for period in point.sums.keys() | sums.keys():
            old_amounts |= rate_amounts(period, point.sums.get(period, (0, 0)), group)
            new_amounts |= rate_amounts(period, sums.get(period, (0, 0)), group)
        point.sums = sums
        point.made = {day: told for day, told in new.items() if day >= day_before(today)}
        self._note(point, state, differing, found, day_end(today, view.zone))
        return old_amounts, new_amounts

    def _seal(self, point: Point, view: View, now: int) -> None:
        # Without the network's word the nominal voltage may still change with any reading, and all verdicts with it.
        if view.info is not None and view.limits.sealable:
            for day in point.seal(now, self._book, view.judge):
                self._unsaved.add((point, day))

    def _count_out(self, name: str, before: int, after: int) -> None:
        area = self._areas.get(name)
        if area is None:
            area = self._areas[name] = Area(name)
            self.cases[area.ledger_key] = area
        for verdict, step in ((before, -1), (after, 1)):
            if verdict:
                area.out[verdict] = area.out.get(verdict, 0) + step

    def _settle_area(self, area: Area, sums: Sums) -> None:
        new = {(NOW, f"voltage_areas_out|{direction(verdict)}"): (1, 0) for verdict, count in area.out.items() if count}
        scopes = scopes_of(area.id, self.reference)
        sums.replace(area.scopes or scopes, area.told, {})
        sums.replace(scopes, {}, new)
        area.told, area.scopes = new, scopes

    # -- recovery ------------------------------------------------------------------------------------------------------

    def unsettled(self) -> dict[str, tuple[str, ...] | None]:
        """The points with a summary that are marked and not settled yet, with the findings last told, if known."""
        return {point.ledger_key: self._told[point] for point in self._marked if point in self._told}

    def load(
        self, rows: Iterable[tuple[bytes, bytes]], now: int, unsettled: Mapping[str, Iterable[str] | None] | None = None
    ) -> None:
        """Fold everything stored anew, as of `now`; what has a summary is told again."""
        for area, name, part, stored in read_rows(rows, self._book):
            point = self._point(area, name)
            if part == ABOUT:
                about = orjson.loads(stored)
                point.nominal, point.statistics = about["nominal"], about["statistics"]
            else:
                load_day(point, int(part), stored_day(stored), self._book)
        sums = Sums()
        for point in self._points.values():
            self._marked[point] = None
            self._settle_point(point, sums, now)
            self._count_out(point.area, 0, point.state.out)
        for area_case in self._areas.values():
            self._settle_area(area_case, sums)
        self.partials.rebuild([sums.spread()])
        for point in self._points.values():
            if point.state.out or point.findings:
                self._marked[point] = self._told[point] = None
        for key, told in (unsettled or {}).items():
            case = self.cases.get(key)
            if isinstance(case, Point):
                self._marked[case] = None
                self._told[case] = None if told is None else tuple(told)
