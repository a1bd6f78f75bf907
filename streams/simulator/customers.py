"""Lifecycles of customer cases: complaints accepted, contacted, replied to, closed, reopened; other kinds of case."""

from functools import partial
from typing import Any, Final

from schemas.event import format_instant
from streams.simulator.grid import Area, Grid
from streams.simulator.lifecycle import Lifecycle
from streams.simulator.rates import Rates
from streams.simulator.rng import Rng

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 24 * HOUR

CATEGORIES: Final = {
    "service": 28, "business": 26, "outage": 16, "supply_quality": 14, "grid_construction": 8, "other": 6, None: 2,
}  # fmt: skip
LEVELS: Final = {"general": 90, "important": 6, "major": 2, "special": 1, None: 1}
CHANNELS: Final = {"phone": 60, "app": 20, "web": 8, "counter": 7, "regulator": 2, "media": 1, "other": 2}
OTHER_KINDS: Final = {
    "fault_report": 50, "enquiry": 28, "service_request": 12, "suggestion": 4, "report": 3, "praise": 3,
}  # fmt: skip
UNITS_PER_REGION: Final = 3
CUSTOMERS: Final = 120_000
REGULARS: Final = 200  # customers with repeated complaints


class ComplaintLifecycle(Lifecycle):
    """Events of one customer case, and which of them ended its clocks."""

    family = "complaints"
    key_field = "complaint_id"
    source = "95598"

    def __init__(self, rng: Rng, key: str, case_kind: str, area: Area | None) -> None:
        super().__init__(rng, key)
        self.case_kind = case_kind
        self.area = area
        self.category: str | None = None
        self.level: str | None = None
        self.accepted_at: int | None = None
        self.contacted_at: int | None = None
        self.replied_at: int | None = None
        self.closed_at: int | None = None

    def contact(self, at: int, purpose: str) -> None:
        self.emit("contacted", at, (5, 120), purpose=purpose)
        self.contacted_at = min(at, self.contacted_at or at)

    def reply(self, at: int) -> None:
        self.emit("replied", at, (10, 600))
        self.contacted_at = min(at, self.contacted_at or at)
        self.replied_at = min(at, self.replied_at or at)

    def close(self, at: int) -> None:
        self.emit("closed", at, (10, 600))
        self.closed_at = at

    def truth(self) -> dict[str, Any]:
        """The expected result; the instants end the contact clock, the reply clock, and the case."""
        instants = {name: getattr(self, name) for name in ("accepted_at", "contacted_at", "replied_at", "closed_at")}
        return {
            "case": f"complaint/{self.key}",
            "case_kind": self.case_kind,
            "category": self.category,
            "level": self.level,
            **{name: None if at is None else format_instant(at) for name, at in instants.items()},
        }


def drawn(rng: Rng, shares: dict[Any, int]) -> Any:
    """A key of `shares`, drawn with its share as weight."""
    return rng.choices(list(shares), list(shares.values()))[0]


def complaint(
    rng: Rng,
    grid: Grid,
    key: str,
    at: int,
    rates: Rates,
    *,
    area: Area | None = None,
    category: str | None = None,
    outage_id: str | None = None,
) -> ComplaintLifecycle:
    """One complaint, from the call to the last closing; `outage_id`: the complaint is about this outage."""
    lifecycle = ComplaintLifecycle(rng, key, "complaint", area or _somewhere(rng, grid))
    _accept(lifecycle, at, category or drawn(rng, CATEGORIES), wrong=rng.chance(rates.corrections))
    now = _assign(lifecycle, grid, at)
    if outage_id is not None:
        lifecycle.emit("linked", now + MINUTE, outage_id=outage_id)
    elif lifecycle.category == "supply_quality" and lifecycle.area is not None:
        points = [point.id for point in grid.points if point.area == lifecycle.area.id]
        lifecycle.emit("linked", now + MINUTE, point_id=rng.choice(points))
    withdrawn_at = at + rng.spread(5 * HOUR, 1.2, 10 * MINUTE, 3 * DAY) if rng.chance(0.04) else None
    contacted_at = max(at + rng.spread(3 * HOUR, 0.95, 5 * MINUTE, 40 * HOUR), now + 2 * MINUTE)
    if withdrawn_at is not None and withdrawn_at < contacted_at:
        lifecycle.emit("withdrawn", max(withdrawn_at, now + MINUTE))
        return lifecycle
    if rng.chance(0.97):
        lifecycle.contact(contacted_at, "first_contact")
    if withdrawn_at is not None:
        lifecycle.emit("withdrawn", withdrawn_at)
        return lifecycle
    _answer(lifecycle, at, contacted_at, wrong=rng.chance(rates.corrections / 4))
    return lifecycle


def other_case(rng: Rng, grid: Grid, key: str, at: int, _: Rates) -> ComplaintLifecycle:
    """A fault report, an enquiry, a service request, ...: never a complaint."""
    lifecycle = ComplaintLifecycle(rng, key, drawn(rng, OTHER_KINDS), _somewhere(rng, grid))
    _accept(lifecycle, at, None, wrong=False)
    if lifecycle.case_kind in {"enquiry", "praise"}:
        lifecycle.close(at + rng.randint(2 * MINUTE, 15 * MINUTE))
        return lifecycle
    now = _assign(lifecycle, grid, at)
    lifecycle.contact(now + rng.spread(40 * MINUTE, 0.8, 5 * MINUTE, 8 * HOUR), "first_contact")
    lifecycle.close(now + rng.spread(20 * HOUR, 0.8, 9 * HOUR, 6 * DAY))
    return lifecycle


def _somewhere(rng: Rng, grid: Grid) -> Area | None:
    return None if rng.chance(0.03) else rng.choice(grid.areas)


def _accept(lifecycle: ComplaintLifecycle, at: int, category: str | None, *, wrong: bool) -> None:
    """`wrong`: first accepted as another kind, and corrected within the hour."""
    rng = lifecycle.rng
    lifecycle.category, lifecycle.accepted_at = category, at
    lifecycle.level = drawn(rng, LEVELS) if lifecycle.case_kind == "complaint" else None
    customer = rng.randint(1, REGULARS) if rng.chance(0.15) else rng.randint(1, CUSTOMERS)
    accept = partial(
        lifecycle.emit,
        "accepted",
        at,
        case_kind=lifecycle.case_kind,
        channel=drawn(rng, CHANNELS),
        customer_ref=f"C-{customer:06}",
        area=None if lifecycle.area is None else lifecycle.area.id,
    )
    if wrong:
        accept((5, 60), category="other", level="general")
        accept((5 * MINUTE, HOUR), category=lifecycle.category, level=lifecycle.level)
    else:
        accept((5, 60), category=lifecycle.category, level=lifecycle.level)
    if lifecycle.level in {"major", "special"}:
        lifecycle.emit("forwarded", at + rng.randint(3 * MINUTE, 20 * MINUTE))


def _assign(lifecycle: ComplaintLifecycle, grid: Grid, now: int) -> int:
    rng = lifecycle.rng
    region = lifecycle.area.region if lifecycle.area else rng.choice(sorted(grid.crews))
    units = [f"{region}-unit-{n + 1}" for n in range(UNITS_PER_REGION)]
    now += rng.randint(2 * MINUTE, 25 * MINUTE)
    lifecycle.emit("assigned", now, unit=rng.choice(units))
    if rng.chance(0.05):
        now += rng.randint(5 * MINUTE, HOUR)
        lifecycle.emit("returned", now, reason="not_ours")
        now += rng.randint(2 * MINUTE, 30 * MINUTE)
        lifecycle.emit("assigned", now, unit=rng.choice(units))
    elif rng.chance(0.04):
        now += rng.randint(5 * MINUTE, HOUR)
        lifecycle.emit("transferred", now, unit=rng.choice(units))
    return now


def _answer(lifecycle: ComplaintLifecycle, at: int, contacted_at: int, *, wrong: bool) -> None:
    rng = lifecycle.rng
    replied_at = max(at + rng.spread(28 * HOUR, 0.9, HOUR, 14 * DAY), contacted_at + 20 * MINUTE)
    if rng.chance(0.3):
        lifecycle.contact(rng.randint(contacted_at + MINUTE, replied_at - MINUTE), "investigation")
    if rng.chance(0.985):  # the other complaints are closed without a reply
        lifecycle.reply(replied_at)
    if rng.chance(0.8):
        lifecycle.emit("ruled", replied_at + rng.randint(MINUTE, HOUR), justified=rng.chance(0.35))
    _close(lifecycle, replied_at + rng.spread(7 * HOUR, 0.8, 20 * MINUTE, 5 * DAY), wrong=wrong)
    if rng.chance(0.06):
        assert lifecycle.closed_at is not None
        again_at = lifecycle.closed_at + rng.spread(12 * HOUR, 1.0, 30 * MINUTE, 6 * DAY)
        lifecycle.emit("reopened", again_at)
        lifecycle.contact(again_at + rng.randint(HOUR, 20 * HOUR), "progress")
        closed_at = again_at + rng.spread(30 * HOUR, 0.6, 21 * HOUR, 7 * DAY)
        if rng.chance(0.9):  # the other complaints are closed again without a reply
            lifecycle.reply(closed_at - 15 * MINUTE)
        _close(lifecycle, closed_at, wrong=False)


def _close(lifecycle: ComplaintLifecycle, at: int, *, wrong: bool) -> None:
    """`wrong`: first reported with a time before the acceptance, which the next message corrects."""
    rng = lifecycle.rng
    if wrong:
        assert lifecycle.accepted_at is not None
        reported_at = lifecycle.accepted_at - rng.randint(MINUTE, HOUR)
        first = lifecycle.emit("closed", reported_at, (at - reported_at + 10,) * 2)
        lifecycle.emit("closed", at, (5 * MINUTE, 15 * MINUTE), corrects=first)
        lifecycle.closed_at = at
    else:
        lifecycle.close(at)
    if lifecycle.case_kind == "complaint" and rng.chance(0.6):
        sent_at = at + rng.randint(10 * MINUTE, 2 * HOUR)
        lifecycle.emit("survey_sent", sent_at)
        if rng.chance(0.6):
            lifecycle.emit("rated", sent_at + rng.spread(3 * HOUR, 1, 5 * MINUTE, 3 * DAY), score=rng.randint(1, 5))
