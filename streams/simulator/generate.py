"""All lifecycles of a grid as one stream of messages, in the order in which they are sent."""

import heapq
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, takewhile
from typing import Any, Final

from schemas.event import DAY_SECONDS, format_instant
from streams.simulator import customers, outages, voltage
from streams.simulator.disturb import disturb
from streams.simulator.grid import Grid, build
from streams.simulator.lifecycle import Lifecycle, Message
from streams.simulator.orders import order
from streams.simulator.plans import LOAD_SHEDDING, PLANNED, TEMPORARY, intended
from streams.simulator.rates import USUAL, Rates
from streams.simulator.rng import Rng

SLOT_SECONDS: Final = 600
MOMENTARY_SECONDS: Final = 300  # shorter faults need no repair

# (name of its rate, prefix of its key, its lifecycle)
KINDS: Final[tuple[tuple[str, str, Callable[..., Lifecycle]], ...]] = (
    ("faults", "f", outages.fault),
    ("momentary", "m", outages.momentary),
    ("false_alarms", "x", outages.false_alarm),
    ("planned", "p", partial(intended, PLANNED)),
    ("temporary", "t", partial(intended, TEMPORARY)),
    ("load_shedding", "l", partial(intended, LOAD_SHEDDING)),
    ("long_faults", "b", outages.long_fault),
    ("orders_alone", "w", order),
    ("complaints", "c", customers.complaint),
    ("other_cases", "k", customers.other_case),
)
EVENLY: Final = {"long_faults"}
COMPLAINTS_PER_CUSTOMER: Final = 0.004  # of the customers without supply


def generate(
    seed: int,
    start: int,
    days: float | None = None,
    rates: Rates = USUAL,
    truth: Callable[[dict[str, Any]], None] | None = None,
    *,
    singly_from: int | None = None,
) -> Iterator[Message]:
    """Messages from `start` (seconds) on; after `days` no lifecycle begins, and all that have begun are completed.

    Lifecycles are a function of the seed and the ten minutes in which they begin: an earlier or later `start` gives the
    same messages for the same time. `truth` receives the expected result of each case; its `final_at` is the time of
    the last message. From `singly_from` (seconds) on meters also send each value at once, in addition to their
    hourly profiles: KPIs of period now need them.
    """
    grid = build(seed)
    waiting: list[tuple[int, int, Message]] = []
    order_of = count()
    first = start // SLOT_SECONDS
    slots: Iterator[int] = count(first)
    if days is not None:
        slots = takewhile(lambda slot: slot * SLOT_SECONDS < start + days * DAY_SECONDS, slots)
    for slot in slots:
        for lifecycle, messages in _begun(grid, seed, slot, rates):
            if truth is not None:
                truth(lifecycle.truth() | {"final_at": format_instant(max(message.at for message in messages))})
            for message in messages:
                heapq.heappush(waiting, (message.at, next(order_of), message))
        if slot * SLOT_SECONDS % voltage.HOUR == 0:
            for message in _measured(grid, seed, slot * SLOT_SECONDS, rates, singly_from):
                heapq.heappush(waiting, (message.at, next(order_of), message))
        while waiting and waiting[0][0] < (slot + 1) * SLOT_SECONDS:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _begun(grid: Grid, seed: int, slot: int, rates: Rates) -> Iterator[tuple[Lifecycle, list[Message]]]:
    """The lifecycles that begin in a slot, with their messages as they will be sent."""
    number = count(1)
    for name, prefix, begin in KINDS:
        rng = Rng(f"{seed}/{slot}/{name}")
        for at in _begins(rng, slot, getattr(rates, name), evenly=name in EVENLY):
            key = f"{prefix}{seed}-{slot:x}-{next(number)}"
            lifecycle = begin(rng, grid, key, at, rates)
            for each in (lifecycle, *_following(grid, lifecycle, rates)):
                yield each, list(disturb(rng, each.messages, rates))


def _begins(rng: Rng, slot: int, per_hour: float, *, evenly: bool) -> Iterator[int]:
    """The instants in a slot at which something of a kind begins: by chance, or evenly."""
    start, end = slot * SLOT_SECONDS, (slot + 1) * SLOT_SECONDS
    if evenly:
        if int(end * per_hour / 3600) > int(start * per_hour / 3600):
            yield start
        return
    at = float(start)
    while per_hour and (at := at + rng.expovariate(per_hour / 3600)) < end:
        yield int(at)


def _following(grid: Grid, lifecycle: Lifecycle, rates: Rates) -> Iterator[Lifecycle]:
    """The lifecycles that a fault causes: its repair order, and complaints about it."""
    if not isinstance(lifecycle, outages.OutageLifecycle) or lifecycle.kind != "fault" or lifecycle.restored_at is None:
        return
    began_at, counts = lifecycle.begin
    if lifecycle.restored_at - began_at < MOMENTARY_SECONDS:
        return
    area = next(area for area in grid.areas if area.id in counts)
    key = lifecycle.key
    reported_at = began_at + lifecycle.rng.randint(2, 9) * 60
    yield order(
        lifecycle.rng, grid, f"w-{key}", reported_at, rates, area=area, outage_id=key, ends_at=lifecycle.restored_at
    )
    if not rates.complaints:
        return
    rng = Rng(f"complaints/{key}")  # a separate generator: without complaints the outages are the same
    for n in range(min(sum(rng.chance(COMPLAINTS_PER_CUSTOMER) for _ in range(sum(counts.values()))), 9)):
        at = began_at + rng.randint(600, 6 * 3600)
        about: dict[str, Any] = {"category": "outage", "outage_id": key, "area": area}
        yield customers.complaint(rng, grid, f"c-{key}-{n + 1}", at, rates, **about)


def _measured(grid: Grid, seed: int, hour: int, rates: Rates, singly_from: int | None) -> Iterator[Message]:
    """The messages of the points about an hour, as they will be sent."""
    for point in grid.points[: round(len(grid.points) * rates.points)]:
        rng = Rng(f"{seed}/{hour}/{point.id}/sent")
        yield from disturb(rng, voltage.hour_of(seed, point, hour, rates, singly_from), rates)
