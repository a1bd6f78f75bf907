"""Settling of points: what the partials hold of each marked point is replaced by what holds now."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Final

from streams.cases.contribution import earliest
from streams.cases.point import NO_WEEKS, State
from streams.cases.point_contribution import (
    NOT_TOLD,
    alike,
    amounts_of,
    day_amounts,
    day_before,
    day_by_tail,
    day_of,
    differs,
    findings_of,
    first_day,
    now_amounts,
    oldest_day,
    recent,
    span,
    state_at,
    view_of,
)
from streams.cases.point_limits import judge_for_good
from streams.cases.point_looking import Looking
from streams.cases.point_rates import NO_SUMS, rate_amounts, shifted, sums_of
from streams.cases.point_rescue import DEFECT
from streams.cases.point_runs import lookback
from streams.cases.point_segments import GRID, reach
from streams.cases.point_tail import AHEAD, Tail
from streams.cases.point_weeks import shifted_weeks, week_amounts, weeks_of
from streams.dimensions.periods import day_end, day_start, local_day, rolling
from streams.facts.profile import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.cases.point import DayTold, Point
    from streams.cases.point_columns import Evaluation
    from streams.cases.point_contribution import View
    from streams.cases.point_marks import Amounts, Area
    from streams.cases.point_sums import Sums

    Both = tuple[Sums, Sums]

WHOLE_AFTER: Final = 2 * DAY  # made longer ago, as the first time, which is 1970: all days are as quick as the changed
UNSEEN, SEEN = range(2)


class Settling(Looking):
    """Points in order are settled in columns, all others one by one."""

    def _settle_points(self, sums: Both, now: int) -> Iterator[tuple[Point, int]]:
        """Settle all; of those that may have more to tell the verdict before, by which they were out of limits."""
        self._unload()
        if now >= self._columns.end:  # a new day is new for all of them
            for point in self._columns:
                self._mark_alone(point)
        try:
            settled = self._columns.evaluate(now, sums, self._part if self.audit is not None else None)
        except Exception:  # noqa: BLE001  # a bug in pure code: these points are settled one by one
            settled = self._settle_none(sums)
        alone = [point for point in self._marked if point.row < 0]
        for came in settled:
            point, out = came.point, came.point.state.out
            looked = self._look_into(came, sums, now)
            yield point, out
            if looked is not None:
                self._columns.watch(point, watched=point in self._told or looked.silent)
                self._columns.wake(point, looked.next_change)
        for point in alone:
            out = point.state.out
            self._settle_point(point, sums, now)
            yield point, out
        self._marked.clear()
        self._since.clear()
        self._found.clear()

    def _settle_none(self, sums: Both) -> list[Evaluation]:
        for part in sums:
            part.clear()
        self._expel(self._columns.concerned(), traceback.format_exc())
        self._columns.forget_values()
        return []

    def _look_into(self, came: Evaluation, sums: Both, now: int) -> State | None:
        """What a point of the columns has to say; None: our code broke on it, and it counts nothing."""
        point, state, odd, since = came
        before = point.made_at
        try:
            self._columns.sync(point)
            self._touch(point, since if point in self._columns.begun else self._columns.start)
            looked = self._look(point, point.view, state, now, odd=odd)
            self._promise(point, sums[self._part(point)], min(before, since), now)
            self._speak(point, looked, sums, now)
        except Exception:  # noqa: BLE001  # a bug in pure code
            self._set_aside(point, sums, traceback.format_exc())
            return None
        return looked

    def _set_aside(self, point: Point, sums: Both, reason: str) -> None:
        """A point of which something was added to the sums already counts nothing until it is settled again."""
        self._mark_alone(point)
        self._follow_no_more(point)
        self._give_up(point, sums, reason)
        del self._marked[point]

    def _speak(self, point: Point, state: State, sums: Both, now: int) -> None:
        view = point.view
        found = findings_of(point, view, recent(point.made, view, now), point.differing, now=now, book=self._book)
        before, after = (now_amounts(*said, view.group) for said in ((point.state, point.findings), (state, found)))
        sums[self._part(point)].replace(view.scopes, before, after)
        point.state, point.findings = state, found

    def _part(self, case: Point | Area) -> int:
        """Of both sums that in which a case's changes belong: an audit has to hear of those it has seen."""
        return SEEN if self.audit is not None and self.audit.has_seen(case.key) else UNSEEN

    def _settle_point(self, point: Point, sums: Both, now: int) -> None:
        self._follow_no_more(point)
        point.suspect_for = None
        if point.counted:
            self._touch(point, point.made_at)
        try:
            tail = self._settle_anew(point, sums, now)
        except Exception:  # noqa: BLE001  # a bug in pure code: the point is flagged and contributes nothing
            self._give_up(point, sums, traceback.format_exc())
        else:
            self.defects.pop(point.key, None)
            if tail is not None:
                self._take_in(point, tail, now)
        point.window = None
        del self._marked[point]
        point.made_at = now

    def _take_in(self, point: Point, tail: Tail, now: int) -> None:
        try:
            self._columns.take_in(point, tail, now)
        except Exception:  # noqa: BLE001  # a bug in pure code: it is settled by itself for good
            self.defects[DEFECT] = traceback.format_exc()
            self._columns.abandon(point)
            self._note(
                point,
                point.state,
                point.differing,
                point.findings,
                day_end(local_day(now, point.view.zone), point.view.zone),
            )

    def _give_up(self, point: Point, sums: Both, reason: str) -> None:
        """Take back all that the partials hold of a point that our code breaks on."""
        self.defects[point.key] = reason
        try:
            held = self._held(point)
        except Exception:  # noqa: BLE001  # nobody knows what it adds: that stays, and the audit finds it until a restart
            held = {}
        sums[self._part(point)].replace(point.view.scopes, held, {})
        point.counted, point.made, point.sums, point.weeks, point.state = False, {}, {}, NO_WEEKS, State()
        point.findings = ()
        point.view = view_of(point, self.reference)

    def _settle_anew(self, point: Point, sums: Both, now: int) -> Tail | None:
        view, part = view_of(point, self.reference), sums[self._part(point)]
        long_ago = now - point.made_at > WHOLE_AFTER
        whole = self._marked[point] is not None or not point.counted or long_ago or not alike(point, self.reference)
        first = oldest_day(local_day(now, view.zone)) if whole else self._first_changed(point, view)
        since = day_start(first, view.zone) - reach(point.longest)
        point.open_window(since, now + 2 * AHEAD, self._book, view.judge)
        tail = Tail.of(point, view, now, self._book)
        if whole:
            old = self._held(point)
            new = self._count(point, view, now, tail)
            part.replace(point.view.scopes, old, {})
            part.replace(view.scopes, {}, new)
        else:
            old, new = self._change(point, view, now, tail)
            part.replace(view.scopes, old, new)
        point.view = view
        self._seal(point, view, now)
        return tail

    def _count(self, point: Point, view: View, now: int, tail: Tail | None) -> Amounts:
        """All of a point, as of `now`; it is remembered what the next change needs."""
        today, known = local_day(now, view.zone), {}
        if tail is not None:
            known[today] = day_by_tail(point, view, tail, now, self._book)
        told = self._days(point, view, now, known)
        since = local_day(self._looked_from(point, now), view.zone)
        state = state_at(point, view, now, self._book) if tail is None else tail.state(now)
        state = self._look(point, view, state, now, odd=any(each.odd for day, each in told.items() if day >= since))
        differing = self._differing(point, view, now)
        found = findings_of(point, view, recent(told, view, now), differing, now=now, book=self._book)
        point.counted, point.sums = True, sums_of(told, today)
        point.weeks = weeks_of(told) if point.weekly else NO_WEEKS
        point.made = {day: each for day, each in told.items() if day >= day_before(today)}
        self._note(point, state, differing, found, day_end(today, view.zone))
        return amounts_of(point, view, told, today, (state, found))

    def _note(
        self, point: Point, state: State, differing: frozenset[str], found: tuple[str, ...], midnight: int
    ) -> None:
        point.state, point.differing, point.findings = state, differing, found
        at = earliest(midnight, state.next_change)
        assert at is not None
        if at != point.due_at:  # otherwise it waits there already
            point.due_at = at
            self._wait(point, at)

    def _change(self, point: Point, view: View, now: int, tail: Tail | None) -> tuple[Amounts, Amounts]:
        """Only what differs from what the partials hold: old and new amounts of the same keys."""
        was, today = local_day(point.made_at, view.zone), local_day(now, view.zone)
        old, new = self._before_and_now(point, view, now, tail)
        sums = shifted(point.sums, old, new, was, today)
        weeks = shifted_weeks(point.weeks, old, new) if point.weekly else NO_WEEKS
        state = state_at(point, view, now, self._book) if tail is None else tail.state(now)
        state = self._look(point, view, state, now, odd=any(told.odd for told in (*old.values(), *new.values())))
        differing = point.differing
        if point.statistics:
            differing -= new.keys()
            differing |= {day for day in new if differs(point, view, day, now, self._book)}
        told = point.made | new
        found = findings_of(point, view, recent(told, view, now), differing, now=now, book=self._book)
        group = view.group
        old_amounts = now_amounts(point.state, point.findings, group)
        new_amounts = now_amounts(state, found, group)
        for day, before in old.items():
            if before != new[day]:
                old_amounts |= day_amounts(day, before, view)
                new_amounts |= day_amounts(day, new[day], view)
        for period in point.sums.keys() | sums.keys():
            old_amounts |= rate_amounts(period, point.sums.get(period, NO_SUMS), view)
            new_amounts |= rate_amounts(period, sums.get(period, NO_SUMS), view)
        if weeks != point.weeks:
            old_amounts |= week_amounts(point.weeks, view)
            new_amounts |= week_amounts(weeks, view)
        point.sums, point.weeks = sums, weeks
        point.made = {day: each for day, each in told.items() if day >= day_before(today)}
        self._note(point, state, differing, found, day_end(today, view.zone))
        return old_amounts, new_amounts

    def _first_changed(self, point: Point, view: View) -> str:
        return local_day(self._since[point] - _reach_back(point, view), view.zone)

    def _before_and_now(
        self, point: Point, view: View, now: int, tail: Tail | None
    ) -> tuple[dict[str, DayTold], dict[str, DayTold]]:
        """The days that may count otherwise than before, and those that leave the last 30, or are not kept any more."""
        before, book = point.made_at, self._book
        was, today = local_day(before, view.zone), local_day(now, view.zone)
        kept = oldest_day(today)
        first = self._first_changed(point, view)
        changed = {day for day in point.made if day >= max(first, kept)}
        changed.update(span(local_day(before - _reach_back(point, view), view.zone), today))
        leaving: set[str] = set()
        if today != was:
            begun = first_day(point, view) or today
            leaving = {*rolling(was), *span(oldest_day(was), day_before(kept))}.difference(rolling(today), changed)
            leaving = {day for day in leaving if day >= begun}
        old = {day: point.made.get(day) or day_of(point, view, day, before, book) for day in changed | leaving}
        new = {day: old[day] if day >= kept else NOT_TOLD for day in leaving}
        new |= {day: day_of(point, view, day, now, book) for day in changed if tail is None or day != tail.day}
        if tail is not None:
            new[tail.day] = day_by_tail(point, view, tail, now, book)
        return old, new

    def _seal(self, point: Point, view: View, now: int) -> None:
        # Without the network's word the nominal voltage may still change with any reading, and all verdicts with it.
        nominal = view.limits.nominal
        if view.info is not None and view.limits.sealable and nominal is not None:
            for day in point.seal(now, self._book, judge_for_good(view.judge, nominal)):
                self._unsaved.add((point, day))


def _reach_back(point: Point, view: View) -> int:
    """By how many seconds before a value, or before an earlier now, a day may lie that it changes."""
    return max(GRID, lookback(point, view))
