"""The lives of work orders: reported, dispatched, under way, on site, done; some go astray."""

from typing import Any

from schemas.event import format_instant
from streams.simulator.dice import Dice
from streams.simulator.grid import Area, Grid
from streams.simulator.life import Life
from streams.simulator.rates import Rates

MINUTE = 60
TRAVEL_MINUTES = {"urban": (21, 0.5), "rural": (38, 0.55), "remote": (50, 0.6)}  # from report: median, sigma
REASONS = ("material", "permit", "access", "weather", "support")


class OrderLife(Life):
    """Events of one work order, and when the crew truly arrived."""

    family = "repairs"
    key_field = "work_order_id"
    source = "work-orders"

    def __init__(self, dice: Dice, key: str, area: Area, report_received_at: int) -> None:
        super().__init__(dice, key)
        self.area = area
        self.report_received_at = report_received_at
        self.work_type = "repair"
        self.crew: str | None = None
        self.arrived_at: int | None = None
        self.state = "created"

    def truth(self) -> dict[str, Any]:
        """Begin and end of the arrival clock; the area type decides its limit."""
        return {
            "case": f"order/{self.key}",
            "work_type": self.work_type,
            "area_type": self.area.area_type,
            "report_received_at": format_instant(self.report_received_at),
            "arrived_at": None if self.arrived_at is None else format_instant(self.arrived_at),
            "crew": self.crew,
            "state": self.state,
        }


def order(
    dice: Dice,
    grid: Grid,
    key: str,
    at: int,
    rates: Rates,
    *,
    area: Area | None = None,
    outage_id: str | None = None,
    ends_at: int = 0,
) -> OrderLife:
    """One order from the report on; with an outage its work is done when supply is back, not before."""
    life = OrderLife(dice, key, area or dice.choice(grid.areas), at)
    if outage_id is None and dice.chance(0.12):
        life.work_type = dice.choice(("reconnection", "rectification", "inspection"))
    link = {} if outage_id is None else {"outage_id": outage_id}
    origin = "call" if dice.chance(0.7) else "proactive"
    body = {"work_type": life.work_type, "origin": origin, "area": life.area.id}
    life.say("created", at, (5, 40), report_received_at=format_instant(at), **body, **link)
    crews = grid.crews[life.area.region]
    now = _dispatch(life, crews, at)
    if dice.chance(0.03):
        life.say("cancelled", now + MINUTE)
        life.state = "cancelled"
        return life
    if dice.chance(rates.unseen):
        life.say("closed", max(now + dice.randint(10 * MINUTE, 90 * MINUTE), ends_at))
        life.state = "closed"
        return life
    now = _arrive(life, crews, now, wrong=dice.chance(rates.corrections / 3))
    now = _work(life, now, ends_at)
    if origin == "call" and dice.chance(0.4):
        life.say("rated", now + dice.randint(5 * MINUTE, 60 * MINUTE), score=dice.choice((2, 3, 4, 4, 5, 5, 5, 5)))
    return life


def _dispatch(life: OrderLife, crews: tuple[str, ...], now: int) -> int:
    dice = life.dice
    now += dice.randint(45, 180)
    life.crew = dice.choice(crews)
    life.say("dispatched", now, crew=life.crew)
    if dice.chance(0.03):
        now += dice.randint(2 * MINUTE, 6 * MINUTE)
        life.say("returned", now, reason="not_ours")
        now += dice.randint(MINUTE, 4 * MINUTE)
        life.crew = dice.choice(crews)
        life.say("dispatched", now, crew=life.crew)
    now += dice.randint(20, 120)
    life.say("accepted", now)
    return now


def _arrive(life: OrderLife, crews: tuple[str, ...], now: int, *, wrong: bool) -> int:
    """`wrong`: the crew told its arrival late and put it right afterwards."""
    dice = life.dice
    if dice.chance(0.04):
        now += dice.randint(MINUTE, 5 * MINUTE)
        life.crew = dice.choice(crews)
        life.say("reassigned", now, crew=life.crew)
    now += dice.randint(MINUTE, 4 * MINUTE)
    life.say("en_route", now)
    median, sigma = TRAVEL_MINUTES[life.area.area_type]
    arrived_at = life.report_received_at + dice.spread(median * MINUTE, sigma, 8 * MINUTE, 240 * MINUTE)
    life.arrived_at = max(arrived_at, now + 2 * MINUTE)
    if not wrong:
        life.say("arrived", life.arrived_at)
        return life.arrived_at
    told_at = life.arrived_at + dice.randint(5 * MINUTE, 20 * MINUTE)
    first = life.say("arrived", told_at)
    life.say("arrived", life.arrived_at, (told_at - life.arrived_at + 60,) * 2, corrects=first)
    return told_at + 2 * MINUTE


def _work(life: OrderLife, now: int, ends_at: int) -> int:
    dice = life.dice
    if dice.chance(0.08):
        now += dice.randint(4 * MINUTE, 12 * MINUTE)
        life.say("waiting", now, reason=dice.choice(REASONS))
        now += dice.randint(8 * MINUTE, 40 * MINUTE)
        life.say("resumed", now)
    now = max(now + dice.spread(20 * MINUTE, 0.5, 5 * MINUTE, 120 * MINUTE), ends_at)
    life.say("field_complete", now)
    now += dice.randint(5 * MINUTE, 20 * MINUTE)
    life.say("closed", now)
    life.state = "closed"
    return now
