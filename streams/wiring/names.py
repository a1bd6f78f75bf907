"""The two apps: which topics each reads and writes, and what its consumer group is called, under one prefix."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

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
