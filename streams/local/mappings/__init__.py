"""What a list of open outages, seen again and again, means as events: one mapping a file."""

from collections.abc import Callable

from streams.local.mappings.as_listed import AsListed
from streams.local.mappings.as_reported import AsReported
from streams.local.mappings.listing import Mapping

MAPPINGS: dict[str, Callable[[], Mapping]] = {"as-listed": AsListed, "as-reported": AsReported}
