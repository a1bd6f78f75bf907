"""The script of the demo: a feeder trips, a crew proves a timely arrival late, a voltage dips; one minute in all.

Every step sends real events of the present, as their sources would. The kill of a worker is a step of streams/demo,
because the simulator has no workers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.event import format_instant
from streams.simulator.customers import ComplaintLifecycle
from streams.simulator.grid import Area, Grid
from streams.simulator.lifecycle import Lifecycle, Message
from streams.simulator.orders import OrderLifecycle
from streams.simulator.outages import OutageLifecycle
from streams.simulator.rng import Rng
from streams.simulator.voltage import INTERVAL

# Seconds after the begin of the script.
TRIP, SWITCHED, LATE, PROOF, DIP, COMPLAINTS, DUPLICATES, QUIET = 2, 9, 16, 23, 30, 36, 43, 50
LIMIT_MINUTES: Final = 45  # to arrive in an urban area
EARLY_MINUTES: Final = 4  # before the limit: the late proof of the arrival
DIPPED: Final = (18_400, 18_900)  # 0.01 V; 198.00 V is the limit
COMPLAINING: Final = 5
REPEATED: Final = 400


@dataclass(frozen=True)
class Step:
    """Messages to send at an instant (seconds), then the scene to log; `repeat`: number of last records to resend."""

    at: int
    messages: tuple[Message, ...]
    scene: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    numbers: tuple[dict[str, Any], ...] = ()
    repeat: int = 0


def steps(grid: Grid, seed: int, begin: int) -> Iterator[Step]:
    """The steps of the script that begins at `begin` (seconds), in order."""
    rng = Rng(f"night/{seed}/{begin}")
    feeder, areas = _longest(grid)
    outage = OutageLifecycle(rng, f"night-{begin:x}", "fault")
    counts = {area.id: area.customers for area in areas}
    total = sum(counts.values())
    yield _trip(outage, feeder, counts, begin + TRIP)
    order = OrderLifecycle(rng, f"night-w-{begin:x}", _urban(grid, feeder), begin + LATE - 1 - LIMIT_MINUTES * 60)
    yield _report(order, grid, begin + TRIP + 2)
    switched = sum(counts[area.id] for area in areas[1:])
    yield _switched(outage, feeder, [area.id for area in areas[1:]], (total, total - switched), begin + SWITCHED)
    where = {"work_order_id": order.key, "area": order.area.id}
    yield Step(begin + LATE, (), "arrival_limit_missed", {**where, "minutes": LIMIT_MINUTES})
    yield _proof(order, begin + PROOF)
    dim = _urban(grid, feeder, order.area.id)
    yield _dip(rng, grid, dim, begin + DIP)
    yield _complaints(rng, dim, begin)
    yield Step(begin + DUPLICATES, (), "duplicates", {"records": REPEATED}, repeat=REPEATED)
    outage.restore(begin + QUIET, (0, 0))
    yield Step(begin + QUIET, _fresh(outage), "quiet")


def _fresh(*lifecycles: Lifecycle) -> tuple[Message, ...]:
    """The messages of the lifecycles that were not returned before."""
    unsent = tuple(message for lifecycle in lifecycles for message in lifecycle.messages[lifecycle.sent :])
    for lifecycle in lifecycles:
        lifecycle.sent = len(lifecycle.messages)
    return unsent


def _longest(grid: Grid) -> tuple[str, tuple[Area, ...]]:
    """The feeder with the most areas, then customers."""
    feeders: dict[str, list[Area]] = {}
    for area in grid.areas:
        feeders.setdefault(area.feeder, []).append(area)
    name, areas = max(feeders.items(), key=lambda item: (len(item[1]), sum(area.customers for area in item[1])))
    return name, tuple(areas)


def _urban(grid: Grid, *elsewhere: str) -> Area:
    """An urban area that is not on these feeders and not among these areas."""
    candidates = (area for area in grid.areas if area.area_type == "urban")
    return next(area for area in candidates if area.feeder not in elsewhere and area.id not in elsewhere)


def _trip(outage: OutageLifecycle, feeder: str, counts: dict[str, int], at: int) -> Step:
    outage.start(at, counts, (0, 0), cause="cable_joint", detected_by="switch", detected_at=format_instant(at))
    total = sum(counts.values())
    details = {"outage_id": outage.key, "feeder": feeder, "areas": len(counts), "customers": total}
    return Step(at, _fresh(outage), "feeder_trip", details, _customers_out(0, total))


def _switched(outage: OutageLifecycle, feeder: str, areas: list[str], out: tuple[int, int], at: int) -> Step:
    """All areas except the faulty area are supplied from the other end."""
    restored = [{"area": area, "remaining": 0} for area in areas]
    outage.emit("step_restored", at, (0, 0), areas=restored, by="switching")
    details = {"outage_id": outage.key, "feeder": feeder, "customers": out[0] - out[1]}
    return Step(at, _fresh(outage), "partial_restoration", details, _customers_out(*out))


def _customers_out(before: int, after: int) -> tuple[dict[str, Any], ...]:
    """The customers of this outage alone; other outages may last meanwhile."""
    return ({"name": "customers_out", "before": str(before), "after": str(after)},)


def _report(order: OrderLifecycle, grid: Grid, at: int) -> Step:
    """Reported three quarters of an hour ago; the crew is under way and sends no further event."""
    crew = grid.crews[order.area.region][0]
    received = order.report_received_at
    body = {"work_type": "repair", "origin": "call", "area": order.area.id}
    order.emit("created", received, (5, 20), report_received_at=format_instant(received), **body)
    order.emit("dispatched", received + 120, (1, 5), crew=crew)
    order.emit("en_route", received + 300, (1, 5))
    order.crew = crew
    return Step(at, _fresh(order))


def _proof(order: OrderLifecycle, at: int) -> Step:
    """The phone had no coverage: its late event proves a timely arrival."""
    minutes = LIMIT_MINUTES - EARLY_MINUTES
    arrived_at = order.report_received_at + minutes * 60
    order.emit("arrived", arrived_at, (at - arrived_at,) * 2)
    details = {"work_order_id": order.key, "crew": order.crew, "minutes": minutes}
    return Step(at, _fresh(order), "late_proof", details)


def _dip(rng: Rng, grid: Grid, area: Area, at: int) -> Step:
    """Every meter of the area below the limit; the next regular readings are within limits."""
    meters = [point for point in grid.points if point.area == area.id and point.reports != "readings"]
    dipped = [(point, phase, rng.randint(*DIPPED)) for point in meters if not point.silent for phase in point.phases]
    messages = []
    for point, phase, value in dipped:
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
    mean = sum(value for _, _, value in dipped) // len(dipped) // 100
    details = {"area": area.id, "points": len({point.id for point, _, _ in dipped}), "volts": mean}
    return Step(at, tuple(messages), "voltage_dip", details)


def _complaints(rng: Rng, area: Area, begin: int) -> Step:
    lifecycles = []
    for n in range(COMPLAINING):
        lifecycle = ComplaintLifecycle(rng, f"night-c-{begin:x}-{n + 1}", "complaint", area)
        customer = f"C-{rng.randint(1, 120_000):06}"
        body = {"category": "supply_quality", "level": "general", "channel": "phone", "customer_ref": customer}
        lifecycle.emit("accepted", begin + DIP + 1 + n, (0, 0), case_kind="complaint", area=area.id, **body)
        lifecycles.append(lifecycle)
    details = {"area": area.id, "complaints": COMPLAINING}
    return Step(begin + COMPLAINTS, _fresh(*lifecycles), "complaints", details)
