"""The lives of what customers tell: complaints taken in, talked about, answered, closed, opened again; and the rest."""

from functools import partial
from typing import Any, Final

from schemas.event import format_instant
from streams.simulator.dice import Dice
from streams.simulator.grid import Area, Grid
from streams.simulator.life import Life
from streams.simulator.rates import Rates

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
REGULARS: Final = 200  # customers who complain again and again


class ComplaintLife(Life):
    """Events of one customer case, and which of them ended its clocks."""

    family = "complaints"
    key_field = "complaint_id"
    source = "95598"

    def __init__(self, dice: Dice, key: str, case_kind: str, area: Area | None) -> None:
        super().__init__(dice, key)
        self.case_kind = case_kind
        self.area = area
        self.category: str | None = None
        self.level: str | None = None
        self.accepted_at: int | None = None
        self.contacted_at: int | None = None
        self.replied_at: int | None = None
        self.closed_at: int | None = None

    def contact(self, at: int, purpose: str) -> None:
        self.say("contacted", at, (5, 120), purpose=purpose)
        self.contacted_at = min(at, self.contacted_at or at)

    def reply(self, at: int) -> None:
        self.say("replied", at, (10, 600))
        self.contacted_at = min(at, self.contacted_at or at)
        self.replied_at = min(at, self.replied_at or at)

    def close(self, at: int) -> None:
        self.say("closed", at, (10, 600))
        self.closed_at = at

    def truth(self) -> dict[str, Any]:
        """What must come out; the instants are those that end the contact clock, the reply clock, and the case."""
        instants = {name: getattr(self, name) for name in ("accepted_at", "contacted_at", "replied_at", "closed_at")}
        return {
            "case": f"complaint/{self.key}",
            "case_kind": self.case_kind,
            "category": self.category,
            "level": self.level,
            **{name: None if at is None else format_instant(at) for name, at in instants.items()},
        }


def drawn(dice: Dice, shares: dict[Any, int]) -> Any:
    """A key of `shares`, each as often as its share says."""
    return dice.choices(list(shares), list(shares.values()))[0]


def complaint(
    dice: Dice,
    grid: Grid,
    key: str,
    at: int,
    rates: Rates,
    *,
    area: Area | None = None,
    category: str | None = None,
    outage_id: str | None = None,
) -> ComplaintLife:
    """One complaint, from the call to the last closing; with an outage it is about that."""
    life = ComplaintLife(dice, key, "complaint", area or _somewhere(dice, grid))
    _accept(life, at, category or drawn(dice, CATEGORIES), wrong=dice.chance(rates.corrections))
    now = _assign(life, grid, at)
    if outage_id is not None:
        life.say("linked", now + MINUTE, outage_id=outage_id)
    elif life.category == "supply_quality" and life.area is not None:
        points = [point.id for point in grid.points if point.area == life.area.id]
        life.say("linked", now + MINUTE, point_id=dice.choice(points))
    withdrawn_at = at + dice.spread(5 * HOUR, 1.2, 10 * MINUTE, 3 * DAY) if dice.chance(0.04) else None
    contacted_at = max(at + dice.spread(3 * HOUR, 0.95, 5 * MINUTE, 40 * HOUR), now + 2 * MINUTE)
    if withdrawn_at is not None and withdrawn_at < contacted_at:
        life.say("withdrawn", max(withdrawn_at, now + MINUTE))
        return life
    if dice.chance(0.97):
        life.contact(contacted_at, "first_contact")
    if withdrawn_at is not None:
        life.say("withdrawn", withdrawn_at)
        return life
    _answer(life, at, contacted_at, wrong=dice.chance(rates.corrections / 4))
    return life


def other_case(dice: Dice, grid: Grid, key: str, at: int, _: Rates) -> ComplaintLife:
    """A fault report, an enquiry, a service request, ...: never a complaint."""
    life = ComplaintLife(dice, key, drawn(dice, OTHER_KINDS), _somewhere(dice, grid))
    _accept(life, at, None, wrong=False)
    if life.case_kind in {"enquiry", "praise"}:
        life.close(at + dice.randint(2 * MINUTE, 15 * MINUTE))
        return life
    now = _assign(life, grid, at)
    life.contact(now + dice.spread(40 * MINUTE, 0.8, 5 * MINUTE, 8 * HOUR), "first_contact")
    life.close(now + dice.spread(20 * HOUR, 0.8, 9 * HOUR, 6 * DAY))
    return life


def _somewhere(dice: Dice, grid: Grid) -> Area | None:
    return None if dice.chance(0.03) else dice.choice(grid.areas)


def _accept(life: ComplaintLife, at: int, category: str | None, *, wrong: bool) -> None:
    """`wrong`: taken for something else first, and put right within the hour."""
    dice = life.dice
    life.category, life.accepted_at = category, at
    life.level = drawn(dice, LEVELS) if life.case_kind == "complaint" else None
    customer = dice.randint(1, REGULARS) if dice.chance(0.15) else dice.randint(1, CUSTOMERS)
    accept = partial(
        life.say,
        "accepted",
        at,
        case_kind=life.case_kind,
        channel=drawn(dice, CHANNELS),
        customer_ref=f"C-{customer:06}",
        area=None if life.area is None else life.area.id,
    )
    if wrong:
        accept((5, 60), category="other", level="general")
        accept((5 * MINUTE, HOUR), category=life.category, level=life.level)
    else:
        accept((5, 60), category=life.category, level=life.level)
    if life.level in {"major", "special"}:
        life.say("forwarded", at + dice.randint(3 * MINUTE, 20 * MINUTE))


def _assign(life: ComplaintLife, grid: Grid, now: int) -> int:
    dice = life.dice
    region = life.area.region if life.area else dice.choice(sorted(grid.crews))
    units = [f"{region}-unit-{n + 1}" for n in range(UNITS_PER_REGION)]
    now += dice.randint(2 * MINUTE, 25 * MINUTE)
    life.say("assigned", now, unit=dice.choice(units))
    if dice.chance(0.05):
        now += dice.randint(5 * MINUTE, HOUR)
        life.say("returned", now, reason="not_ours")
        now += dice.randint(2 * MINUTE, 30 * MINUTE)
        life.say("assigned", now, unit=dice.choice(units))
    elif dice.chance(0.04):
        now += dice.randint(5 * MINUTE, HOUR)
        life.say("transferred", now, unit=dice.choice(units))
    return now


def _answer(life: ComplaintLife, at: int, contacted_at: int, *, wrong: bool) -> None:
    dice = life.dice
    replied_at = max(at + dice.spread(28 * HOUR, 0.9, HOUR, 14 * DAY), contacted_at + 20 * MINUTE)
    if dice.chance(0.3):
        life.contact(dice.randint(contacted_at + MINUTE, replied_at - MINUTE), "investigation")
    if dice.chance(0.985):  # the others are closed without a word
        life.reply(replied_at)
    if dice.chance(0.8):
        life.say("ruled", replied_at + dice.randint(MINUTE, HOUR), justified=dice.chance(0.35))
    _close(life, replied_at + dice.spread(7 * HOUR, 0.8, 20 * MINUTE, 5 * DAY), wrong=wrong)
    if dice.chance(0.06):
        assert life.closed_at is not None
        again_at = life.closed_at + dice.spread(12 * HOUR, 1.0, 30 * MINUTE, 6 * DAY)
        life.say("reopened", again_at)
        life.contact(again_at + dice.randint(HOUR, 20 * HOUR), "progress")
        closed_at = again_at + dice.spread(30 * HOUR, 0.6, 21 * HOUR, 7 * DAY)
        if dice.chance(0.9):  # the others are closed again without a word
            life.reply(closed_at - 15 * MINUTE)
        _close(life, closed_at, wrong=False)


def _close(life: ComplaintLife, at: int, *, wrong: bool) -> None:
    """`wrong`: first told as a time before the acceptance, which the next message corrects."""
    dice = life.dice
    if wrong:
        assert life.accepted_at is not None
        told_at = life.accepted_at - dice.randint(MINUTE, HOUR)
        first = life.say("closed", told_at, (at - told_at + 10,) * 2)
        life.say("closed", at, (5 * MINUTE, 15 * MINUTE), corrects=first)
        life.closed_at = at
    else:
        life.close(at)
    if life.case_kind == "complaint" and dice.chance(0.6):
        sent_at = at + dice.randint(10 * MINUTE, 2 * HOUR)
        life.say("survey_sent", sent_at)
        if dice.chance(0.6):
            life.say("rated", sent_at + dice.spread(3 * HOUR, 1, 5 * MINUTE, 3 * DAY), score=dice.randint(1, 5))
