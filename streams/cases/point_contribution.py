"""What a voltage point adds to the cells: seconds per local day, its rate per day, month and 30 days, weeks, its state.

A point's rate over a period is that of all its seconds there, not the mean of its days' rates; so months and the last
30 days are contributed directly.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from schemas.event import OTHER
from streams.cases import findings as rule
from streams.cases.point import DayTold, State
from streams.cases.point_clocks import is_odd_day, promises
from streams.cases.point_limits import COMPLIANT, EXCLUDED, OVER, SUSPECT, UNDER, Limits, judge_of, limits_of
from streams.cases.point_rates import rate_amounts, sums_of, sums_of_day
from streams.cases.point_runs import reach_of_silence
from streams.cases.point_segments import Seconds, covers, reach, seconds
from streams.cases.point_state import LONG, WAITING, state_of
from streams.cases.point_tail import AHEAD
from streams.cases.point_units import reasons_of_suspect
from streams.cases.point_weeks import judge_with_class, slots_of, week_amounts, weeks_of
from streams.dimensions.periods import day_end, day_start, local_day, next_day
from streams.dimensions.scopes import NOW, UNKNOWN, area
from streams.kpis.in_question import CASE_FULL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.cases.point import Point
    from streams.cases.point_tail import Tail
    from streams.facts.book import Book
    from streams.facts.profile import Judge, Rows
    from streams.reference.network import PointInfo
    from streams.reference.reference import Reference

    Amounts = dict[tuple[str, str], tuple[int, int]]  # (period, measure) -> (A, R), in no scope yet

RETENTION_DAYS: Final = 400  # of day cells
PERCENT: Final = 100
DIRECTIONS: Final = {OVER: "over", UNDER: "under"}
UNJUDGED: Final = {SUSPECT: "suspect", EXCLUDED: "excluded", WAITING: "awaiting_batch"}


class View(NamedTuple):
    """How one reference sees a point."""

    reference: Reference
    info: PointInfo | None
    limits: Limits
    judge: Judge
    group: str  # monitoring class
    scopes: tuple[str, ...]

    @property
    def delivery_interval(self) -> int:
        """Seconds between batches of values, 0 where they come as they are measured."""
        return 0 if self.info is None else self.info.delivery_interval

    @property
    def zone(self) -> str:
        return self.reference.rules.zone


def view_of(point: Point, reference: Reference) -> View:
    """The network's record of this id in this area holds; the same id in another area is another point."""
    info = reference.network.points.get((point.area, point.id))
    limits = limits_of(info, point.own_nominal, reference.rules, point.own_connection)
    group = info.monitoring_class if info is not None else UNKNOWN
    judge = _judge_with_class(limits) if point.weekly else _judge(limits)
    return View(reference, info, limits, judge, group, scopes_of(point.area, reference))


def alike(point: Point, reference: Reference) -> bool:
    """Whether a reference sees a point as the one does that it was counted with."""
    before = point.view
    if before.reference is reference:
        return True
    rules = before.reference.rules
    if rules is not reference.rules and rules != reference.rules:
        return False
    after = view_of(point, reference)
    promised = before.reference.policies.hash == reference.policies.hash
    return promised and (before.info, before.scopes) == (after.info, after.scopes)


_judge = lru_cache(maxsize=1024)(judge_of)
_judge_with_class = lru_cache(maxsize=1024)(judge_with_class)


def day_of(point: Point, view: View, day: str, now: int, book: Book) -> DayTold:
    """Of one local day, as far as it has come by now."""
    start, end = day_start(day, view.zone), day_end(day, view.zone)
    if now < start:
        return NOT_TOLD
    rows = _rows(point, view, day, book)
    counted = seconds(rows, start, end, now, view.limits.nominal) if rows else NOTHING
    told = told_of(point, view, day, now, counted)
    if is_odd_day(counted, rows, (start, end, now), len(point.phases)):
        told = told._replace(promises=promises(point, view, day, now, book), odd=True)
    return told._replace(slots=slots_of(rows, (start, end), now)) if point.weekly else told


def day_by_tail(point: Point, view: View, tail: Tail, now: int, book: Book) -> DayTold:
    """The same of the day of now, of which the tail knows."""
    told = told_of(point, view, tail.day, now, tail.evaluate(now))
    return told._replace(promises=promises(point, view, tail.day, now, book), odd=True) if tail.odd else told


def told_of(point: Point, view: View, day: str, now: int, counted: Seconds) -> DayTold:
    """With what was to be expected of the day."""
    start, end = day_start(day, view.zone), day_end(day, view.zone)
    since = _expected_from(point, view)
    if since is None or day < since or now < start:
        return DayTold(counted, 0, 0)
    phases = len(view.info.phases if view.info is not None else point.phases)
    return DayTold(counted, phases * (end - start), 0) if end <= now else DayTold(counted, 0, phases)


def _rows(point: Point, view: View, day: str, book: Book) -> Rows:
    """All that bears on a local day: a mean that reaches beyond may count already, as what follows cuts it short.

    And what follows while the last value of the day holds, by which the point is silent or not.
    """
    start, end = day_start(day, view.zone), day_end(day, view.zone)
    until = end + reach(point.longest) + 1
    return point.rows(start - point.longest, until, book, view.judge) if point.days else {}


NOTHING: Final = Seconds()


NOT_TOLD: Final = DayTold(NOTHING, 0, 0)


def _expected_from(point: Point, view: View) -> str | None:
    """The network's word; else from its first value or since the network has it, whichever comes first."""
    if view.info is not None and view.info.monitored_from is not None:
        return view.info.monitored_from
    since = [point.first, None if view.info is None else view.info.loaded_at]
    return min((local_day(at, view.zone) for at in since if at is not None), default=None)


def recent(told: Mapping[str, DayTold], view: View, now: int) -> list[DayTold]:
    """Of the local day of now and the one before."""
    today = local_day(now, view.zone)
    return [told[day] for day in (day_before(today), today) if day in told]


def scopes_of(name: str, reference: Reference) -> tuple[str, ...]:
    """Those in which an area's points add up; the last one is the area's own."""
    return *reference.network.scopes_of(name), area(name)


def span(first: str, last: str) -> Iterator[str]:
    """The days from one to another, both included."""
    while first <= last:
        yield first
        first = next_day(first)


@lru_cache(maxsize=64)
def day_before(day: str) -> str:
    """The date before."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def first_day(point: Point, view: View) -> str | None:
    """The first local day that it contributes to, were all of them kept."""
    since = [_expected_from(point, view), None if point.first is None else local_day(point.first, view.zone)]
    return min((day for day in since if day is not None), default=None)


def days_of(point: Point, view: View, now: int) -> Iterator[str]:
    """All local days that it contributes to, by now."""
    first = first_day(point, view)
    if first is not None:
        today = local_day(now, view.zone)
        yield from span(max(first, oldest_day(today)), today)


@lru_cache(maxsize=64)
def oldest_day(today: str) -> str:
    """The first day whose cells are kept."""
    return (date.fromisoformat(today) - timedelta(days=RETENTION_DAYS)).isoformat()


def state_at(point: Point, view: View, now: int, book: Book) -> State:
    """What the point says about now."""
    if not point.days:
        return State()
    since = now - LONG - 1 - reach_of_silence(point, view)
    rows = point.rows(since, now + AHEAD, book, view.judge)
    today = 0, 0
    if view.limits.floating:
        midnight = day_start(local_day(now, view.zone), view.zone)
        all_day = point.rows(midnight - point.longest, now + AHEAD, book, view.judge)
        counted = seconds(all_day, midnight, now + 1, now, view.limits.nominal)
        today = OVER if counted.over else UNDER if counted.under else COMPLIANT, midnight
    return state_of(rows, now, today, delivery_interval=view.delivery_interval)


def differs(point: Point, view: View, day: str, now: int, book: Book) -> bool:
    """Whether the terminal's own count of a completed day is more than one percentage point from ours."""
    said = point.statistics.get(day) if point.statistics else None
    if not said or day >= local_day(now, view.zone):
        return False
    start, end = day_start(day, view.zone), day_end(day, view.zone)
    rows = _rows(point, view, day, book)
    for phase, by_source in said.items():
        source = max(by_source, key=lambda name: (by_source[name][1], name))
        _, _, monitored, over, under = by_source[source]
        of_phase = rows if phase == "-" else {phase: rows.get(phase, [])}
        ours = seconds(of_phase, start, end, now, view.limits.nominal)
        theirs = monitored - over - under
        difference = abs(ours.compliant * monitored - theirs * ours.monitored)
        if monitored and ours.monitored and difference * PERCENT > ours.monitored * monitored:
            return True
    return False


def findings_of(
    point: Point, view: View, told: list[DayTold], differing: frozenset[str], *, now: int, book: Book
) -> tuple[str, ...]:
    """`told` are today and the day before; what neither the network knows nor has a value contributes nothing."""
    if view.info is None and not point.days:
        return ()
    found = []
    if not point.days:
        since = _expected_from(point, view)
        if since is not None and since <= local_day(now, view.zone):
            found.append(rule.POINT_NEVER_REPORTED)
    if point.days and view.info is None and point.own_nominal is None:
        found.append(rule.NOMINAL_UNKNOWN)
    if view.info is None:
        found.append(rule.POINT_NOT_IN_NETWORK)
    if differing:
        found.append(rule.STATISTICS_DIFFER)
    if any(day.seconds.suspect for day in told):
        found.append(rule.VOLTAGE_SUSPECT)
    if point.full:
        found.append(CASE_FULL)
    why = reasons_of_suspect(point, view, told, now, book)
    if has_unlisted(point, view) and rule.UNLISTED_VALUE not in why:
        why = (*why, rule.UNLISTED_VALUE)
    return (*found, *why)


def has_unlisted(point: Point, view: View) -> bool:
    """Whether what decides its limits, its class or its phases is on no list."""
    return view.info.unlisted if view.info is not None else point.own_connection == OTHER


def day_amounts(day: str, told: DayTold, view: View) -> Amounts:
    """The cells of a day; nothing is left out that is not 0."""
    group = view.group
    compliant, over, under, excluded, suspect = told.seconds
    amounts: Amounts = {
        (day, f"voltage_{name}_seconds|{group}"): (amount, 0)
        for name, amount in (
            ("compliant", compliant),
            ("over", over),
            ("under", under),
            ("excluded", excluded),
            ("suspect", suspect),
        )
        if amount
    }
    if told.expected or told.growth:
        amounts[day, f"voltage_expected_seconds|{group}"] = told.expected, told.growth
    for name, count in told.promises:
        amounts[day, name] = count, 0
    return amounts | rate_amounts(day, sums_of_day(told), view)


def now_amounts(state: State, found: tuple[str, ...], group: str) -> Amounts:
    """The cells of now."""
    amounts: Amounts = {(NOW, f"voltage_points_known|{group}"): (1, 0)}
    if state.out:
        amounts[NOW, f"voltage_points_out|{direction(state.out)}|{group}"] = 1, 0
    if state.out_long:
        amounts[NOW, f"voltage_points_out_long|{direction(state.out_long)}|{group}"] = 1, 0
    if state.silent:
        amounts[NOW, f"voltage_points_silent|{group}"] = 1, 0
    if state.unjudged == SUSPECT:
        amounts[NOW, f"voltage_points_suspect|{group}"] = 1, 0
    if rule.POINT_NEVER_REPORTED in found:
        amounts[NOW, f"voltage_points_missing|{group}"] = 1, 0
    for name in found:
        amounts[NOW, f"findings|{name}"] = 1, 0
    for name in state.late:
        amounts[NOW, name] = 1, 0
    return amounts


def direction(verdict: int) -> str:
    """The word for it: over or under."""
    return DIRECTIONS[verdict]


def amounts_of(
    point: Point, view: View, days: Mapping[str, DayTold], today: str, said: tuple[State, tuple[str, ...]]
) -> Amounts:
    """All that a point contributes; without a value, and unknown to the network, nothing."""
    if not point.days and view.info is None:
        return {}
    amounts = now_amounts(*said, view.group)
    for day, told in days.items():
        amounts |= day_amounts(day, told, view)
    for period, sums in sums_of(days, today).items():
        amounts |= rate_amounts(period, sums, view)
    return amounts | week_amounts(weeks_of(days), view) if point.weekly else amounts


def summary_of(point: Point, view: View, state: State, now: int, book: Book) -> dict[str, Any]:
    """For grid.cases.v1: only while the point is out of its limits or suspect, has a late clock, or a finding."""
    if not state.out and not state.late and not point.findings and state.unjudged != SUSPECT:
        return {}
    limits = view.limits
    fixed = limits.nominal is not None and not limits.floating
    return {
        **about(point, view, state),
        "open": bool(state.out),
        "low_centivolts": limits.low if fixed else None,
        "high_centivolts": limits.high if fixed else None,
        "value_centivolts": _latest(point, view, now, book),
        "findings": list(point.findings),
        "as_of": now,
    }


def word_of(state: State) -> str:
    """Within limits is only what was judged so."""
    if state.out:
        return direction(state.out)
    return "silent" if state.silent else UNJUDGED.get(state.unjudged, "within")


def about(point: Point, view: View, state: State) -> dict[str, Any]:
    """What an announcement says of it, also when it has no summary."""
    info = view.reference.network.area(point.area)
    return {
        "case": point.key.removeprefix("point/"),
        "kind": "point",
        "state": word_of(state),
        "regions": [info.region if info is not None else UNKNOWN],
        "areas": [point.area],
        "monitoring_class": None if view.group == UNKNOWN else view.group,
        "nominal_centivolts": view.limits.nominal,
    }


def _latest(point: Point, view: View, now: int, book: Book) -> int | None:
    """The value that holds now; of several phases the one furthest from the nominal voltage."""
    rows = point.rows(now - reach(point.longest), now + 1, book, view.judge) if point.days else {}
    present = [c.value for of_phase in rows.values() for c in covers(of_phase) if c.start <= now < c.holds_until]
    nominal = view.limits.nominal or 0
    return max(
        (value for value in present if value is not None), key=lambda value: (abs(value - nominal), value), default=None
    )
