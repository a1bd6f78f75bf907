"""What is said: the events on the input topics, the records on the derived ones, and nothing else of gridpulse."""

from typing import Any, Final, NamedTuple

from schemas.network import NetworkRecord
from schemas.order import OrderEvent
from schemas.outage import OutageEvent


class Family(NamedTuple):
    """The events of one input topic."""

    name: str
    topic: str
    key: str
    union: Any
    description: str


EVENTS: Final = (
    Family("outages", "grid.outages.v1", "outage_id", OutageEvent, "The lives of outages."),
    Family("repairs", "grid.repairs.v1", "work_order_id", OrderEvent, "The lives of work orders."),
    Family("network", "grid.network.v1", "<record_type>/<id>", NetworkRecord, "What stands where and serves whom."),
)


def family_of(topic: str) -> Family:
    """The family of a topic, with or without a prefix; KeyError when the topic carries no events."""
    for family in EVENTS:
        if topic.endswith(family.topic):
            return family
    raise KeyError(topic)
