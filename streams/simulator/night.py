"""The script of the demo: a feeder trips, a crew is late and then was not, a voltage dips; an hour's story in a minute.

Every scene is made of true events of this moment, sent as their sources would. That a worker is killed meanwhile is the
demo's own scene: the simulator knows of no workers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.event import format_instant
from streams.simulator.customers import ComplaintLife
from streams.simulator.dice import Dice
from streams.simulator.grid import Area, Grid
from streams.simulator.life import Life, Message
from streams.simulator.orders import OrderLife
from streams.simulator.outages import OutageLife
from streams.simulator.voltage import INTERVAL

# Seconds after the night has begun.
TRIP, SWITCHED, LATE, PROOF, DIP, COMPLAINTS, DUPLICATES, QUIET = 2, 9, 16, 23, 30, 36, 43, 50
LIMIT_MINUTES: Final = 45  # to arrive in an urban area
EARLY_MINUTES: Final = 4  # by which the crew was in time after all
DIPPED: Final = (18_400, 18_900)  # 0.01 V; 198.00 V is the limit
COMPLAINING: Final = 5
REPEATED: Final = 400


@dataclass(frozen=True)
class Beat:
    """What is sent at an instant (seconds), and the scene that is told once it is; `repeat`: so many once more."""

    at: int
    messages: tuple[Message, ...]
    scene: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    numbers: tuple[dict[str, Any], ...] = ()
    repeat: int = 0


def beats(grid: Grid, seed: int, begin: int) -> Iterator[Beat]:
    """The scenes of the night that begins at `begin` (seconds), in order."""
    dice = Dice(f"night/{seed}/{begin}")
    feeder, areas = _longest(grid)
    outage = OutageLife(dice, f"night-{begin:x}", "fault")
    counts = {area.id: area.customers for area in areas}
    total = sum(counts.values())
    yield _trip(outage, feeder, counts, begin + TRIP)
    order = OrderLife(dice, f"night-w-{begin:x}", _urban(grid, feeder), begin + LATE - 1 - LIMIT_MINUTES * 60)
    yield _report(order, grid, begin + TRIP + 2)
    switched = sum(counts[area.id] for area in areas[1:])
    yield _switched(outage, feeder, [area.id for area in areas[1:]], (total, total - switched), begin + SWITCHED)
    where = {"work_order_id": order.key, "area": order.area.id}
    yield Beat(begin + LATE, (), "arrival_limit_missed", {**where, "minutes": LIMIT_MINUTES})
    yield _proof(order, begin + PROOF)
    dim = _urban(grid, feeder, order.area.id)
    yield _dip(dice, grid, dim, begin + DIP)
    yield _complaints(dice, dim, begin)
    yield Beat(begin + DUPLICATES, (), "duplicates", {"records": REPEATED}, repeat=REPEATED)
    outage.restore(begin + QUIET, (0, 0))
    yield Beat(begin + QUIET, _fresh(outage), "quiet")


def _fresh(*lives: Life) -> tuple[Message, ...]:
    """What the lives have said since they were asked last."""
    said = tuple(message for life in lives for message in life.messages[life.sent :])
    for life in lives:
        life.sent = len(life.messages)
    return said


def _longest(grid: Grid) -> tuple[str, tuple[Area, ...]]:
    """The feeder with the most areas, then customers."""
    feeders: dict[str, list[Area]] = {}
    for area in grid.areas:
        feeders.setdefault(area.feeder, []).append(area)
    name, areas = max(feeders.items(), key=lambda item: (len(item[1]), sum(area.customers for area in item[1])))
    return name, tuple(areas)


def _urban(grid: Grid, *elsewhere: str) -> Area:
    """An urban area, neither on one of these feeders nor one of these areas."""
    candidates = (area for area in grid.areas if area.area_type == "urban")
    return next(area for area in candidates if area.feeder not in elsewhere and area.id not in elsewhere)


def _trip(outage: OutageLife, feeder: str, counts: dict[str, int], at: int) -> Beat:
    outage.start(at, counts, (0, 0), cause="cable_joint", detected_by="switch", detected_at=format_instant(at))
    total = sum(counts.values())
    details = {"outage_id": outage.key, "feeder": feeder, "areas": len(counts), "customers": total}
    return Beat(at, _fresh(outage), "feeder_trip", details, _customers_out(0, total))


def _switched(outage: OutageLife, feeder: str, areas: list[str], out: tuple[int, int], at: int) -> Beat:
    """All areas but the faulty one are supplied from the other end."""
    restored = [{"area": area, "remaining": 0} for area in areas]
    outage.say("step_restored", at, (0, 0), areas=restored, by="switching")
    details = {"outage_id": outage.key, "feeder": feeder, "customers": out[0] - out[1]}
    return Beat(at, _fresh(outage), "partial_restoration", details, _customers_out(*out))


def _customers_out(before: int, after: int) -> tuple[dict[str, Any], ...]:
    """Of this outage alone; others go on beside it."""
    return ({"name": "customers_out", "before": str(before), "after": str(after)},)


def _report(order: OrderLife, grid: Grid, at: int) -> Beat:
    """Reported three quarters of an hour ago; the crew is under way and says nothing more."""
    crew = grid.crews[order.area.region][0]
    received = order.report_received_at
    body = {"work_type": "repair", "origin": "call", "area": order.area.id}
    order.say("created", received, (5, 20), report_received_at=format_instant(received), **body)
    order.say("dispatched", received + 120, (1, 5), crew=crew)
    order.say("en_route", received + 300, (1, 5))
    order.crew = crew
    return Beat(at, _fresh(order))


def _proof(order: OrderLife, at: int) -> Beat:
    """The phone had no coverage: what it says now happened in time."""
    minutes = LIMIT_MINUTES - EARLY_MINUTES
    arrived_at = order.report_received_at + minutes * 60
    order.say("arrived", arrived_at, (at - arrived_at,) * 2)
    details = {"work_order_id": order.key, "crew": order.crew, "minutes": minutes}
    return Beat(at, _fresh(order), "late_proof", details)


def _dip(dice: Dice, grid: Grid, area: Area, at: int) -> Beat:
    """Every meter of the area below the limit; the next regular readings are good again."""
    meters = [point for point in grid.points if point.area == area.id and point.tells != "readings"]
    told = [(point, phase, dice.randint(*DIPPED)) for point in meters if not point.silent for phase in point.phases]
    messages = []
    for point, phase, value in told:
        event = {
            "event_type": "reading",
            "area": area.id,
            "point": point.id,
            "source": "ami-live",
            "occurred_at": format_instant(at),
            "recorded_at": format_instant(at),
            "revision": 0,
            "value_centivolts": value,
            "interval_seconds": INTERVAL,
        } | ({"phase": phase} if len(point.phases) > 1 else {})
        messages.append(Message(at, "voltage", area.id, event))
    mean = sum(value for _, _, value in told) // len(told) // 100
    details = {"area": area.id, "points": len({point.id for point, _, _ in told}), "volts": mean}
    return Beat(at, tuple(messages), "voltage_dip", details)


def _complaints(dice: Dice, area: Area, begin: int) -> Beat:
    lives = []
    for n in range(COMPLAINING):
        life = ComplaintLife(dice, f"night-c-{begin:x}-{n + 1}", "complaint", area)
        customer = f"C-{dice.randint(1, 120_000):06}"
        body = {"category": "supply_quality", "level": "general", "channel": "phone", "customer_ref": customer}
        life.say("accepted", begin + DIP + 1 + n, (0, 0), case_kind="complaint", area=area.id, **body)
        lives.append(life)
    details = {"area": area.id, "complaints": COMPLAINING}
    return Beat(begin + COMPLAINTS, _fresh(*lives), "complaints", details)
