"""The clocks (SLA timers) of a case at an instant: a pure function of its milestones, policy, calendar, and now.

- A deadline is the last instant that is on time: a breach begins with the second after it.
- A fact that ends the need for a clock voids it up to the deadline; later it ends the clock, and the breach stays.
- A fact that closes the case ends the clock; the deadline decides whether the commitment is met or breached.
- A fact with an instant after now has not happened yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.sla.pauses import pauses_of
from streams.sla.runs import Run, deadline_of, runs_of
from streams.sla.worktime import MINUTE, Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.policy import ClockRule
    from streams.sla.milestones import End, Milestones
    from streams.sla.policy import Policies, Version

RUNNING, PAUSED, AT_RISK, BREACHED, MET, MET_LATE, VOID, UNPROVEN = (
    "running", "paused", "at_risk", "breached", "met", "met_late", "void", "unproven",
)  # fmt: skip
FIRST_WARNING, FINAL_WARNING, ESCALATED = "early", "late", "escalated"  # as cells and records name these stages
CONTINUOUS = frozenset({"minutes", "intervals"})  # units whose time always runs
WHOLE = 100
Level = tuple[int, int | None]  # percent, and the instant at which that share is used up


class Clock(NamedTuple):
    """A clock at an instant; `level` is the share in percent that was passed last, `stage` the stage that it began."""

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
    progress: Progress | None = None

    @property
    def key(self) -> str:
        return f"{self.rule.clock}|{self.cycle}"

    @property
    def open(self) -> bool:
        """Whether no fact has ended it."""
        return self.ended is None

    @property
    def decided(self) -> bool:
        """Whether it counts as due: met, or past its deadline."""
        return self.status in {MET, MET_LATE, BREACHED}

    def permille(self, now: int) -> int | None:
        """Share of the limit used up now, or at the end of the clock; None where the limit has no length."""
        until = now if self.ended is None else self.ended.at
        if self.progress is not None:
            return self.progress.permille(until)
        length = (self.deadline_at or 0) - self.started_at
        return 1000 * max(0, until - self.started_at) // length if length > 0 else None


class _Rule(NamedTuple):
    """A rule applied to one case: its version, and the limit in its unit."""

    rule: ClockRule
    version: Version
    limit: int


class _Status(NamedTuple):
    """Status, level and stage of a clock, and the instant at which they change by themselves."""

    status: str
    level: int | None = None
    stage: str | None = None
    next_change: int | None = None


def clocks_of(milestones: Milestones, policies: Policies, now: int) -> tuple[tuple[Clock, ...], int | None]:
    """All clocks of a case that have begun, and the next instant at which one of them changes by itself."""
    return clocks_by(policies.at(milestones.begun_at), milestones, now)


def clocks_by(version: Version, milestones: Milestones, now: int) -> tuple[tuple[Clock, ...], int | None]:
    """The same by a given version of the policy."""
    clocks: list[Clock] = []
    changes: list[int] = [wait.at for wait in milestones.waits if wait.at > now]
    for versions in milestones.named.values():
        changes += [at for version in versions for at in (version.stated_at, *version.proofs) if at > now]
    happened = _happened(milestones.happened, now, changes)
    for rule, limit in version.fitting(milestones):
        for run in runs_of(rule, milestones, happened, now):
            if rule.due is not None or (rule.unit in CONTINUOUS and not rule.pause_reasons):
                clock = _continuous(_Rule(rule, version, limit), run, milestones, now)
            else:
                clock = _discontinuous(_Rule(rule, version, limit), run, milestones, now)
            clocks.append(clock)
            if clock.next_change is not None:
                changes.append(clock.next_change)
    return tuple(clocks), min(changes, default=None)


def _happened(instants: Mapping[str, Sequence[int]], now: int, changes: list[int]) -> Mapping[str, Sequence[int]]:
    """The instants up to now, by fact; later instants are added to `changes`."""
    ahead = [at for each in instants.values() for at in each if at > now]
    changes += ahead
    return {fact: [at for at in each if at <= now] for fact, each in instants.items()} if ahead else instants


def _discontinuous(of: _Rule, run: Run, milestones: Milestones, now: int) -> Clock:
    """A clock whose time pauses, or runs in working hours only."""
    rule = of.rule
    until = min((end.at for end in (run.stopped, run.voided, run.closed) if end is not None), default=now)
    pauses = pauses_of(rule.pause_reasons, milestones.waits, run.started_at, until)
    if run.closed is not None and pauses and pauses[-1][1] is None:  # a closed case does not wait
        left = pauses[-1][0]
        pauses = (*pauses[:-1], *([(left, run.closed.at)] if run.closed.at > left else []))
    progress = Progress(rule.unit, of.limit + rule.grace_minutes, run.started_at, of.version.work, pauses)
    reached = progress.deadline()
    deadline, provisional = (None, False) if reached is None else reached
    status, ended = _end(rule, run, deadline, now)
    current = _status_of_ended(status or PAUSED, deadline)
    if status is None and deadline is not None:
        if rule.warn_minutes_before is not None:
            warnings = [_before(run.started_at, deadline, rule.warn_minutes_before)]
        else:
            warnings = [(percent, progress.at_share(percent)) for percent in rule.warn_percent]
        current = _status_of_open(
            deadline, warnings, [(each, progress.at_share(each)) for each in rule.escalate_percent], now
        )
    return Clock(
        rule, of.version, run.cycle, current.status, run.started_at, deadline, ended, current.level, current.stage,
        provisional, current.next_change, progress,
    )  # fmt: skip


def _continuous(of: _Rule, run: Run, milestones: Milestones, now: int) -> Clock:
    """A clock whose time always runs; one whose deadline precedes its begin has no warnings."""
    rule, start = of.rule, run.started_at
    deadline = deadline_of(run, of.limit, rule, milestones.interval_seconds)
    status, ended = _end(rule, run, deadline, now)
    current = _status_of_ended(status or RUNNING, deadline)
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
        current = _status_of_open(deadline, warnings, escalations, now)
    return Clock(
        rule, of.version, run.cycle, current.status, start, deadline, ended, current.level, current.stage,
        next_change=current.next_change,
    )  # fmt: skip


def _end(rule: ClockRule, run: Run, deadline: int | None, now: int) -> tuple[str | None, End | None]:
    """Status and end of a clock that a fact ended; a stop and a void in the same second count as a stop."""
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


def _status_of_ended(status: str, deadline: int | None) -> _Status:
    """The status of an ended clock; it changes again only at the deadline of a clock without proof."""
    return _Status(status, next_change=deadline + 1 if status == UNPROVEN and deadline is not None else None)


def _status_of_open(deadline: int, warnings: Sequence[Level], escalations: Sequence[Level], now: int) -> _Status:
    """The status of an open clock, and until when it holds."""
    levels = escalations if now > deadline else warnings
    passed = [percent for percent, at in levels if at is not None and at <= now]
    ahead = [at for _, at in levels if at is not None and at > now]
    if now > deadline:
        stage = ESCALATED if passed else BREACHED
        return _Status(BREACHED, passed[-1] if passed else WHOLE, stage, min(ahead, default=None))
    until = min((at for at in ahead if at <= deadline), default=deadline + 1)
    if not passed:
        return _Status(RUNNING, next_change=until)
    return _Status(AT_RISK, passed[-1], FINAL_WARNING if len(passed) == len(warnings) else FIRST_WARNING, until)


def _before(start: int, deadline: int, minutes: int) -> Level:
    """A warning so many minutes before the deadline, with the share of the limit that is used up then."""
    at, length = deadline - MINUTE * minutes, deadline - start
    return max(0, WHOLE * (at - start) // length) if length > 0 else 0, max(at, start)
