"""Lifecycles of work orders: reported, dispatched, under way, on site, done; some with irregular steps."""

from typing import Any

from schemas.event import format_instant
from streams.simulator.grid import Area, Grid
from streams.simulator.lifecycle import Lifecycle
from streams.simulator.rates import Rates
from streams.simulator.rng import Rng

MINUTE = 60
TRAVEL_MINUTES = {"urban": (21, 0.5), "rural": (38, 0.55), "remote": (50, 0.6)}  # from report: median, sigma
REASONS = ("material", "permit", "access", "weather", "support")


class OrderLifecycle(Lifecycle):
    """Events of one work order, and when the crew truly arrived."""

    family = "repairs"
    key_field = "work_order_id"
    source = "work-orders"

    def __init__(self, rng: Rng, key: str, area: Area, report_received_at: int) -> None:
        super().__init__(rng, key)
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
    rng: Rng,
    grid: Grid,
    key: str,
    at: int,
    rates: Rates,
    *,
    area: Area | None = None,
    outage_id: str | None = None,
    ends_at: int = 0,
) -> OrderLifecycle:
    """One order from the report on; with an outage its work is done when supply is back, not before."""
    lifecycle = OrderLifecycle(rng, key, area or rng.choice(grid.areas), at)
    if outage_id is None and rng.chance(0.12):
        lifecycle.work_type = rng.choice(("reconnection", "rectification", "inspection"))
    link = {} if outage_id is None else {"outage_id": outage_id}
    origin = "call" if rng.chance(0.7) else "proactive"
    body = {"work_type": lifecycle.work_type, "origin": origin, "area": lifecycle.area.id}
    lifecycle.emit("created", at, (5, 40), report_received_at=format_instant(at), **body, **link)
    crews = grid.crews[lifecycle.area.region]
    now = _dispatch(lifecycle, crews, at)
    if rng.chance(0.03):
        lifecycle.emit("cancelled", now + MINUTE)
        lifecycle.state = "cancelled"
        return lifecycle
    if rng.chance(rates.unseen):
        lifecycle.emit("closed", max(now + rng.randint(10 * MINUTE, 90 * MINUTE), ends_at))
        lifecycle.state = "closed"
        return lifecycle
    now = _arrive(lifecycle, crews, now, wrong=rng.chance(rates.corrections / 3))
    now = _work(lifecycle, now, ends_at)
    if origin == "call" and rng.chance(0.4):
        lifecycle.emit("rated", now + rng.randint(5 * MINUTE, 60 * MINUTE), score=rng.choice((2, 3, 4, 4, 5, 5, 5, 5)))
    return lifecycle


def _dispatch(lifecycle: OrderLifecycle, crews: tuple[str, ...], now: int) -> int:
    rng = lifecycle.rng
    now += rng.randint(45, 180)
    lifecycle.crew = rng.choice(crews)
    lifecycle.emit("dispatched", now, crew=lifecycle.crew)
    if rng.chance(0.03):
        now += rng.randint(2 * MINUTE, 6 * MINUTE)
        lifecycle.emit("returned", now, reason="not_ours")
        now += rng.randint(MINUTE, 4 * MINUTE)
        lifecycle.crew = rng.choice(crews)
        lifecycle.emit("dispatched", now, crew=lifecycle.crew)
    now += rng.randint(20, 120)
    lifecycle.emit("accepted", now)
    return now


def _arrive(lifecycle: OrderLifecycle, crews: tuple[str, ...], now: int, *, wrong: bool) -> int:
    """`wrong`: the crew first reports a late arrival and corrects it afterwards."""
    rng = lifecycle.rng
    if rng.chance(0.04):
        now += rng.randint(MINUTE, 5 * MINUTE)
        lifecycle.crew = rng.choice(crews)
        lifecycle.emit("reassigned", now, crew=lifecycle.crew)
    now += rng.randint(MINUTE, 4 * MINUTE)
    lifecycle.emit("en_route", now)
    median, sigma = TRAVEL_MINUTES[lifecycle.area.area_type]
    arrived_at = lifecycle.report_received_at + rng.spread(median * MINUTE, sigma, 8 * MINUTE, 240 * MINUTE)
    lifecycle.arrived_at = max(arrived_at, now + 2 * MINUTE)
    if not wrong:
        lifecycle.emit("arrived", lifecycle.arrived_at)
        return lifecycle.arrived_at
    reported_at = lifecycle.arrived_at + rng.randint(5 * MINUTE, 20 * MINUTE)
    first = lifecycle.emit("arrived", reported_at)
    lifecycle.emit("arrived", lifecycle.arrived_at, (reported_at - lifecycle.arrived_at + 60,) * 2, corrects=first)
    return reported_at + 2 * MINUTE


def _work(lifecycle: OrderLifecycle, now: int, ends_at: int) -> int:
    rng = lifecycle.rng
    if rng.chance(0.08):
        now += rng.randint(4 * MINUTE, 12 * MINUTE)
        lifecycle.emit("waiting", now, reason=rng.choice(REASONS))
        now += rng.randint(8 * MINUTE, 40 * MINUTE)
        lifecycle.emit("resumed", now)
    now = max(now + rng.spread(20 * MINUTE, 0.5, 5 * MINUTE, 120 * MINUTE), ends_at)
    lifecycle.emit("field_complete", now)
    now += rng.randint(5 * MINUTE, 20 * MINUTE)
    lifecycle.emit("closed", now)
    lifecycle.state = "closed"
    return now
