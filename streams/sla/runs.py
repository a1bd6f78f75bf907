"""The runs of a clock: what began each, what stopped it, what took the need away, and what closed the case meanwhile.

A promise about a named instant (an estimate, the begin or end of a plan) is made anew by each version of it. The
version that is in force at its own instant is due; one that was replaced before is not, and one that is replaced after
it stays what it was. A plan's begin is judged by the version in force when the interruption began, until then by the
last.
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
VERSIONS = 10_000  # the most interruptions of an outage; the second version in one has so much more as its cycle
NOTICE, STARTED = "notice", "started"
SAID_BY = {"etr": "etr_told", "plan_start": "scheduled", "plan_end": "scheduled"}  # what replaces a version


class Run(NamedTuple):
    """One cycle: `voided` up to the deadline ends the need, `gone` at any time; `closed` only ends the clock.

    `named_at` is the instant that was named, where the limit counts from one; `begun_at` that of an interruption that
    had to be made known: after it nothing is in time.
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
    """All runs that have begun; after the case was closed nothing begins or voids one, and one may be proved kept."""
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
        if version.said_at <= now
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
            after = after[1:]  # what ended the run before, in this very second
        stopped = after[0] if after else None
        ended_at = stopped.at if stopped else None
        following = starts[cycle : cycle + 1] if rule.each else ()
        left = [end for end in (*voids, *following) if end.at >= start]
        yield Run(cycle, start, stopped, min(left, default=None), ended)


def _at_due(rule: ClockRule, versions: Sequence[Named], interruptions: Iterable[Run]) -> Iterator[Run]:
    """A run for each version that was in force during an interruption; an instant that had passed by then is missed."""
    for run in interruptions:
        counted = 0
        over = min((end.at for end in (run.stopped, run.voided) if end is not None), default=None)
        for number, version in enumerate(versions, 1):
            following = versions[number].said_at if number < len(versions) else None
            said_late = version.said_at > run.started_at and over is not None and version.said_at >= over
            replaced_before = following is not None and following <= run.started_at
            if version.at is None or said_late or replaced_before or _is_of_before(rule, version, run):
                continue
            made = run._replace(
                cycle=run.cycle + VERSIONS * counted,
                started_at=max(run.started_at, version.said_at),
                named_at=version.at,
            )
            counted += 1
            if following is not None and (over is None or following < over):
                replaced = End(following, SAID_BY[str(rule.due)])
                if following <= version.at:
                    made = made._replace(gone=replaced)
                else:
                    made = made._replace(closed=min(end for end in (replaced, run.closed) if end is not None))
            yield made


def _is_of_before(rule: ClockRule, version: Named, run: Run) -> bool:
    """An estimate that was told, and over, before the interruption began is none of it; the end of a plan holds on."""
    return rule.due == ESTIMATE and version.at is not None and max(version.at, version.said_at + 1) <= run.started_at


def _at_begin(
    rule: ClockRule,
    versions: Sequence[Named],
    happened: Mapping[str, Sequence[int]],
    voids: Sequence[End],
    ended: End | None,
) -> Iterator[Run]:
    """A run for each version said up to the begin of the interruption: the last counts, those before are gone."""
    begun_at = min(happened.get(STARTED, ()), default=None)
    said = [version for version in versions if begun_at is None or version.said_at <= begun_at]
    for cycle, version in enumerate(said, 1):
        if version.at is None or (rule.early and (version.assumed or begun_at is None)):
            continue
        if cycle < len(said):
            gone = End(said[cycle].said_at, SAID_BY[PLAN_START])
            yield Run(cycle, version.said_at, gone=gone, named_at=version.at)
            continue
        made_public = [End(at, NOTICE) for at in version.proofs] if NOTICE in rule.stop else []
        stops = [*made_public, *ends((fact for fact in rule.stop if fact != NOTICE), happened)]
        stopped, voided = min(stops, default=None), min(voids, default=None)
        yield Run(cycle, version.said_at, stopped, voided, ended, named_at=version.at, begun_at=begun_at)


def deadline_of(run: Run, limit: int, rule: ClockRule, interval_seconds: int) -> int:
    """The last instant on time of a clock whose time always runs; of one against an early begin the first."""
    grace = MINUTE * rule.grace_minutes
    if run.named_at is not None:
        due = run.named_at + MINUTE * limit + (-grace if rule.early else grace)
        return due if rule.early or run.begun_at is None else min(due, run.begun_at)
    return run.started_at + limit * (MINUTE if rule.unit == "minutes" else interval_seconds) + grace
