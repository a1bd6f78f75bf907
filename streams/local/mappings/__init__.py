"""What a recording means as events: one mapping a file."""

from collections.abc import Callable

from streams.local.mappings.as_listed import AsListed
from streams.local.mappings.as_reported import AsReported
from streams.local.mappings.listing import Mapping
from streams.local.mappings.nyc_311 import Nyc311
from streams.local.mappings.table import Table
from streams.local.mappings.uci_voltage import UciVoltage

MAPPINGS: dict[str, Callable[[], Mapping]] = {"as-listed": AsListed, "as-reported": AsReported}
TABLES: dict[str, Callable[[], Table]] = {"nyc-311": Nyc311, "uci-voltage": UciVoltage}
