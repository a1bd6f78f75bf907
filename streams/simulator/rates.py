"""Rates of events, and of errors in their delivery."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Rates:
    """Begins per hour in the whole grid; shares of messages (or lifecycles, for corrections) that go wrong."""

    faults: float = 16
    momentary: float = 6
    planned: float = 1.2
    temporary: float = 0.8
    load_shedding: float = 0.5
    false_alarms: float = 0.6
    long_faults: float = 1 / 6  # few customers, for most of a day; evenly, so that there is always one
    orders_alone: float = 50  # without an outage: the customer's own fuse, inspections, reconnections
    complaints: float = 4  # in addition to complaints about the faults above
    other_cases: float = 12  # fault reports, enquiries, praise
    points: float = 1  # share of the voltage points that report
    duplicates: float = 0.02  # sent again within ten minutes
    disorder: float = 0.05  # up to two minutes late
    lateness: float = 0.003  # one to six hours late, readings also days
    corrections: float = 0.06
    forgotten: float = 0.004  # faults whose end is written down days later
    unseen: float = 0.015  # orders that are closed without a record of the crew's arrival
    bad_clocks: float = 0.002  # a source's clock is minutes to hours wrong
    garbage: float = 0.002

    def times(self, factor: float) -> Self:
        """The rates times a factor; the shares of errors stay the same."""
        return replace(self, **{name: getattr(self, name) * factor for name in BEGINS})

    def only(self, *families: str) -> Self:
        """The rates of one family alone; all other rates are 0."""
        silent = {name: 0 for family, names in BY_FAMILY.items() if family not in families for name in names}
        return replace(self, **silent)


OUTAGES = ("faults", "momentary", "planned", "temporary", "load_shedding", "false_alarms", "long_faults")
BEGINS = (*OUTAGES, "orders_alone", "complaints", "other_cases")
# An outage is repaired, and complained of, unless nobody works or complains at all.
BY_FAMILY = {
    "outages": OUTAGES,
    "repairs": ("orders_alone",),
    "complaints": ("complaints", "other_cases"),
    "voltage": ("points",),
}
USUAL = Rates()
UNDISTURBED = Rates(duplicates=0, disorder=0, lateness=0, corrections=0, forgotten=0, unseen=0, bad_clocks=0, garbage=0)
