"""How sources and networks really deliver: twice, out of order, hours late, and now and then nonsense."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from schemas.event import format_instant, parse_instant
from streams.simulator.dice import Dice
from streams.simulator.life import Message
from streams.simulator.rates import Rates

YEAR_SECONDS = 366 * 24 * 3600
DEVICE_EPOCH = 946_684_800  # 2000-01-01, what a clock without a battery says: before every horizon
CLOCKS = ("occurred_at", "start", "recorded_at")


def disturb(dice: Dice, messages: Iterable[Message], rates: Rates) -> Iterator[Message]:
    """The same messages as they arrive, in no order; garbage comes on top."""
    for message in messages:
        delay = 0
        if dice.chance(rates.disorder):
            delay = dice.randint(1, 120)
        if dice.chance(rates.lateness):
            delay = dice.randint(3600, 6 * 3600)
            if message.family == "voltage" and dice.chance(0.2):  # a concentrator that could not be reached
                delay = dice.randint(36 * 3600, 72 * 3600)
        if dice.chance(rates.bad_clocks) and isinstance(message.value, dict):
            yield message._replace(value=_bad_clock(dice, message.value))
            delay = delay or dice.randint(1, 600)
        yield message._replace(at=message.at + delay)
        if dice.chance(rates.duplicates):
            yield message._replace(at=message.at + dice.randint(0, 600))
        if dice.chance(rates.garbage) and isinstance(message.value, dict):
            yield message._replace(value=_garbage(dice, message.at, message.value))


def _bad_clock(dice: Dice, event: dict[str, Any]) -> dict[str, Any]:
    """The event with a wrong clock, which comes again when that is set: hours ahead, or written down too early."""
    if dice.chance(0.5):
        ahead = dice.randint(600, 5 * 3600)
        shifted = {name: parse_instant(event[name]) + ahead for name in CLOCKS if name in event}
    else:
        shifted = {"recorded_at": parse_instant(event["recorded_at"]) - dice.randint(60, 5 * 3600)}
    return event | {name: format_instant(at) for name, at in shifted.items()}


def _garbage(dice: Dice, at: int, event: dict[str, Any]) -> dict[str, Any] | bytes:
    """What admission has to reject, each for another reason."""
    whole = event | {"event_id": f"{event['event_id']}-garbage"} if "event_id" in event else event
    clock = next(name for name in CLOCKS if name in event)
    return dice.choice(
        (
            b"\x00\xff not even text",
            orjson.dumps(whole)[:-9],
            {name: value for name, value in whole.items() if name != "recorded_at"},
            whole | {"event_type": "exploded"},
            whole | {clock: whole[clock].removesuffix("Z")},
            whole | {"revision": -1},
            whole | {clock: format_instant(at + YEAR_SECONDS)},
            whole | {clock: format_instant(DEVICE_EPOCH)},
        )
    )
