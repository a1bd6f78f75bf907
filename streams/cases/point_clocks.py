"""The clocks of a voltage point: out of limits, far out of them, silent. Each run is one, known by when it began.

They are read from the values each time, and only of points that have a run: one that is within limits, and heard of,
costs nothing. What a day counts of them (due, kept) is replaced with the day.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from streams.cases.contribution import earliest
from streams.cases.point_limits import ABSENT
from streams.cases.point_runs import Run, is_odd, lookback, reach_of_silence, runs_of, runs_since
from streams.cases.point_segments import holds_for
from streams.cases.point_tail import AHEAD
from streams.dimensions.periods import day_end, day_start
from streams.dimensions.scopes import UNKNOWN
from streams.sla.clocks import MET, clocks_by
from streams.sla.milestones import Milestones

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.cases.point import Point, State
    from streams.cases.point_contribution import View
    from streams.cases.point_segments import Seconds
    from streams.facts.book import Book
    from streams.facts.profile import Row, Rows
    from streams.sla.clocks import Clock
    from streams.sla.policy import Version

Promises = tuple[tuple[str, int], ...]


class Clocks(NamedTuple):
    """Some of a point, and the next instant at which one of them changes by itself."""

    clocks: tuple[Clock, ...] = ()
    next_change: int | None = None


def clocks_of_run(point: Point, view: View, run: Run, now: int) -> Clocks:
    """Those of one that has begun, of a point of the network; what ends it ahead of now has not happened."""
    if view.info is None:
        return Clocks()
    if run.begins > now:
        return Clocks((), run.begins)
    version, area_type = terms(point, view, run.started_at)
    if run.ended_at is None or run.ended_at > now:
        return _clocks(version, area_type, run, now)
    return Clocks(tuple(_moved(clock, run.started_at) for clock in clocks_of_ended(version, area_type, _at_0(run))))


def promise_of_run(point: Point, view: View, run: Run, now: int) -> Promises:
    """What its clocks count."""
    if view.info is None or run.ended_at is None or run.ended_at > now:
        return due_and_kept(clocks_of_run(point, view, run, now).clocks)
    return _promise_of_ended(*terms(point, view, run.started_at), _at_0(run))


def terms(point: Point, view: View, started_at: int) -> tuple[Version, str]:
    """By which the clocks of a run are that began then: version of the policy and type of the area."""
    info = view.reference.network.area(point.area)
    return view.reference.policies.at(started_at), (info and info.area_type) or UNKNOWN


def _clocks(version: Version, area_type: str, run: Run, now: int) -> Clocks:
    happened = {run.fact: [run.started_at]}
    if run.ended_at is not None:
        happened |= {fact: [run.ended_at] for fact in run.ended_by}
    milestones = Milestones("point", run.started_at, happened, {}, (area_type,), interval_seconds=run.interval)
    found, change = clocks_by(version, milestones, now)
    return Clocks(tuple(clock._replace(cycle=run.started_at) for clock in found), change)


def _at_0(run: Run) -> Run:
    """One that is over, as if it had begun at 0: what comes of it depends on nothing else, and most are alike."""
    return Run(run.fact, 0, 0, (run.ended_at or 0) - run.started_at, run.ended_by, run.interval)


@lru_cache(maxsize=4096)
def clocks_of_ended(version: Version, area_type: str, run: Run) -> tuple[Clock, ...]:
    """Of a run that is over and began at 0."""
    return _clocks(version, area_type, run, run.ended_at or 0).clocks


@lru_cache(maxsize=4096)
def _promise_of_ended(version: Version, area_type: str, run: Run) -> Promises:
    return due_and_kept(clocks_of_ended(version, area_type, run))


def _moved(clock: Clock, by: int) -> Clock:
    assert clock.deadline_at is not None  # the time of a point's clocks always runs
    ended = clock.ended and clock.ended._replace(at=by + clock.ended.at)
    return clock._replace(cycle=by, started_at=by, deadline_at=by + clock.deadline_at, ended=ended)


def together(found: Iterable[Clocks]) -> Clocks:
    """Of several runs."""
    each = list(found)
    clocks = sorted((clock for one in each for clock in one.clocks), key=lambda clock: clock.key)
    return Clocks(tuple(clocks), earliest(*(one.next_change for one in each)))


def clocks_at(point: Point, view: View, runs: Iterable[Run], now: int) -> Clocks:
    """Those of all of these runs."""
    return together(clocks_of_run(point, view, run, now) for run in runs)


def with_late(state: State, found: Clocks) -> State:
    """The state with the clocks that are at risk or broken, and go on."""
    late = tuple(f"sla_open|{clock.rule.clock}|{clock.stage}" for clock in found.clocks if clock.stage is not None)
    return state._replace(late=late, next_change=earliest(state.next_change, found.next_change))


def late_at(point: Point, view: View, state: State, now: int, book: Book) -> State:
    """The same from nothing: of no other point than one that is out of limits or silent a clock goes on."""
    if not (state.out or state.silent) or not point.days:
        return state
    return with_late(state, clocks_at(point, view, runs_since(point, view, (now, now + AHEAD), book), now))


def is_odd_day(counted: Seconds, rows: Rows, times: tuple[int, int, int], phases: int) -> bool:
    """Whether a clock may have begun on a local day that has these rows; the times are its start, its end, and now.

    A day that is over, and was covered without a value out of limits, has none but of a silence that begins after it.
    """
    start, end, now = times
    if now < end:
        return is_odd(rows, now)
    covered = counted.monitored + counted.excluded + counted.suspect
    if not rows or counted.over or counted.under or covered < phases * (end - start):
        return bool(rows)
    return any(_falls_silent(of_phase, end, now) for of_phase in rows.values())


def _falls_silent(rows: list[Row], end: int, now: int) -> bool:
    """Whether the last value of a phase before `end` does not hold any more, and none came while it did."""
    following = None
    for row in reversed(rows):
        if row[0] < end and row[3] != ABSENT:
            until = row[0] + holds_for(row[1], mean=row[2])
            return until <= now and (following is None or following > until)
        if row[3] != ABSENT:
            following = row[0]
    return False


def promises(point: Point, view: View, day: str, now: int, book: Book) -> Promises:
    """Of the clocks that began on a local day those that are due, and those that are kept."""
    start, end = day_start(day, view.zone), day_end(day, view.zone)
    until = end + lookback(point, view) + 1
    rows = point.rows(start - reach_of_silence(point, view), until, book, view.judge)
    runs = [run for run in runs_of(rows, view.limits.nominal, view.delivery_interval) if start <= run.started_at < end]
    return added(promise_of_run(point, view, run, now) for run in runs)


def due_and_kept(clocks: Iterable[Clock]) -> Promises:
    """How many of them are due, and how many kept, by measure."""
    counts: dict[str, int] = {}
    for clock in clocks:
        if clock.decided:
            names = ("sla_due", "sla_on_time") if clock.status == MET else ("sla_due",)
            for name in names:
                key = f"{name}|{clock.rule.clock}"
                counts[key] = counts.get(key, 0) + 1
    return tuple(sorted(counts.items()))


def added(promises: Iterable[Promises]) -> Promises:
    """Of several runs."""
    counts: dict[str, int] = {}
    for promise in promises:
        for key, count in promise:
            counts[key] = counts.get(key, 0) + count
    return tuple(sorted(counts.items()))
