"""The two apps: which topics each reads and writes, and what its consumer group is called, under one prefix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from aiokafka.partitioner import murmur2

from streams import topics
from streams.kpis.kpi import Role

FAMILIES: Final[Mapping[Role, Mapping[str, str]]] = MappingProxyType(
    {
        "cases": {topics.OUTAGES: "outages", topics.REPAIRS: "repairs", topics.COMPLAINTS: "complaints"},
        "voltage": {topics.VOLTAGE: "voltage"},
    }
)
LEDGERS: Final[Mapping[Role, str]] = MappingProxyType({"cases": topics.LEDGER, "voltage": topics.VOLTAGE_LEDGER})
PARTIALS: Final[Mapping[Role, str]] = MappingProxyType({"cases": topics.PARTIALS, "voltage": topics.VOLTAGE_PARTIALS})


def owns(partition: int, partitions: int) -> Callable[[str], bool]:
    """Whether the records with a key are in this partition, as Kafka's own producers place them."""
    return lambda key: _place(key, partitions) == partition


@lru_cache(maxsize=65536)  # a network has many points in an area, and each partition asks for all of them
def _place(key: str, partitions: int) -> int:
    place: int = (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
    return place


@dataclass(frozen=True, slots=True)
class Names:
    """The app's id, the topics that one partition writes, and the event family of each input."""

    role: Role
    app_id: str
    ledger: str
    partials: str
    kpis: str
    cases: str
    breaches: str
    dead_letters: str
    families: Mapping[str, str]

    @classmethod
    def under(cls, prefix: str, role: Role = "cases") -> "Names":
        return cls(
            role,
            f"{prefix}gridpulse-{role}",
            prefix + LEDGERS[role],
            prefix + PARTIALS[role],
            prefix + topics.KPIS,
            prefix + topics.CASES,
            prefix + topics.SLA_BREACHES,
            prefix + topics.DEAD_LETTERS,
            {prefix + topic: family for topic, family in FAMILIES[role].items()},
        )
