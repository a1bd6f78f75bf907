"""The clocks of a case at an instant: a pure function of what is known of it, the policy, the calendar and now.

A deadline is the last instant that is on time: a breach stands from the second after it. What ends the need for a clock
up to its deadline voids it; later it ends the clock, and the breach stays. What lies ahead has not happened yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.sla.policy import limit_of
from streams.sla.worktime import Course, Pause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from schemas.policy import ClockRule
    from streams.sla.moments import Moments
    from streams.sla.policy import Policies, Version

RUNNING, PAUSED, AT_RISK, BREACHED, MET, MET_LATE, VOID = (
    "running", "paused", "at_risk", "breached", "met", "met_late", "void",
)  # fmt: skip
EARLY, LATE, ESCALATED = "early", "late", "escalated"  # the first of two warnings, the last one, told again
MINUTE = 60
WHOLE = 100
Level = tuple[int, int | None]  # percent, and when that share is used up


class End(NamedTuple):
    """A fact and when it happened, as what ended a clock."""

    at: int
    fact: str


class Clock(NamedTuple):
    """A clock as it stands; `level` is the share in percent that was passed last, `stage` what that means."""

    rule: ClockRule
    version: Version
    cycle: int
    status: str
    started_at: int
    deadline_at: int | None
    ended: End | None = None
    level: int | None = None
    stage: str | None = None
    provisional: bool = False
    next_change: int | None = None
    course: Course | None = None

    @property
    def key(self) -> str:
        return f"{self.rule.clock}|{self.cycle}"

    @property
    def open(self) -> bool:
        """Whether nothing has ended it."""
        return self.ended is None

    @property
    def decided(self) -> bool:
        """Whether it counts among those due: kept, or past its deadline."""
        return self.status in {MET, MET_LATE, BREACHED}

    def permille(self, now: int) -> int | None:
        """Share of the limit used up now, or at the end; None where it has no length."""
        until = now if self.ended is None else self.ended.at
        if self.course is not None:
            return self.course.permille(until)
        length = (self.deadline_at or 0) - self.started_at
        return 1000 * max(0, until - self.started_at) // length if length > 0 else None


class _Rule(NamedTuple):
    """A rule as it is for one case: its version, and the limit in its unit."""

    rule: ClockRule
    version: Version
    limit: int


class _Run(NamedTuple):
    """One cycle: its begin, and what ended it, if anything did."""

    cycle: int
    started_at: int
    stopped: End | None
    voided: End | None


def clocks_of(moments: Moments, policies: Policies, now: int) -> tuple[tuple[Clock, ...], int | None]:
    """All clocks of a case that have begun, and the next instant at which any changes by itself."""
    version = policies.at(moments.begun_at)
    clocks: list[Clock] = []
    changes: list[int] = [wait.at for wait in moments.waits if wait.at > now]
    for rule in version.rules[moments.kind]:
        limit = limit_of(rule, moments)
        if limit is None:
            continue
        look = _named if rule.due else _timed
        for run in _runs(rule, moments, now, changes):
            clock = look(_Rule(rule, version, limit), run, moments, now)
            if clock is not None:
                clocks.append(clock)
                if clock.next_change is not None:
                    changes.append(clock.next_change)
    return tuple(clocks), min(changes, default=None)


def _runs(rule: ClockRule, moments: Moments, now: int, changes: list[int]) -> Iterator[_Run]:
    starts = sorted(_happened(rule.start, moments, now, changes))
    stops = sorted(_happened(rule.stop, moments, now, changes))
    voids = sorted(_happened(rule.void, moments, now, changes))
    if not rule.each:
        if starts:
            yield _Run(1, starts[0].at, next(iter(stops), None), next(iter(voids), None))
        return
    ended_at = None
    for cycle, (start, _) in enumerate(starts, 1):
        after = [end for end in stops if end.at >= start]
        if ended_at == start:
            after = after[1:]  # what ended the run before, in this very second
        stopped = next(iter(after), None)
        ended_at = stopped.at if stopped else None
        following = starts[cycle : cycle + 1]
        ends = [end for end in (*voids, *following) if end.at >= start]
        yield _Run(cycle, start, stopped, min(ends, default=None))


def _happened(facts: Iterable[str], moments: Moments, now: int, changes: list[int]) -> Iterator[End]:
    for fact in facts:
        for at in moments.happened.get(fact, ()):
            if at <= now:
                yield End(at, fact)
            else:
                changes.append(at)


def _timed(of: _Rule, run: _Run, moments: Moments, now: int) -> Clock:
    rule = of.rule
    pauses = _pauses(rule, moments, run, now) if rule.pause_reasons else ()
    course = Course(rule.unit, of.limit + rule.grace_minutes, run.started_at, of.version.work, pauses)
    reached = course.deadline()
    clock = Clock(rule, of.version, run.cycle, PAUSED, run.started_at, reached and reached.at, course=course)
    if reached is not None:
        clock = clock._replace(provisional=reached.provisional)
    ended = _ended(clock, run)
    if ended is not None:
        return ended
    if reached is None:
        return clock
    if rule.warn_minutes_before is not None:
        warnings = [_before(clock, reached.at - MINUTE * rule.warn_minutes_before)]
    else:
        warnings = [(percent, course.at_share(percent)) for percent in rule.warn_percent]
    return _open(clock, reached.at, warnings, [(each, course.at_share(each)) for each in rule.escalate_percent], now)


def _named(of: _Rule, run: _Run, moments: Moments, now: int) -> Clock | None:
    """A clock up to a named instant; an end that was named for an earlier run is none of this one."""
    rule = of.rule
    named = moments.named.get(str(rule.due))
    if named is None or (rule.due != "plan_start" and named <= run.started_at):
        return None
    deadline = named + MINUTE * (of.limit + rule.grace_minutes)
    clock = Clock(rule, of.version, run.cycle, RUNNING, run.started_at, deadline)
    ended = _ended(clock, run)
    if ended is not None:
        return ended
    warnings: list[Level] = []
    escalations: list[Level] = []
    if rule.warn_minutes_before is not None:
        warnings = [_before(clock, deadline - MINUTE * rule.warn_minutes_before)]
    elif deadline > run.started_at:
        warnings = [(percent, _share(clock, deadline, percent)) for percent in rule.warn_percent]
    if deadline > run.started_at:
        escalations = [(percent, _share(clock, deadline, percent)) for percent in rule.escalate_percent]
    return _open(clock, deadline, warnings, escalations, now)


def _ended(clock: Clock, run: _Run) -> Clock | None:
    """The clock once something ended it; what stops it and what voids it in one second is a stop."""
    stopped, voided, deadline = run.stopped, run.voided, clock.deadline_at
    if voided is not None and (stopped is None or voided.at < stopped.at):
        if deadline is None or voided.at <= deadline:
            return clock._replace(status=VOID, ended=voided)
        if stopped is None:
            return clock._replace(status=BREACHED, ended=voided)
    if stopped is None:
        return None
    return clock._replace(status=MET if deadline is None or stopped.at <= deadline else MET_LATE, ended=stopped)


def _open(clock: Clock, deadline: int, warnings: Sequence[Level], escalations: Sequence[Level], now: int) -> Clock:
    if now > deadline:
        passed = [percent for percent, at in escalations if at is not None and at <= now]
        ahead = [at for _, at in escalations if at is not None and at > now]
        return clock._replace(
            status=BREACHED,
            level=passed[-1] if passed else WHOLE,
            stage=ESCALATED if passed else BREACHED,
            next_change=min(ahead, default=None),
        )
    passed = [percent for percent, at in warnings if at is not None and at <= now]
    ahead = [at for _, at in warnings if at is not None and now < at <= deadline]
    status, stage = RUNNING, None
    if passed:
        status, stage = AT_RISK, LATE if len(passed) == len(warnings) else EARLY
    return clock._replace(
        status=status, level=passed[-1] if passed else None, stage=stage, next_change=min([*ahead, deadline + 1])
    )


def _before(clock: Clock, at: int) -> Level:
    """A warning so long before the deadline, with the share of the way that lies behind it then."""
    length = (clock.deadline_at or 0) - clock.started_at
    return max(0, WHOLE * (at - clock.started_at) // length) if length > 0 else 0, max(at, clock.started_at)


def _share(clock: Clock, deadline: int, percent: int) -> int:
    return clock.started_at - (clock.started_at - deadline) * percent // WHOLE


def _pauses(rule: ClockRule, moments: Moments, run: _Run, now: int) -> tuple[Pause, ...]:
    """When the run stood still: from a wait for one of the reasons to what came next of waiting and resuming."""
    until = min((end.at for end in (run.stopped, run.voided) if end is not None), default=now)
    waits = sorted(
        (wait for wait in moments.waits if wait.at <= until),
        key=lambda wait: (wait.at, wait.reason is None, wait.reason or ""),
    )
    found: list[Pause] = []
    for number, wait in enumerate(waits, 1):
        following = waits[number] if number < len(waits) else None
        if wait.reason in rule.pause_reasons:
            begin, end = max(wait.at, run.started_at), following and following.at
            if found and found[-1][1] == begin:
                begin = found.pop()[0]
            if end is None or end > begin:
                found.append((begin, end))
    return tuple(found)
