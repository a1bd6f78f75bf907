"""A simulated partition that was read once, to be read again by another version."""

from itertools import takewhile
from types import SimpleNamespace

import orjson

from streams.lane.position import Position, TopicPosition
from streams.simulator.generate import generate
from tests.support.simulated_partition import INPUTS, MAPPED, MIDNIGHT, NAMES, RATES, Installation

UNTIL = MIDNIGHT + 2 * 3600


def records():
    """What is read, in its order: topic and record."""
    for number, message in enumerate(takewhile(lambda each: each.at < UNTIL, generate(7, MIDNIGHT, rates=RATES))):
        value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
        yield (
            INPUTS[message.family],
            SimpleNamespace(
                key=message.key.encode(), value=value, timestamp=message.at * 1000, offset=number, headers=()
            ),
        )


def read(installation, some):
    for topic, record in some:
        installation.partition.apply(topic, [record])
        place = installation.position.topics[topic]
        place.next_offset = (place.next_offset or 0) + 1
    installation.commit()


def stored(installation):
    return {key: value for key, value in installation.tables[NAMES.ledger].items() if value is not None}


def taken_over(position):
    restored = Position(1, "wall", {name: TopicPosition() for name in INPUTS.values()})
    restored.restore(position.encode())
    restored.judge(dict.fromkeys(INPUTS.values(), 0))
    return restored


def lived():
    installation = Installation(MAPPED)
    for place in installation.position.topics.values():
        place.next_offset = place.start = 0
    everything = [*records()]
    for topic, record in everything:
        installation.partition.apply(topic, [record])
        installation.position.topics[topic].next_offset += 1
    installation.position.as_of = UNTIL
    installation.partition.advance(UNTIL, complete=False)
    installation.commit()
    return installation, everything
