"""The values of many points at once, as arrays: what they count of a local day, and what they say about now.

The same as `point_segments` and `point_state` say of one point; `tests/properties/test_points_columns.py` holds that.
All arrays are of int64. A cover is one number: its length, whether it is far out, whether it is a mean, its verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.cases.point_excursions import Outside, excursions
from streams.cases.point_limits import COMPLIANT, EXCLUDED, OUT, OVER, SUSPECT, UNDER
from streams.cases.point_segments import GRID, grid
from streams.cases.point_state import LONG
from streams.facts.profile import HOLD_DENOMINATOR, HOLD_NUMERATOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from streams.facts.profile import Ints

    Flags = NDArray[np.bool_]

FAR: Final = 2**62
LENGTH_BITS, FAR_OUT_BIT, MEAN_BIT, VERDICT_MASK = 5, 16, 8, 7
COUNTED: Final = range(COMPLIANT, SUSPECT + 1)  # the verdicts of `Seconds`, in its order


def cover_of(length: int, *, mean: bool) -> int:
    """The number of a cover, what is said of its value left out."""
    return length << LENGTH_BITS | (MEAN_BIT if mean else 0)


class Values(NamedTuple):
    """Values that still move, sorted by point, phase and slot; `run`: see `state_of`, of first values of a phase."""

    point: Ints
    strand: Ints  # a phase of a point
    slot: Ints
    cover: Ints
    run: Ints
    since: Ints  # when its point was settled before; below 0 for the first value of a phase
    brief: Ints  # seconds: an excursion of at most so many is kept
    read: Ints  # up to this slot runs were looked for


class Flow(NamedTuple):
    """By value whether it is done, and which is the first of its phase that is not; by point all the rest."""

    done: Flags
    next: Flags
    run: Ints
    counted: Ints  # by point and verdict, what is done
    moving: Ints  # the same of what is not
    out: Ints
    out_long: Ints
    silent: Flags
    unjudged: Ints
    next_change: Ints
    kept: Ints  # by point: excursions that came and ended in time
    odd: Flags  # by point: there is another one, or a value does not, or did not, hold until the next one of its phase
    earliest: Ints  # by point: its first slot here; what was before it stands


def flow(values: Values, day: tuple[int, int], now: int) -> Flow:
    """What the values of a local day, [start, end), count and say by now."""
    point, strand, slot, cover, run, since, *brief = values
    length, mean, verdict = cover >> LENGTH_BITS, (cover & MEAN_BIT) > 0, cover & VERDICT_MASK
    full = grid(now)
    first, last = _edges(strand)
    following = np.append(slot[1:], 0)
    end = slot + length
    holds_until = end + mean * (HOLD_NUMERATOR * length // HOLD_DENOMINATOR)
    out, in_time = _out(verdict), np.append(True, holds_until[:-1] >= slot[1:])
    goes_on = ~first
    goes_on[1:] &= out[:-1] & in_time[1:]
    was_over = (np.append(False, holds_until[:-1] <= since[1:]) | (holds_until <= since)) & ~first
    odd = ~(first | in_time) | (since < 0) | was_over | (last & (holds_until <= now) & (holds_until > since))
    run = run[np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(slot))))]
    end = np.where(last, end, np.minimum(end, following))
    holds_until = np.where(last, holds_until, np.minimum(holds_until, following))
    until = np.where(end > np.where(mean, now, full), np.where(mean, slot, full), end)
    seconds = np.maximum(np.minimum(until, day[1]) - np.maximum(slot, day[0]), 0)
    done = ~last & (following <= full)
    is_next = ~done & (first | np.append(False, done[:-1]))
    starts = np.flatnonzero(_edges(point)[0])
    counted, moving = (
        np.stack([np.add.reduceat(np.where(of & (verdict == one), seconds, 0), starts) for one in COUNTED], axis=1)
        for of in (done, ~done)
    )
    begun = slot <= now
    speaks = begun & (now < holds_until)
    change = np.where(begun, FAR, slot)
    for at in (np.where(~mean & (end > full), full + GRID, FAR), end, holds_until):
        change = np.where(begun & (at > now), np.minimum(change, at), change)
    state = _state(speaks, verdict, run, starts, now)
    next_change = np.minimum(state[-1], _least(change, starts))
    outside = Outside(first, in_time, out, (cover & FAR_OUT_BIT) > 0, verdict == COMPLIANT, done)
    kept, others = excursions(slot, (brief[0], brief[1]), outside, starts)
    odd = others | np.logical_or.reduceat(odd, starts)
    return Flow(done, is_next, run, counted, moving, *state[:-1], next_change, kept, odd, _least(slot, starts))


def _edges(of: Ints) -> tuple[Flags, Flags]:
    """Where a new one begins, and where it ends."""
    first = np.append(True, of[1:] != of[:-1])
    return first, np.append(first[1:], True)


def _out(verdict: Ints) -> Flags:
    return np.isin(verdict, OUT)


def _least(values: Ints, starts: Any) -> Ints:
    least: Ints = np.minimum.reduceat(values, starts)
    return least


def _state(speaks: Flags, verdict: Ints, run: Ints, starts: Any, now: int) -> tuple[Ints, Ints, Flags, Ints, Ints]:
    """By point: out, out for long, silent, suspect or excluded, and when one that is out will be so for long."""
    out = out_long = np.zeros(len(starts), np.int64)
    change = np.full(len(starts), FAR)
    for one in (UNDER, OVER):  # of both, over wins
        since = _least(np.where(speaks & (verdict == one), run, FAR), starts)
        is_out, is_long = since < FAR, now - since > LONG
        out, out_long = np.where(is_out, one, out), np.where(is_long, one, out_long)
        change = np.where(is_out & ~is_long, np.minimum(change, since + LONG + 1), change)
    suspect, excluded = (np.logical_or.reduceat(speaks & (verdict == one), starts) for one in (SUSPECT, EXCLUDED))
    judged = np.logical_or.reduceat(speaks & ~np.isin(verdict, (SUSPECT, EXCLUDED)), starts)
    unjudged = np.select([out > 0, suspect, excluded & ~judged], [0, SUSPECT, EXCLUDED], 0)
    return out, out_long, ~np.logical_or.reduceat(speaks, starts), unjudged, change


def rates(compliant: Ints, monitored: Ints) -> Ints:
    """As `rate_amounts`: of 10^-9, rounded half to even; 0 where nothing is monitored."""
    whole, rest = np.divmod(compliant * 10**9, np.maximum(monitored, 1))
    ppb: Ints = whole + ((2 * rest > monitored) | ((2 * rest == monitored) & (whole % 2 == 1) & (monitored > 0)))
    return ppb
