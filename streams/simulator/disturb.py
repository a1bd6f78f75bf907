"""Disturbed delivery, as of real sources and networks: duplicates, disorder, hours of delay, and invalid records."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from schemas.event import format_instant, parse_instant
from streams.simulator.lifecycle import Message
from streams.simulator.rates import Rates
from streams.simulator.rng import Rng

YEAR_SECONDS = 366 * 24 * 3600
DEVICE_EPOCH = 946_684_800  # 2000-01-01, the time of a clock without a battery: before every horizon
CLOCKS = ("occurred_at", "start", "recorded_at")


def disturb(rng: Rng, messages: Iterable[Message], rates: Rates) -> Iterator[Message]:
    """The messages in their disturbed form, unordered, with additional invalid records."""
    for message in messages:
        delay = 0
        if rng.chance(rates.disorder):
            delay = rng.randint(1, 120)
        if rng.chance(rates.lateness):
            delay = rng.randint(3600, 6 * 3600)
            if message.family == "voltage" and rng.chance(0.2):  # a concentrator that could not be reached
                delay = rng.randint(36 * 3600, 72 * 3600)
        if rng.chance(rates.bad_clocks) and isinstance(message.value, dict):
            yield message._replace(value=_bad_clock(rng, message.value))
            delay = delay or rng.randint(1, 600)
        yield message._replace(at=message.at + delay)
        if rng.chance(rates.duplicates):
            yield message._replace(at=message.at + rng.randint(0, 600))
        if rng.chance(rates.garbage) and isinstance(message.value, dict):
            yield message._replace(value=_garbage(rng, message.at, message.value))


def _bad_clock(rng: Rng, event: dict[str, Any]) -> dict[str, Any]:
    """The event with the time of a wrong clock, hours ahead or behind; the correct event follows."""
    if rng.chance(0.5):
        ahead = rng.randint(600, 5 * 3600)
        shifted = {name: parse_instant(event[name]) + ahead for name in CLOCKS if name in event}
    else:
        shifted = {"recorded_at": parse_instant(event["recorded_at"]) - rng.randint(60, 5 * 3600)}
    return event | {name: format_instant(at) for name, at in shifted.items()}


def _garbage(rng: Rng, at: int, event: dict[str, Any]) -> dict[str, Any] | bytes:
    """A record that admission has to reject; the reasons differ."""
    whole = event | {"event_id": f"{event['event_id']}-garbage"} if "event_id" in event else event
    clock = next(name for name in CLOCKS if name in event)
    return rng.choice(
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
