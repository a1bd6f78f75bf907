"""All lives of a grid as one stream of messages, in the order in which they are sent."""

import heapq
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, takewhile
from typing import Any, Final

from schemas.event import format_instant
from streams.simulator import customers, outages, voltage
from streams.simulator.dice import Dice
from streams.simulator.disturb import disturb
from streams.simulator.grid import Grid, build
from streams.simulator.life import Life, Message
from streams.simulator.orders import order
from streams.simulator.plans import LOAD_SHEDDING, PLANNED, TEMPORARY, intended
from streams.simulator.rates import USUAL, Rates

SLOT_SECONDS: Final = 600
DAY_SECONDS: Final = 24 * 3600
MOMENTARY_SECONDS: Final = 300  # shorter ones mend themselves

# (name of its rate, prefix of its key, its life)
KINDS: Final[tuple[tuple[str, str, Callable[..., Life]], ...]] = (
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
COMPLAINTS_PER_CUSTOMER: Final = 0.004  # of those who lost supply


def generate(
    seed: int,
    start: int,
    days: float | None = None,
    rates: Rates = USUAL,
    truth: Callable[[dict[str, Any]], None] | None = None,
    *,
    singly_from: int | None = None,
) -> Iterator[Message]:
    """Messages from `start` (seconds) on; after `days` nothing begins any more and what lives is told to its end.

    Lives are a function of the seed and the ten minutes in which they begin: who starts again later, or earlier,
    sends the same messages for the same time. `truth` is given what must come out of each case, `final_at` included:
    when its last message is sent. From `singly_from` (seconds) on meters tell each value at once, too, beside their
    hourly profiles: what is now is known only by those.
    """
    grid = build(seed)
    waiting: list[tuple[int, int, Message]] = []
    order_of = count()
    first = start // SLOT_SECONDS
    slots: Iterator[int] = count(first)
    if days is not None:
        slots = takewhile(lambda slot: slot * SLOT_SECONDS < start + days * DAY_SECONDS, slots)
    for slot in slots:
        for life, messages in _begun(grid, seed, slot, rates):
            if truth is not None:
                truth(life.truth() | {"final_at": format_instant(max(message.at for message in messages))})
            for message in messages:
                heapq.heappush(waiting, (message.at, next(order_of), message))
        if slot * SLOT_SECONDS % voltage.HOUR == 0:
            for message in _measured(grid, seed, slot * SLOT_SECONDS, rates, singly_from):
                heapq.heappush(waiting, (message.at, next(order_of), message))
        while waiting and waiting[0][0] < (slot + 1) * SLOT_SECONDS:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _begun(grid: Grid, seed: int, slot: int, rates: Rates) -> Iterator[tuple[Life, list[Message]]]:
    """The lives that begin in a slot, with their messages as they will be sent."""
    number = count(1)
    for name, prefix, begin in KINDS:
        dice = Dice(f"{seed}/{slot}/{name}")
        for at in _begins(dice, slot, getattr(rates, name), evenly=name in EVENLY):
            key = f"{prefix}{seed}-{slot:x}-{next(number)}"
            life = begin(dice, grid, key, at, rates)
            for each in (life, *_following(grid, life, rates)):
                yield each, list(disturb(dice, each.messages, rates))


def _begins(dice: Dice, slot: int, per_hour: float, *, evenly: bool) -> Iterator[int]:
    """The instants in a slot at which something of a kind begins: by chance, or evenly."""
    start, end = slot * SLOT_SECONDS, (slot + 1) * SLOT_SECONDS
    if evenly:
        if int(end * per_hour / 3600) > int(start * per_hour / 3600):
            yield start
        return
    at = float(start)
    while per_hour and (at := at + dice.expovariate(per_hour / 3600)) < end:
        yield int(at)


def _following(grid: Grid, life: Life, rates: Rates) -> Iterator[Life]:
    """What a fault brings about: the order that mends it, and complaints about it."""
    if not isinstance(life, outages.OutageLife) or life.kind != "fault" or life.restored_at is None:
        return
    began_at, counts = life.begin
    if life.restored_at - began_at < MOMENTARY_SECONDS:
        return
    area = next(area for area in grid.areas if area.id in counts)
    key = life.key
    reported_at = began_at + life.dice.randint(2, 9) * 60
    yield order(life.dice, grid, f"w-{key}", reported_at, rates, area=area, outage_id=key, ends_at=life.restored_at)
    if not rates.complaints:
        return
    dice = Dice(f"complaints/{key}")  # of their own: without complaints the outages are the same
    for n in range(min(sum(dice.chance(COMPLAINTS_PER_CUSTOMER) for _ in range(sum(counts.values()))), 9)):
        at = began_at + dice.randint(600, 6 * 3600)
        about: dict[str, Any] = {"category": "outage", "outage_id": key, "area": area}
        yield customers.complaint(dice, grid, f"c-{key}-{n + 1}", at, rates, **about)


def _measured(grid: Grid, seed: int, hour: int, rates: Rates, singly_from: int | None) -> Iterator[Message]:
    """What the points tell of an hour, as it will be sent."""
    for point in grid.points[: round(len(grid.points) * rates.points)]:
        dice = Dice(f"{seed}/{hour}/{point.id}/sent")
        yield from disturb(dice, voltage.hour_of(seed, point, hour, rates, singly_from), rates)
