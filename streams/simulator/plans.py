"""Lifecycles of intended outages: maintenance, urgent work, load shedding."""

from dataclasses import dataclass
from typing import Any

from schemas.event import format_instant
from streams.simulator.grid import Grid
from streams.simulator.outages import HOUR, MINUTE, OutageLifecycle, areas
from streams.simulator.rates import Rates
from streams.simulator.rng import Rng


@dataclass(frozen=True)
class Plan:
    """Parameters of a kind of outage: hours of notice; minutes from the record to the begin; minutes of duration.

    Customers are the median; `short` is the share that is announced only when it is recorded, `cancelled`, `moved` and
    `early` (begun well before the plan) the shares of the other outages.
    """

    kind: str
    notice: tuple[int, int]
    ahead: tuple[int, int]
    minutes: tuple[int, int]
    customers: int
    areas: int
    cancelled: float
    moved: float = 0
    short: float = 0
    early: float = 0


DAY_HOURS = 24
# The law requires 7 days of notice, and 24 hours for urgent work; load shedding is ordered on the day.
PLANNED = Plan(
    "planned", (7 * DAY_HOURS + 1, 12 * DAY_HOURS), (60, 360), (60, 210), 35, 1, 0.06, moved=0.1, short=0.1, early=0.03
)
TEMPORARY = Plan("temporary", (DAY_HOURS + 1, 3 * DAY_HOURS), (20, 45), (30, 120), 18, 1, 0.03, short=0.15)
LOAD_SHEDDING = Plan("load_shedding", (0, 0), (20, 40), (25, 50), 110, 2, 0.05, short=1)


def intended(plan: Plan, rng: Rng, grid: Grid, key: str, at: int, _: Rates) -> OutageLifecycle:
    """Scheduled, announced, perhaps moved or cancelled, begun and ended about as planned.

    The plan is recorded `at` that instant, on the day on which it is carried out; most were announced long before.
    """
    lifecycle = OutageLifecycle(rng, key, plan.kind)
    hit = grid.along(rng.choice(grid.areas))[: plan.areas]
    counts = {area.id: rng.spread(plan.customers, 0.5, 3, area.customers) for area in hit}
    start = (at + rng.randint(*plan.ahead) * MINUTE) // 300 * 300
    end = start + rng.randint(*plan.minutes) * MINUTE // 300 * 300
    if rng.chance(plan.short):
        announced_at = at + rng.randint(2 * MINUTE, 10 * MINUTE)
        lifecycle.emit("scheduled", at, kind=plan.kind, plan=_window(start, end), areas=areas(counts))
        lifecycle.emit("announced", announced_at, kind=plan.kind, plan=_window(start, end, announced_at))
    else:
        announced_at = start - rng.randint(plan.notice[0] * HOUR, plan.notice[1] * HOUR)
        announced = {"kind": plan.kind, "plan": _window(start, end, announced_at)}
        since = at - announced_at
        lifecycle.emit("scheduled", announced_at, (since, since + 20), areas=areas(counts), **announced)
        lifecycle.emit("announced", announced_at, (since + 20, since + 60), **announced)
    if rng.chance(plan.moved):
        start, end = start + HOUR, end + HOUR
        lifecycle.emit("scheduled", at + 15 * MINUTE, kind=plan.kind, plan=_window(start, end, announced_at))
    if rng.chance(plan.cancelled):
        lifecycle.emit("cancelled", start - rng.randint(1, 5) * MINUTE)
        return lifecycle
    began = start + rng.randint(-2 * MINUTE, 8 * MINUTE)
    if rng.chance(plan.early):
        began = start - rng.randint(15 * MINUTE, 40 * MINUTE)
    ended = max(end + rng.randint(-20 * MINUTE, 20 * MINUTE), began + 15 * MINUTE)
    lifecycle.start(began, counts, plan=_window(start, end, announced_at), cause="maintenance")
    area, out = next(iter(counts.items()))
    if rng.chance(0.3) and out > 1:
        lifecycle.change(rng.randint(began + 5 * MINUTE, ended - 5 * MINUTE), area, rng.randint(1, out - 1))
    lifecycle.restore(ended)
    lifecycle.emit("info_published", ended + rng.randint(MINUTE, 5 * MINUTE), about="restoration")
    lifecycle.emit("closed", ended + rng.randint(10 * MINUTE, HOUR))
    return lifecycle


def _window(start: int, end: int, announced_at: int | None = None) -> dict[str, Any]:
    notice = {} if announced_at is None else {"announced_at": format_instant(announced_at)}
    return {"start": format_instant(start), "end": format_instant(end), **notice}
