"""The runs of a clock: the facts that began, stopped or voided each of them, and that closed the case.

A named instant (an estimate, the begin or end of a plan) is a commitment that each of its versions makes anew:

- A version that is in force at its own instant is due. A version that was replaced before is not due.
- A version that is replaced after its own instant keeps its result.
- For the begin of a plan, the version in force at the begin of the interruption counts; until then the last version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.sla.milestones import End
from streams.sla.worktime import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from schemas.policy import ClockRule
    from streams.sla.milestones import Milestones, Named

PLAN_START, ESTIMATE = "plan_start", "etr"
VERSIONS = 10_000  # at most so many interruptions of an outage; each further version in one adds so much to its cycle
NOTICE, STARTED = "notice", "started"
REPLACED_BY = {"etr": "etr_told", "plan_start": "scheduled", "plan_end": "scheduled"}  # fact by due fact


class Run(NamedTuple):
    """One cycle: `voided` ends the need up to the deadline, `gone` at any time; `closed` only ends the clock.

    `named_at`: the named instant, if the limit counts from one. `begun_at`: the begin of the interruption, if the
    outage had to be made public before it.
    """

    cycle: int
    started_at: int
    stopped: End | None = None
    voided: End | None = None
    closed: End | None = None
    gone: End | None = None
    named_at: int | None = None
    begun_at: int | None = None


def runs_of(rule: ClockRule, milestones: Milestones, happened: Mapping[str, Sequence[int]], now: int) -> Iterator[Run]:
    """All runs that have begun; in a closed case no run begins or is voided, but one may still be proved met."""
    ended = milestones.ended if milestones.ended is not None and milestones.ended.at <= now else None
    starts = [end for end in ends(rule.start, happened) if ended is None or end.at <= ended.at]
    if not starts:
        return
    starts.sort()
    stops = sorted(ends(rule.stop, happened))
    voids = [end for end in ends(rule.void, happened) if ended is None or end.at <= ended.at]
    if rule.due is None:
        yield from _plain(rule, starts, stops, voids, ended)
        return
    versions = [
        version._replace(proofs=tuple(at for at in version.proofs if at <= now))
        for version in milestones.named.get(rule.due, ())
        if version.stated_at <= now
    ]
    if rule.due == PLAN_START:
        yield from _at_begin(rule, versions, happened, voids, ended)
    else:
        yield from _at_due(rule, versions, _plain(rule, starts, stops, voids, ended))


def ends(facts: Iterable[str], happened: Mapping[str, Sequence[int]]) -> list[End]:
    """All instants of some facts."""
    return [End(at, fact) for fact in facts for at in happened.get(fact, ())]


def _plain(
    rule: ClockRule, starts: Sequence[End], stops: Sequence[End], voids: Sequence[End], ended: End | None
) -> Iterator[Run]:
    if not rule.each and rule.due is None:
        yield Run(1, starts[0].at, min(stops, default=None), min(voids, default=None), ended)
        return
    ended_at = None
    for cycle, (start, _) in enumerate(starts if rule.each else starts[:1], 1):
        after = [end for end in stops if end.at >= start]
        if ended_at == start:
            after = after[1:]  # the fact that ended the run before, in this second
        stopped = after[0] if after else None
        ended_at = stopped.at if stopped else None
        following = starts[cycle : cycle + 1] if rule.each else ()
        left = [end for end in (*voids, *following) if end.at >= start]
        yield Run(cycle, start, stopped, min(left, default=None), ended)


def _at_due(rule: ClockRule, versions: Sequence[Named], interruptions: Iterable[Run]) -> Iterator[Run]:
    """A run for each version in force during an interruption; it is breached if its instant had passed by then."""
    for run in interruptions:
        counted = 0
        over = min((end.at for end in (run.stopped, run.voided) if end is not None), default=None)
        for number, version in enumerate(versions, 1):
            following = versions[number].stated_at if number < len(versions) else None
            stated_late = version.stated_at > run.started_at and over is not None and version.stated_at >= over
            replaced_before = following is not None and following <= run.started_at
            if version.at is None or stated_late or replaced_before or _was_over_before(rule, version, run):
                continue
            made = run._replace(
                cycle=run.cycle + VERSIONS * counted,
                started_at=max(run.started_at, version.stated_at),
                named_at=version.at,
            )
            counted += 1
            if following is not None and (over is None or following < over):
                replaced = End(following, REPLACED_BY[str(rule.due)])
                if following <= version.at:
                    made = made._replace(gone=replaced)
                else:
                    made = made._replace(closed=min(end for end in (replaced, run.closed) if end is not None))
            yield made


def _was_over_before(rule: ClockRule, version: Named, run: Run) -> bool:
    """Whether an estimate was stated, and its instant passed, before the interruption; the end of a plan holds on."""
    return rule.due == ESTIMATE and version.at is not None and max(version.at, version.stated_at + 1) <= run.started_at


def _at_begin(
    rule: ClockRule,
    versions: Sequence[Named],
    happened: Mapping[str, Sequence[int]],
    voids: Sequence[End],
    ended: End | None,
) -> Iterator[Run]:
    """A run for each version stated up to the begin of the interruption: the last counts, earlier versions are gone."""
    begun_at = min(happened.get(STARTED, ()), default=None)
    stated = [version for version in versions if begun_at is None or version.stated_at <= begun_at]
    for cycle, version in enumerate(stated, 1):
        if version.at is None or (rule.early and (version.assumed or begun_at is None)):
            continue
        if cycle < len(stated):
            gone = End(stated[cycle].stated_at, REPLACED_BY[PLAN_START])
            yield Run(cycle, version.stated_at, gone=gone, named_at=version.at)
            continue
        made_public = [End(at, NOTICE) for at in version.proofs] if NOTICE in rule.stop else []
        stops = [*made_public, *ends((fact for fact in rule.stop if fact != NOTICE), happened)]
        stopped, voided = min(stops, default=None), min(voids, default=None)
        yield Run(cycle, version.stated_at, stopped, voided, ended, named_at=version.at, begun_at=begun_at)


def deadline_of(run: Run, limit: int, rule: ClockRule, interval_seconds: int) -> int:
    """The last instant on time of a clock whose time always runs; for a clock against an early begin the first."""
    grace = MINUTE * rule.grace_minutes
    if run.named_at is not None:
        due = run.named_at + MINUTE * limit + (-grace if rule.early else grace)
        return due if rule.early or run.begun_at is None else min(due, run.begun_at)
    return run.started_at + limit * (MINUTE if rule.unit == "minutes" else interval_seconds) + grace
