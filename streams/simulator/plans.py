"""The lives of outages that somebody wanted: maintenance, urgent work, load shedding."""

from dataclasses import dataclass
from typing import Any

from schemas.event import format_instant
from streams.simulator.dice import Dice
from streams.simulator.grid import Grid
from streams.simulator.outages import HOUR, MINUTE, OutageLife, areas
from streams.simulator.rates import Rates


@dataclass(frozen=True)
class Plan:
    """The habits of a kind: minutes of notice, minutes of duration, customers (median), share that is cancelled."""

    kind: str
    notice: tuple[int, int]
    minutes: tuple[int, int]
    customers: int
    areas: int
    cancelled: float
    moved: float


PLANNED = Plan("planned", (60, 360), (60, 210), 35, 1, 0.06, 0.1)
TEMPORARY = Plan("temporary", (20, 45), (30, 120), 18, 1, 0.03, 0)
LOAD_SHEDDING = Plan("load_shedding", (20, 40), (25, 50), 110, 2, 0.05, 0)


def intended(plan: Plan, dice: Dice, grid: Grid, key: str, at: int, _: Rates) -> OutageLife:
    """Scheduled, announced, perhaps moved or cancelled, begun and ended about as planned."""
    life = OutageLife(dice, key, plan.kind)
    hit = grid.along(dice.choice(grid.areas))[: plan.areas]
    counts = {area.id: dice.spread(plan.customers, 0.5, 3, area.customers) for area in hit}
    start = (at + dice.randint(*plan.notice) * MINUTE) // 300 * 300
    end = start + dice.randint(*plan.minutes) * MINUTE // 300 * 300
    announced_at = at + dice.randint(2 * MINUTE, 10 * MINUTE)
    life.say("scheduled", at, kind=plan.kind, plan=_window(start, end), areas=areas(counts))
    life.say("announced", announced_at, kind=plan.kind, plan=_window(start, end, announced_at))
    if dice.chance(plan.moved):
        start, end = start + HOUR, end + HOUR
        life.say("scheduled", announced_at + 5 * MINUTE, kind=plan.kind, plan=_window(start, end, announced_at))
    if dice.chance(plan.cancelled):
        life.say("cancelled", start - dice.randint(1, 5) * MINUTE)
        return life
    began = start + dice.randint(-2 * MINUTE, 8 * MINUTE)
    ended = max(end + dice.randint(-20 * MINUTE, 20 * MINUTE), began + 15 * MINUTE)
    life.start(began, counts, plan=_window(start, end, announced_at), cause="maintenance")
    area, out = next(iter(counts.items()))
    if dice.chance(0.3) and out > 1:
        life.change(dice.randint(began + 5 * MINUTE, ended - 5 * MINUTE), area, dice.randint(1, out - 1))
    life.restore(ended)
    life.say("info_published", ended + dice.randint(MINUTE, 5 * MINUTE), about="restoration")
    life.say("closed", ended + dice.randint(10 * MINUTE, HOUR))
    return life


def _window(start: int, end: int, announced_at: int | None = None) -> dict[str, Any]:
    told = {} if announced_at is None else {"announced_at": format_instant(announced_at)}
    return {"start": format_instant(start), "end": format_instant(end), **told}
