"""Excursions that begin and end among the values settled at once: their promises are kept, and nobody has to look.

An excursion is a run out of limits. Where a point has one phase it can be told by its values alone: from the first one
outside to the first one within, which came in time. Short enough for each of its clocks, and never far out, it is kept,
and was never to be announced; all that it changes is how many were due and kept on its day.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.cases.point_clocks import due_and_kept
from streams.cases.point_runs import IS_OUT, WITHIN
from streams.cells.scopes import UNKNOWN
from streams.sla.clocks import MET, clocks_of
from streams.sla.moments import Moments

if TYPE_CHECKING:
    from streams.cases.point_clocks import Promises
    from streams.cases.point_contribution import View
    from streams.cases.point_flow import Flags
    from streams.facts.profile import Ints
    from streams.sla.policy import Policies

NEVER, ALWAYS = -1, 2**62  # seconds


class Brief(NamedTuple):
    """What an excursion of at most so many seconds promises; `NEVER`: not even the shortest is told by its values."""

    seconds: int = ALWAYS
    promises: Promises = ()


def brief_of(view: View, area: str, since: int) -> Brief:
    """Of excursions on the local day that begins at `since`; a point that the network does not know has no clocks."""
    if view.info is None:
        return Brief()
    info = view.reference.network.area(area)
    return _brief(view.reference.policies, (info and info.area_type) or UNKNOWN, since)


@lru_cache(maxsize=256)
def _brief(policies: Policies, area_type: str, since: int) -> Brief:
    moments = Moments("point", since, {IS_OUT: [since], WITHIN: [since]}, {}, (area_type,))
    clocks, _ = clocks_of(moments, policies, since)
    seconds = ALWAYS
    for clock in clocks:
        if clock.status != MET or clock.course is not None or clock.deadline_at is None:
            return Brief(NEVER)
        seconds = min(seconds, clock.deadline_at - since)
    return Brief(seconds, due_and_kept(clocks))


class Outside(NamedTuple):
    """By value: first of its phase; in time after the one before it; out of limits, far out, and within them; done."""

    first: Flags
    in_time: Flags
    out: Flags
    far_out: Flags
    within: Flags
    done: Flags


def excursions(slot: Ints, limits: tuple[Ints, Ints], of: Outside, starts: Ints) -> tuple[Ints, Flags]:
    """How many of each point are kept, and whether it has another one; `limits`: of `Brief`, and the last slot read.

    A value that may be among those of the next settling ends none: it would be counted again.
    """
    goes_on = np.append(False, of.out[:-1]) & of.in_time & ~of.first & of.out
    begin = np.flatnonzero(of.out & ~goes_on)
    if not len(begin):
        return np.zeros(len(starts), np.int64), np.zeros(len(starts), np.bool_)
    breaks = np.append(np.flatnonzero(~goes_on), len(slot))
    end = breaks[np.searchsorted(breaks, begin, side="right")]
    is_there, end = end < len(slot), np.minimum(end, len(slot) - 1)
    seconds, read = (each[begin] for each in limits)
    point = np.searchsorted(starts, begin, side="right") - 1
    kept = (
        is_there
        & ~(of.first[begin] | of.first[end])
        & (of.within & of.in_time & of.done)[end]
        & (slot[begin] > read)
        & (slot[end] - slot[begin] <= seconds)
        & ~np.logical_or.reduceat(of.far_out, begin)
    )
    counts, others = (np.bincount(point[which], minlength=len(starts)) for which in (kept, ~kept))
    return counts, others > 0
