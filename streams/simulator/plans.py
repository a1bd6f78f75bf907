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
    """The habits of a kind: hours of notice before the begin; minutes from its record to the begin, and of duration.

    Customers are the median; `short` is the share that is announced only when it is recorded, `cancelled`, `moved` and
    `early` (begun well before the plan) the shares of the rest.
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
# The law asks for 7 days of notice, and 24 hours of what is urgent; load shedding is ordered on the day.
PLANNED = Plan(
    "planned", (7 * DAY_HOURS + 1, 12 * DAY_HOURS), (60, 360), (60, 210), 35, 1, 0.06, moved=0.1, short=0.1, early=0.03
)
TEMPORARY = Plan("temporary", (DAY_HOURS + 1, 3 * DAY_HOURS), (20, 45), (30, 120), 18, 1, 0.03, short=0.15)
LOAD_SHEDDING = Plan("load_shedding", (0, 0), (20, 40), (25, 50), 110, 2, 0.05, short=1)


def intended(plan: Plan, dice: Dice, grid: Grid, key: str, at: int, _: Rates) -> OutageLife:
    """Scheduled, announced, perhaps moved or cancelled, begun and ended about as planned.

    The plan is recorded `at` that instant, on the day on which it is carried out; most were made public long before.
    """
    life = OutageLife(dice, key, plan.kind)
    hit = grid.along(dice.choice(grid.areas))[: plan.areas]
    counts = {area.id: dice.spread(plan.customers, 0.5, 3, area.customers) for area in hit}
    start = (at + dice.randint(*plan.ahead) * MINUTE) // 300 * 300
    end = start + dice.randint(*plan.minutes) * MINUTE // 300 * 300
    if dice.chance(plan.short):
        announced_at = at + dice.randint(2 * MINUTE, 10 * MINUTE)
        life.say("scheduled", at, kind=plan.kind, plan=_window(start, end), areas=areas(counts))
        life.say("announced", announced_at, kind=plan.kind, plan=_window(start, end, announced_at))
    else:
        announced_at = start - dice.randint(plan.notice[0] * HOUR, plan.notice[1] * HOUR)
        told = {"kind": plan.kind, "plan": _window(start, end, announced_at)}
        since = at - announced_at
        life.say("scheduled", announced_at, (since, since + 20), areas=areas(counts), **told)
        life.say("announced", announced_at, (since + 20, since + 60), **told)
    if dice.chance(plan.moved):
        start, end = start + HOUR, end + HOUR
        life.say("scheduled", at + 15 * MINUTE, kind=plan.kind, plan=_window(start, end, announced_at))
    if dice.chance(plan.cancelled):
        life.say("cancelled", start - dice.randint(1, 5) * MINUTE)
        return life
    began = start + dice.randint(-2 * MINUTE, 8 * MINUTE)
    if dice.chance(plan.early):
        began = start - dice.randint(15 * MINUTE, 40 * MINUTE)
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
