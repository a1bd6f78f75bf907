"""All lives of a grid as one stream of messages, in the order in which they are sent."""

import heapq
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, takewhile
from typing import Any, Final

from schemas.event import format_instant
from streams.local.simulator import outages
from streams.local.simulator.dice import Dice
from streams.local.simulator.disturb import disturb
from streams.local.simulator.grid import Grid, build
from streams.local.simulator.life import Life, Message
from streams.local.simulator.orders import order
from streams.local.simulator.plans import LOAD_SHEDDING, PLANNED, TEMPORARY, intended
from streams.local.simulator.rates import USUAL, Rates

SLOT_SECONDS: Final = 600
DAY_SECONDS: Final = 24 * 3600

# (name of its rate, prefix of its key, its life)
KINDS: Final[tuple[tuple[str, str, Callable[..., Life]], ...]] = (
    ("faults", "f", outages.fault),
    ("momentary", "m", outages.momentary),
    ("false_alarms", "x", outages.false_alarm),
    ("planned", "p", partial(intended, PLANNED)),
    ("temporary", "t", partial(intended, TEMPORARY)),
    ("load_shedding", "l", partial(intended, LOAD_SHEDDING)),
    ("orders_alone", "w", order),
)


def generate(
    seed: int,
    start: int,
    days: float | None = None,
    rates: Rates = USUAL,
    truth: Callable[[dict[str, Any]], None] | None = None,
) -> Iterator[Message]:
    """Messages from `start` (seconds) on; after `days` nothing begins any more and what lives is told to its end.

    Lives are a function of the seed and the ten minutes in which they begin: who starts again later, or earlier,
    sends the same messages for the same time. `truth` is given what must come out of each case, `final_at` included:
    when its last message is sent.
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
        while waiting and waiting[0][0] < (slot + 1) * SLOT_SECONDS:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _begun(grid: Grid, seed: int, slot: int, rates: Rates) -> Iterator[tuple[Life, list[Message]]]:
    """The lives that begin in a slot, with their messages as they will be sent."""
    number = count(1)
    for name, prefix, begin in KINDS:
        dice = Dice(f"{seed}/{slot}/{name}")
        at = float(slot * SLOT_SECONDS)
        while (at := at + _gap(dice, getattr(rates, name))) < (slot + 1) * SLOT_SECONDS:
            key = f"{prefix}{seed}-{slot:x}-{next(number)}"
            life = begin(dice, grid, key, int(at), rates)
            lives = [life]
            if name == "faults":
                lives.append(_repair(grid, f"w-{key}", life, rates))
            for each in lives:
                yield each, list(disturb(dice, each.messages, rates))


def _gap(dice: Dice, per_hour: float) -> float:
    return dice.expovariate(per_hour / 3600) if per_hour else float("inf")


def _repair(grid: Grid, key: str, life: Life, rates: Rates) -> Life:
    """The order that mends a fault: reported a little after it began, done when supply is back."""
    assert isinstance(life, outages.OutageLife)
    began_at, counts = life.begin
    area = next(area for area in grid.areas if area.id in counts)
    reported_at = began_at + life.dice.randint(2, 9) * 60
    return order(life.dice, grid, key, reported_at, rates, area=area, outage_id=life.key, ends_at=life.restored_at or 0)
