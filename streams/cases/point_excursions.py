"""Excursions that begin and end among the values settled at once: their promises are kept, and nobody has to look.

An excursion is a run out of limits. Where a point has one phase it can be told by its values alone: from the first one
outside to the first one within, which came in time. Short enough for each of its clocks, and never far out, it is kept,
and was never to be announced; all that it changes is how many were due and kept on its day.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.cases.point_clocks import clocks_of_ended, due_and_kept, terms
from streams.cases.point_runs import IS_OUT, WITHIN, Run
from streams.sla.clocks import MET

if TYPE_CHECKING:
    from streams.cases.point import Point
    from streams.cases.point_clocks import Promises
    from streams.cases.point_contribution import View
    from streams.cases.point_flow import Flags
    from streams.facts.profile import Ints
    from streams.sla.policy import Version

NEVER, ALWAYS = -1, 2**62  # seconds


class Brief(NamedTuple):
    """What an excursion of at most so many seconds promises; `NEVER`: not even the shortest is told by its values."""

    seconds: int = ALWAYS
    promises: Promises = ()


def brief_of(point: Point, view: View, since: int) -> Brief:
    """Of excursions on the local day that begins at `since`; a point that the network does not know has no clocks."""
    return _brief(*terms(point, view, since)) if view.info is not None else Brief()


@lru_cache(maxsize=256)
def _brief(version: Version, area_type: str) -> Brief:
    clocks = clocks_of_ended(version, area_type, Run(IS_OUT, 0, 0, 0, (WITHIN,)))
    if any(clock.status != MET for clock in clocks):
        return Brief(NEVER)
    return Brief(min((clock.deadline_at or 0 for clock in clocks), default=ALWAYS), due_and_kept(clocks))


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
