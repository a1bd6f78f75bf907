"""What a recording means as events: one mapping a file."""

from collections.abc import Callable

from streams.replay.as_listed import AsListed
from streams.replay.as_reported import AsReported
from streams.replay.listing import Mapping
from streams.replay.nyc_311 import Nyc311
from streams.replay.rows import Table
from streams.replay.uci_voltage import UciVoltage

MAPPINGS: dict[str, Callable[[], Mapping]] = {"as-listed": AsListed, "as-reported": AsReported}
TABLES: dict[str, Callable[[], Table]] = {"nyc-311": Nyc311, "uci-voltage": UciVoltage}
