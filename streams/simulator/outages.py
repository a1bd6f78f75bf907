"""The lives of outages; what is true of each is kept apart from what is said."""

from typing import Any

from schemas.event import format_instant
from streams.simulator.dice import Dice
from streams.simulator.grid import Area, Grid
from streams.simulator.life import Life
from streams.simulator.rates import Rates

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
CAUSES = ("lightning", "tree", "vehicle", "animal", "insulator", "cable_joint", "fuse", "excavation", "overload")

Counts = dict[str, int]  # customers by area


class OutageLife(Life):
    """Events of one outage beside its curve: from each instant on, so many customers out per area."""

    family = "outages"
    key_field = "outage_id"
    source = "oms"

    def __init__(self, dice: Dice, key: str, kind: str) -> None:
        super().__init__(dice, key)
        self.kind = kind
        self.cycle = 0
        self.started_at: int | None = None
        self.restored_at: int | None = None
        self._curve: list[tuple[int, Counts]] = []

    def start(self, at: int, counts: Counts, after: tuple[int, int] = (5, 40), **body: Any) -> None:
        """Supply is lost, and told so; a later `tell_start` may tell it differently."""
        self.cycle, self.started_at = self.cycle + 1, at
        self._curve.append((at, dict(counts)))
        self.tell_start(at, counts, after, **body)

    def tell_start(self, at: int, counts: Counts, after: tuple[int, int] = (5, 40), **body: Any) -> None:
        self.say("started", at, after, kind=self.kind, cycle=self.cycle, areas=areas(counts), **body)

    def truly(self, at: int, counts: Counts) -> None:
        """What was told of the begin of the first cycle is not what was."""
        self._curve[0] = (at, dict(counts))
        self.started_at = at

    def change(self, at: int, area: str, remaining: int) -> None:
        """More or fewer customers of one area are out from now on."""
        out = dict(self._curve[-1][1])
        told = [{"area": area, "remaining": remaining}]
        if remaining > out[area]:
            self.say("extended", at, (10, 60), areas=told)
        else:
            by = self.dice.choice(("switching", "switching", "generator", "repair"))
            self.say("step_restored", at, (10, 60), areas=told, by=by)
        self._curve.append((at, out | {area: remaining}))

    def restore(self, at: int, after: tuple[int, int] = (10, 120)) -> None:
        """Everybody has supply again."""
        self.say("restored", at, after, cycle=self.cycle)
        self.restored_at = at
        self._curve.append((at, {}))

    @property
    def begin(self) -> tuple[int, Counts]:
        """When supply was lost first, and whose."""
        return self._curve[0]

    @property
    def out(self) -> Counts:
        return dict(self._curve[-1][1])

    def truth(self) -> dict[str, Any]:
        """Begin and end of the last cycle, customer-seconds of all."""
        steps = zip(self._curve, self._curve[1:], strict=False)
        seconds = sum(sum(counts.values()) * (until - since) for (since, counts), (until, _) in steps)
        return {
            "case": f"outage/{self.key}",
            "outage_kind": self.kind,
            "started_at": None if self.started_at is None else format_instant(self.started_at),
            "restored_at": None if self.restored_at is None else format_instant(self.restored_at),
            "customer_seconds_out": seconds,
            "cycles": self.cycle,
        }


def areas(counts: Counts) -> list[dict[str, Any]]:
    return [{"area": area, "customers": customers} for area, customers in counts.items()]


def struck(dice: Dice, grid: Grid, area: Area) -> Counts:
    """Whom a fault hits: mostly some customers of one area, now and then a part of the feeder."""
    if dice.chance(0.04):
        return {each.id: dice.spread(150, 0.4, 20, each.customers) for each in grid.along(area)}
    return {area.id: dice.spread(20, 0.9, 1, area.customers)}


def fault(
    dice: Dice, grid: Grid, key: str, at: int, rates: Rates, *, counts: Counts | None = None, lasts: int | None = None
) -> OutageLife:
    """Lost without notice, found, told, restored in steps, now and then lost again."""
    life = OutageLife(dice, key, "fault")
    counts = counts or struck(dice, grid, dice.choice(grid.areas))
    detected_at = at + dice.randint(20, 240)
    detected_by = dice.choice(("meter", "switch", "call", "operator"))
    known_at = detected_at
    if dice.chance(0.4):
        hit = areas(counts)
        seen_at = format_instant(detected_at)
        life.say("predicted", detected_at, kind="fault", areas=hit, detected_by=detected_by, detected_at=seen_at)
        known_at += dice.randint(2 * MINUTE, 8 * MINUTE)
        life.say("confirmed", known_at, kind="fault")
    known_after = (known_at - at + 5, known_at - at + 40)
    details = {
        "cause": dice.choice(CAUSES),
        "detected_by": detected_by,
        "detected_at": format_instant(detected_at),
        "first_call_at": format_instant(at + dice.randint(MINUTE, 7 * MINUTE)),
    }
    lasts = lasts or dice.spread(62 * MINUTE, 0.6, 8 * MINUTE, 8 * HOUR)
    ends_at = max(at + lasts, known_at + 5 * MINUTE)
    if wrong := dice.chance(rates.corrections):
        said_at = dice.randint(at, known_at)  # the moment it was noticed rather than lost, and too few
        life.start(said_at, {area: max(1, number // 2) for area, number in counts.items()}, (1, 1), **details)
        life.truly(at, counts)
    else:
        life.start(at, counts, known_after, **details)
    _inform(life, known_at, ends_at)
    if wrong:
        life.tell_start(at, counts, (known_at - at + 60, known_at - at + 15 * MINUTE), **details)
    _steps(life, known_at, ends_at)
    if dice.chance(rates.forgotten):
        life.restore(ends_at, (DAY, 5 * DAY))
        life.say("closed", ends_at + HOUR)
        return life
    _end(life, ends_at, wrong=dice.chance(rates.corrections / 4))
    if dice.chance(0.06):
        again_at = ends_at + dice.randint(3 * MINUTE, 20 * MINUTE)
        back_at = again_at + dice.randint(6 * MINUTE, 40 * MINUTE)
        life.start(again_at, counts)
        told = dice.chance(0.8)  # news of it again, which some forget
        if told:
            life.say("info_published", again_at + dice.randint(MINUTE, 4 * MINUTE), about="fault")
        life.restore(back_at)
        if told:
            life.say("info_published", back_at + dice.randint(2 * MINUTE, 5 * MINUTE), about="restoration")
    life.say("closed", (life.restored_at or ends_at) + dice.randint(10 * MINUTE, HOUR))
    return life


def long_fault(dice: Dice, grid: Grid, key: str, at: int, rates: Rates) -> OutageLife:
    """A pole is down where nobody gets to soon: few customers, for most of a day."""
    area = dice.choice([area for area in grid.areas if area.area_type == "remote"])
    lasts = dice.randint(14 * HOUR, 20 * HOUR)
    return fault(dice, grid, key, at, rates, counts={area.id: dice.randint(3, 25)}, lasts=lasts)


def momentary(dice: Dice, grid: Grid, key: str, at: int, _: Rates) -> OutageLife:
    """A breaker that recloses."""
    life = OutageLife(dice, key, "fault")
    area = dice.choice(grid.areas)
    details = {"detected_by": "switch", "detected_at": format_instant(at)}
    life.start(at, {area.id: dice.spread(60, 0.7, 5, area.customers)}, (2, 8), **details)
    life.restore(at + dice.randint(10, 280), (2, 8))
    life.say("closed", at + dice.randint(10 * MINUTE, HOUR))
    return life


def false_alarm(dice: Dice, grid: Grid, key: str, at: int, _: Rates) -> OutageLife:
    """Predicted from a few meters, then nothing: the meters' radio was off, or it belongs to another outage."""
    life = OutageLife(dice, key, "fault")
    area = dice.choice(grid.areas)
    life.say("predicted", at, kind="fault", areas=areas({area.id: dice.randint(1, 9)}), detected_by="meter")
    over_at = at + dice.randint(4 * MINUTE, 25 * MINUTE)
    if dice.chance(0.3):
        life.say("merged", over_at, into=f"{key}-main")
    else:
        life.say("cancelled", over_at)
    return life


def _inform(life: OutageLife, known_at: int, ends_at: int) -> None:
    dice = life.dice
    life.say("info_published", known_at + dice.randint(MINUTE, 10 * MINUTE), about="fault")
    guess = ends_at + dice.randint(-30 * MINUTE, 60 * MINUTE)
    told_at = known_at + dice.randint(2 * MINUTE, 12 * MINUTE)
    life.say("etr", told_at, etr=_estimate(guess, told_at))


def _estimate(guess: int, at: int) -> str:
    """In whole ten minutes, and not of the past."""
    return format_instant(max(guess, at) // 600 * 600 + 600)


def _steps(life: OutageLife, known_at: int, ends_at: int) -> None:
    """Some get supply back, or lose it, too; and the estimate is moved, now and then after it has passed."""
    dice = life.dice
    changes = dice.instants(dice.choice((0, 0, 1, 1, 2, 3)), known_at + MINUTE, ends_at - MINUTE)
    moves = dice.instants(dice.choice((0, 0, 0, 1, 1, 2)), known_at + 20 * MINUTE, ends_at - MINUTE)
    for at in sorted({*changes, *moves}):
        if at in moves:
            guess = ends_at + dice.randint(-30 * MINUTE, 60 * MINUTE)
            life.say("etr", at, etr=None if dice.chance(0.05) else _estimate(guess, at))
            continue
        area, out = max(life.out.items(), key=lambda item: item[1])
        if dice.chance(0.2):
            life.change(at, area, out + dice.randint(1, 12))
        elif out > 1:
            life.change(at, area, dice.randint(1, out - 1))


def _end(life: OutageLife, at: int, *, wrong: bool) -> None:
    """Restored; `wrong`: first told as a time before the outage began, which the next message corrects."""
    if wrong:
        life.say("restored", at - 24 * HOUR, (24 * HOUR + 10, 24 * HOUR + 60), cycle=life.cycle)
        life.restore(at, (5 * MINUTE, 15 * MINUTE))
    else:
        life.restore(at)
    life.say("info_published", at + life.dice.randint(2 * MINUTE, 9 * MINUTE), about="restoration")
