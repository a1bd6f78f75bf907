"""The clocks of a case at an instant: a pure function of what is known of it, the policy, the calendar and now.

A deadline is the last instant that is on time: a breach stands from the second after it. What ends the need for a clock
up to its deadline voids it; later it ends the clock, and the breach stays. What closes the case ends the clock too, and
leaves it to the deadline whether the promise was kept. What lies ahead has not happened yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.sla.pauses import pauses_of
from streams.sla.runs import Run, deadline_of, runs_of
from streams.sla.worktime import MINUTE, Course

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.policy import ClockRule
    from streams.sla.milestones import End, Milestones
    from streams.sla.policy import Policies, Version

RUNNING, PAUSED, AT_RISK, BREACHED, MET, MET_LATE, VOID, UNPROVEN = (
    "running", "paused", "at_risk", "breached", "met", "met_late", "void", "unproven",
)  # fmt: skip
EARLY, LATE, ESCALATED = "early", "late", "escalated"  # the first of two warnings, the last one, told again
STRAIGHT = frozenset({"minutes", "intervals"})  # units whose time always runs
WHOLE = 100
Level = tuple[int, int | None]  # percent, and when that share is used up


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


class _Stands(NamedTuple):
    """How far a clock has come."""

    status: str
    level: int | None = None
    stage: str | None = None
    next_change: int | None = None


def clocks_of(milestones: Milestones, policies: Policies, now: int) -> tuple[tuple[Clock, ...], int | None]:
    """All clocks of a case that have begun, and the next instant at which any changes by itself."""
    return clocks_by(policies.at(milestones.begun_at), milestones, now)


def clocks_by(version: Version, milestones: Milestones, now: int) -> tuple[tuple[Clock, ...], int | None]:
    """The same by one version of the policy, whichever holds."""
    clocks: list[Clock] = []
    changes: list[int] = [wait.at for wait in milestones.waits if wait.at > now]
    for versions in milestones.named.values():
        changes += [at for version in versions for at in (version.said_at, *version.proofs) if at > now]
    happened = _happened(milestones.happened, now, changes)
    for rule, limit in version.fitting(milestones):
        for run in runs_of(rule, milestones, happened, now):
            if rule.due is not None or (rule.unit in STRAIGHT and not rule.pause_reasons):
                clock = _straight(_Rule(rule, version, limit), run, milestones, now)
            else:
                clock = _walked(_Rule(rule, version, limit), run, milestones, now)
            clocks.append(clock)
            if clock.next_change is not None:
                changes.append(clock.next_change)
    return tuple(clocks), min(changes, default=None)


def _happened(instants: Mapping[str, Sequence[int]], now: int, changes: list[int]) -> Mapping[str, Sequence[int]]:
    """What has happened by now; what lies ahead is a change to come."""
    ahead = [at for each in instants.values() for at in each if at > now]
    changes += ahead
    return {fact: [at for at in each if at <= now] for fact, each in instants.items()} if ahead else instants


def _walked(of: _Rule, run: Run, milestones: Milestones, now: int) -> Clock:
    """A clock whose time does not always run."""
    rule = of.rule
    until = min((end.at for end in (run.stopped, run.voided, run.closed) if end is not None), default=now)
    pauses = pauses_of(rule.pause_reasons, milestones.waits, run.started_at, until)
    if run.closed is not None and pauses and pauses[-1][1] is None:  # nobody waits for what is closed
        left = pauses[-1][0]
        pauses = (*pauses[:-1], *([(left, run.closed.at)] if run.closed.at > left else []))
    course = Course(rule.unit, of.limit + rule.grace_minutes, run.started_at, of.version.work, pauses)
    reached = course.deadline()
    deadline, provisional = (None, False) if reached is None else reached
    status, ended = _end(rule, run, deadline, now)
    stands = _ended(status or PAUSED, deadline)
    if status is None and deadline is not None:
        if rule.warn_minutes_before is not None:
            warnings = [_before(run.started_at, deadline, rule.warn_minutes_before)]
        else:
            warnings = [(percent, course.at_share(percent)) for percent in rule.warn_percent]
        stands = _stands(deadline, warnings, [(each, course.at_share(each)) for each in rule.escalate_percent], now)
    return Clock(
        rule, of.version, run.cycle, stands.status, run.started_at, deadline, ended, stands.level, stands.stage,
        provisional, stands.next_change, course,
    )  # fmt: skip


def _straight(of: _Rule, run: Run, milestones: Milestones, now: int) -> Clock:
    """A clock whose time always runs; what was over before it began has no shares on the way."""
    rule, start = of.rule, run.started_at
    deadline = deadline_of(run, of.limit, rule, milestones.interval_seconds)
    status, ended = _end(rule, run, deadline, now)
    stands = _ended(status or RUNNING, deadline)
    if status is None:
        warnings: list[Level] = []
        escalations: list[Level] = []
        length = deadline - start
        if rule.warn_minutes_before is not None:
            warnings = [_before(start, deadline, rule.warn_minutes_before)]
        elif length > 0:
            warnings = [(percent, start - (-length * percent // WHOLE)) for percent in rule.warn_percent]
        if length > 0:
            escalations = [(percent, start - (-length * percent // WHOLE)) for percent in rule.escalate_percent]
        stands = _stands(deadline, warnings, escalations, now)
    return Clock(
        rule, of.version, run.cycle, stands.status, start, deadline, ended, stands.level, stands.stage,
        next_change=stands.next_change,
    )  # fmt: skip


def _end(rule: ClockRule, run: Run, deadline: int | None, now: int) -> tuple[str | None, End | None]:
    """Status and end of a clock that something ended; what stops it and what voids it in one second is a stop."""
    stopped, voided = run.stopped, run.voided
    if run.gone is not None:
        return VOID, run.gone
    if rule.early:
        return BREACHED if stopped and deadline and stopped.at < deadline else MET, stopped
    if voided is not None and (stopped is None or voided.at < stopped.at) and _in_time(voided, deadline):
        return VOID, voided
    if stopped is not None:
        return MET if _in_time(stopped, deadline) else MET_LATE, stopped
    ended = min((end for end in (voided, run.closed) if end is not None), default=None)
    if ended is None:
        return None, None
    return UNPROVEN if deadline is None or now <= deadline else BREACHED, ended


def _in_time(end: End, deadline: int | None) -> bool:
    return deadline is None or end.at <= deadline


def _ended(status: str, deadline: int | None) -> _Stands:
    """Of a clock that nothing changes any more, but for the deadline of one that was left without proof."""
    return _Stands(status, next_change=deadline + 1 if status == UNPROVEN and deadline is not None else None)


def _stands(deadline: int, warnings: Sequence[Level], escalations: Sequence[Level], now: int) -> _Stands:
    """Where an open clock stands, and until when."""
    levels = escalations if now > deadline else warnings
    passed = [percent for percent, at in levels if at is not None and at <= now]
    ahead = [at for _, at in levels if at is not None and at > now]
    if now > deadline:
        stage = ESCALATED if passed else BREACHED
        return _Stands(BREACHED, passed[-1] if passed else WHOLE, stage, min(ahead, default=None))
    until = min((at for at in ahead if at <= deadline), default=deadline + 1)
    if not passed:
        return _Stands(RUNNING, next_change=until)
    return _Stands(AT_RISK, passed[-1], LATE if len(passed) == len(warnings) else EARLY, until)


def _before(start: int, deadline: int, minutes: int) -> Level:
    """A warning so long before the deadline, with the share of the way that lies behind it then."""
    at, length = deadline - MINUTE * minutes, deadline - start
    return max(0, WHOLE * (at - start) // length) if length > 0 else 0, max(at, start)
