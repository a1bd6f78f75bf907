"""Lifecycles of outages; the truth of each outage is stored apart from its messages."""

from typing import Any

from schemas.event import format_instant
from streams.simulator.grid import Area, Grid
from streams.simulator.lifecycle import Lifecycle
from streams.simulator.rates import Rates
from streams.simulator.rng import Rng

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
CAUSES = ("lightning", "tree", "vehicle", "animal", "insulator", "cable_joint", "fuse", "excavation", "overload")

Counts = dict[str, int]  # customers by area


class OutageLifecycle(Lifecycle):
    """Events of one outage beside its curve: from each instant on, so many customers out per area."""

    family = "outages"
    key_field = "outage_id"
    source = "oms"

    def __init__(self, rng: Rng, key: str, kind: str) -> None:
        super().__init__(rng, key)
        self.kind = kind
        self.cycle = 0
        self.started_at: int | None = None
        self.restored_at: int | None = None
        self._curve: list[tuple[int, Counts]] = []

    def start(self, at: int, counts: Counts, after: tuple[int, int] = (5, 40), **body: Any) -> None:
        """Supply is lost, and reported; a later `report_start` may report it differently."""
        self.cycle, self.started_at = self.cycle + 1, at
        self._curve.append((at, dict(counts)))
        self.report_start(at, counts, after, **body)

    def report_start(self, at: int, counts: Counts, after: tuple[int, int] = (5, 40), **body: Any) -> None:
        self.emit("started", at, after, kind=self.kind, cycle=self.cycle, areas=areas(counts), **body)

    def set_true_begin(self, at: int, counts: Counts) -> None:
        """Replace the true begin of the first cycle: its report was wrong."""
        self._curve[0] = (at, dict(counts))
        self.started_at = at

    def change(self, at: int, area: str, remaining: int) -> None:
        """More or fewer customers of one area are out from now on."""
        out = dict(self._curve[-1][1])
        changed = [{"area": area, "remaining": remaining}]
        if remaining > out[area]:
            self.emit("extended", at, (10, 60), areas=changed)
        else:
            by = self.rng.choice(("switching", "switching", "generator", "repair"))
            self.emit("step_restored", at, (10, 60), areas=changed, by=by)
        self._curve.append((at, out | {area: remaining}))

    def restore(self, at: int, after: tuple[int, int] = (10, 120)) -> None:
        """Everybody has supply again."""
        self.emit("restored", at, after, cycle=self.cycle)
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


def struck(rng: Rng, grid: Grid, area: Area) -> Counts:
    """Whom a fault hits: mostly some customers of one area, now and then a part of the feeder."""
    if rng.chance(0.04):
        return {each.id: rng.spread(150, 0.4, 20, each.customers) for each in grid.along(area)}
    return {area.id: rng.spread(20, 0.9, 1, area.customers)}


def fault(
    rng: Rng, grid: Grid, key: str, at: int, rates: Rates, *, counts: Counts | None = None, lasts: int | None = None
) -> OutageLifecycle:
    """Supply is lost unnoticed, then noticed, reported, restored in steps, and sometimes lost again."""
    lifecycle = OutageLifecycle(rng, key, "fault")
    counts = counts or struck(rng, grid, rng.choice(grid.areas))
    detected_at = at + rng.randint(20, 240)
    detected_by = rng.choice(("meter", "switch", "call", "operator"))
    known_at = detected_at
    if rng.chance(0.4):
        hit = areas(counts)
        seen_at = format_instant(detected_at)
        lifecycle.emit("predicted", detected_at, kind="fault", areas=hit, detected_by=detected_by, detected_at=seen_at)
        known_at += rng.randint(2 * MINUTE, 8 * MINUTE)
        lifecycle.emit("confirmed", known_at, kind="fault")
    known_after = (known_at - at + 5, known_at - at + 40)
    details = {
        "cause": rng.choice(CAUSES),
        "detected_by": detected_by,
        "detected_at": format_instant(detected_at),
        "first_call_at": format_instant(at + rng.randint(MINUTE, 7 * MINUTE)),
    }
    lasts = lasts or rng.spread(62 * MINUTE, 0.6, 8 * MINUTE, 8 * HOUR)
    ends_at = max(at + lasts, known_at + 5 * MINUTE)
    if wrong := rng.chance(rates.corrections):
        reported_at = rng.randint(at, known_at)  # the time of the notice, not of the loss; and too few customers
        lifecycle.start(reported_at, {area: max(1, number // 2) for area, number in counts.items()}, (1, 1), **details)
        lifecycle.set_true_begin(at, counts)
    else:
        lifecycle.start(at, counts, known_after, **details)
    _inform(lifecycle, known_at, ends_at)
    if wrong:
        lifecycle.report_start(at, counts, (known_at - at + 60, known_at - at + 15 * MINUTE), **details)
    _steps(lifecycle, known_at, ends_at)
    if rng.chance(rates.forgotten):
        lifecycle.restore(ends_at, (DAY, 5 * DAY))
        lifecycle.emit("closed", ends_at + HOUR)
        return lifecycle
    _end(lifecycle, ends_at, wrong=rng.chance(rates.corrections / 4))
    if rng.chance(0.06):
        again_at = ends_at + rng.randint(3 * MINUTE, 20 * MINUTE)
        back_at = again_at + rng.randint(6 * MINUTE, 40 * MINUTE)
        lifecycle.start(again_at, counts)
        informed = rng.chance(0.8)  # public information about the new cycle; some sources forget it
        if informed:
            lifecycle.emit("info_published", again_at + rng.randint(MINUTE, 4 * MINUTE), about="fault")
        lifecycle.restore(back_at)
        if informed:
            lifecycle.emit("info_published", back_at + rng.randint(2 * MINUTE, 5 * MINUTE), about="restoration")
    lifecycle.emit("closed", (lifecycle.restored_at or ends_at) + rng.randint(10 * MINUTE, HOUR))
    return lifecycle


def long_fault(rng: Rng, grid: Grid, key: str, at: int, rates: Rates) -> OutageLifecycle:
    """A pole is down where nobody gets to soon: few customers, for most of a day."""
    area = rng.choice([area for area in grid.areas if area.area_type == "remote"])
    lasts = rng.randint(14 * HOUR, 20 * HOUR)
    return fault(rng, grid, key, at, rates, counts={area.id: rng.randint(3, 25)}, lasts=lasts)


def momentary(rng: Rng, grid: Grid, key: str, at: int, _: Rates) -> OutageLifecycle:
    """A breaker that recloses."""
    lifecycle = OutageLifecycle(rng, key, "fault")
    area = rng.choice(grid.areas)
    details = {"detected_by": "switch", "detected_at": format_instant(at)}
    lifecycle.start(at, {area.id: rng.spread(60, 0.7, 5, area.customers)}, (2, 8), **details)
    lifecycle.restore(at + rng.randint(10, 280), (2, 8))
    lifecycle.emit("closed", at + rng.randint(10 * MINUTE, HOUR))
    return lifecycle


def false_alarm(rng: Rng, grid: Grid, key: str, at: int, _: Rates) -> OutageLifecycle:
    """Predicted from a few meters, then nothing: the meters' radio was off, or it belongs to another outage."""
    lifecycle = OutageLifecycle(rng, key, "fault")
    area = rng.choice(grid.areas)
    lifecycle.emit("predicted", at, kind="fault", areas=areas({area.id: rng.randint(1, 9)}), detected_by="meter")
    over_at = at + rng.randint(4 * MINUTE, 25 * MINUTE)
    if rng.chance(0.3):
        lifecycle.emit("merged", over_at, into=f"{key}-main")
    else:
        lifecycle.emit("cancelled", over_at)
    return lifecycle


def _inform(lifecycle: OutageLifecycle, known_at: int, ends_at: int) -> None:
    rng = lifecycle.rng
    lifecycle.emit("info_published", known_at + rng.randint(MINUTE, 10 * MINUTE), about="fault")
    guess = ends_at + rng.randint(-30 * MINUTE, 60 * MINUTE)
    informed_at = known_at + rng.randint(2 * MINUTE, 12 * MINUTE)
    lifecycle.emit("etr", informed_at, etr=_estimate(guess, informed_at))


def _estimate(guess: int, at: int) -> str:
    """In whole ten minutes, and not of the past."""
    return format_instant(max(guess, at) // 600 * 600 + 600)


def _steps(lifecycle: OutageLifecycle, known_at: int, ends_at: int) -> None:
    """Some get supply back, or lose it, too; and the estimate is moved, now and then after it has passed."""
    rng = lifecycle.rng
    changes = rng.instants(rng.choice((0, 0, 1, 1, 2, 3)), known_at + MINUTE, ends_at - MINUTE)
    moves = rng.instants(rng.choice((0, 0, 0, 1, 1, 2)), known_at + 20 * MINUTE, ends_at - MINUTE)
    for at in sorted({*changes, *moves}):
        if at in moves:
            guess = ends_at + rng.randint(-30 * MINUTE, 60 * MINUTE)
            lifecycle.emit("etr", at, etr=None if rng.chance(0.05) else _estimate(guess, at))
            continue
        area, out = max(lifecycle.out.items(), key=lambda item: item[1])
        if rng.chance(0.2):
            lifecycle.change(at, area, out + rng.randint(1, 12))
        elif out > 1:
            lifecycle.change(at, area, rng.randint(1, out - 1))


def _end(lifecycle: OutageLifecycle, at: int, *, wrong: bool) -> None:
    """Restored; `wrong`: first reported with a time before the begin of the outage, which the next message corrects."""
    if wrong:
        lifecycle.emit("restored", at - 24 * HOUR, (24 * HOUR + 10, 24 * HOUR + 60), cycle=lifecycle.cycle)
        lifecycle.restore(at, (5 * MINUTE, 15 * MINUTE))
    else:
        lifecycle.restore(at)
    lifecycle.emit("info_published", at + lifecycle.rng.randint(2 * MINUTE, 9 * MINUTE), about="restoration")
