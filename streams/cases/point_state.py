"""What a point says about now: out of its limits, for how long, or silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.cases.contribution import earliest
from streams.cases.point import State
from streams.cases.point_limits import EXCLUDED, FLOATING, OUT, OVER, SUSPECT, VERDICT_BITS
from streams.cases.point_segments import GRID, Cover, batch_due, covers, grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.facts.profile import Rows

WAITING: Final = 1 << VERDICT_BITS  # beyond the verdicts: no value holds, and the next batch is not overdue
LONG: Final = 900  # seconds; out of limit without interruption for more than this is long


def state_of(
    rows: Rows,
    now: int,
    today: tuple[int, int],
    runs: Mapping[str, int] | None = None,
    *,
    delivery_interval: int = 0,
) -> State:
    """`rows` reach back by `LONG` and as long as a value can speak of now; or less far, if `runs` has the rest.

    `today` is the verdict on the values of a floating point and the instant from which it holds: midnight. `runs` says
    of a phase since when it has been out of limits without interruption, if its first row is.
    Of phases that differ, over wins; so it does of those that are out for long. Where values come in batches the point
    is not silent before the next one is overdue.
    """
    out: dict[int, int] = {}
    silent, changes, holding = True, [], set[int]()
    for phase, of_phase in rows.items():
        found = [_judged(cover, today) for cover in covers(of_phase)]
        changes += [change for cover in found if (change := _next_change(cover, now)) is not None]
        for position, cover in enumerate(found):
            if cover.start <= now < cover.holds_until:
                silent = False
                holding.add(cover.verdict)
                if cover.verdict in OUT:
                    since = _out_since(found, position, now)
                    if runs is not None and since == found[0].start:
                        since = runs[phase]
                    out[cover.verdict] = min(since, out.get(cover.verdict, since))
    long = {verdict for verdict, since in out.items() if now - since > LONG}
    changes += [since + LONG + 1 for verdict, since in out.items() if verdict not in long]
    if silent and delivery_interval:
        spoken = (row for of_phase in rows.values() for row in of_phase if row[0] <= now)
        next_batch = max((batch_due(row, delivery_interval) for row in spoken), default=now)
        if next_batch > now:
            return State(silent=False, next_change=earliest(*changes, next_batch), unjudged=WAITING)
    unjudged = 0 if out else SUSPECT if SUSPECT in holding else EXCLUDED if holding == {EXCLUDED} else 0
    return State(_worst(set(out)), _worst(long), silent, earliest(*changes), unjudged=unjudged)


def _worst(verdicts: set[int]) -> int:
    return OVER if OVER in verdicts else max(verdicts, default=0)


def _judged(cover: Cover, today: tuple[int, int]) -> Cover:
    verdict, midnight = today
    if cover.verdict == FLOATING and cover.start >= midnight:
        return cover._replace(verdict=verdict)
    return cover


def _next_change(cover: Cover, now: int) -> int | None:
    """When the cover begins, ends, counts further, or does not speak of now any more."""
    if cover.start > now:
        return cover.start
    full = grid(now)
    counts = full + GRID if not cover.mean and cover.end > full else None
    return earliest(counts, *(at for at in (cover.end, cover.holds_until) if at > now))


def _out_since(found: list[Cover], position: int, now: int) -> int:
    """Since when the phase has been out of its limits without interruption, as far as that matters."""
    since = found[position].start
    while position and now - since <= LONG:
        position -= 1
        before = found[position]
        if before.holds_until != since or before.verdict not in OUT:
            break
        since = before.start
    return since
