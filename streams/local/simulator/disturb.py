"""How sources and networks really deliver: twice, out of order, hours late, and now and then nonsense."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from schemas.event import format_instant
from streams.local.simulator.dice import Dice
from streams.local.simulator.life import Message
from streams.local.simulator.rates import Rates

YEAR_SECONDS = 366 * 24 * 3600


def disturb(dice: Dice, messages: Iterable[Message], rates: Rates) -> Iterator[Message]:
    """The same messages as they arrive, in no order; garbage comes on top."""
    for message in messages:
        delay = 0
        if dice.chance(rates.disorder):
            delay = dice.randint(1, 120)
        if dice.chance(rates.lateness):
            delay = dice.randint(3600, 6 * 3600)
        yield message._replace(at=message.at + delay)
        if dice.chance(rates.duplicates):
            yield message._replace(at=message.at + dice.randint(0, 600))
        if dice.chance(rates.garbage) and isinstance(message.value, dict):
            yield message._replace(value=_garbage(dice, message.at, message.value))


def _garbage(dice: Dice, at: int, event: dict[str, Any]) -> dict[str, Any] | bytes:
    """What admission has to reject, each for another reason."""
    whole = event | {"event_id": f"{event['event_id']}-garbage"}
    without_offset = {"occurred_at": whole["occurred_at"].removesuffix("Z")}
    return dice.choice(
        (
            b"\x00\xff not even text",
            orjson.dumps(whole)[:-9],
            {name: value for name, value in whole.items() if name != "recorded_at"},
            whole | {"event_type": "exploded"},
            whole | without_offset,
            whole | {"revision": -1},
            whole | {"occurred_at": format_instant(at + YEAR_SECONDS)},
            whole | {"occurred_at": format_instant(at - YEAR_SECONDS)},
        )
    )
