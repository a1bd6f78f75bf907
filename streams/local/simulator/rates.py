"""How much happens, and how badly the sources tell it."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Rates:
    """Begins per hour in the whole grid; shares of messages (or lives, for corrections) that go wrong."""

    faults: float = 16
    momentary: float = 6
    planned: float = 1.2
    temporary: float = 0.8
    load_shedding: float = 0.5
    false_alarms: float = 0.6
    orders_alone: float = 50  # without an outage: the customer's own fuse, inspections, reconnections
    duplicates: float = 0.02  # sent again within ten minutes
    disorder: float = 0.05  # up to two minutes late
    lateness: float = 0.003  # one to six hours late
    corrections: float = 0.06
    garbage: float = 0.002

    def times(self, factor: float) -> Self:
        """The same mixture, more or less of it; what goes wrong are shares and stay."""
        begins = ("faults", "momentary", "planned", "temporary", "load_shedding", "false_alarms", "orders_alone")
        return replace(self, **{name: getattr(self, name) * factor for name in begins})


USUAL = Rates()
UNDISTURBED = Rates(duplicates=0, disorder=0, lateness=0, corrections=0, garbage=0)
