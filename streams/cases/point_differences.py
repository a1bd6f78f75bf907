"""What a settling moves in the cells of a local day, its month and the last 30 days: of many points at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams.cases.point_flow import rates
from streams.dimensions.periods import LAST_30_DAYS, month_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from streams.facts.profile import Ints

VERDICTS: Final = ("compliant", "over", "under", "excluded", "suspect")  # as in Seconds
MONITORED: Final = 3  # so many of them, the first ones


def move(rows: NDArray[Any], index: Ints, told: Ints) -> Ints:
    """Put new seconds of the day by verdict in the place of those in the rows; by point the difference to each amount.

    The amounts are those of `keys`, in their order.
    """
    delta = told - rows["told"][index]
    sums = np.stack((delta[:, 0], delta[:, :MONITORED].sum(axis=1)), axis=1)
    day = np.stack((told[:, 0], told[:, :MONITORED].sum(axis=1)), axis=1)
    amounts = [delta, _rate(day) - _rate(day - sums)]
    for period in ("month", "last30d"):
        before, enough = rows[period][index], rows[f"{period}_enough"][index]
        amounts.append(np.where(enough[:, np.newaxis], _rate(before + sums) - _rate(before), 0))
        rows[period][index] = before + sums
    rows["told"][index] = told
    return np.concatenate(amounts, axis=1)


def _rate(sums: Ints) -> Ints:
    """The two amounts of `rate_amounts`."""
    compliant, monitored = sums.T
    return np.stack((rates(compliant, monitored), (monitored > 0).astype(np.int64)), axis=1)


@lru_cache(maxsize=256)
def keys(day: str, group: str) -> tuple[tuple[str, str], ...]:
    """The period and measure of each amount, of a monitoring class."""
    found = [(day, f"voltage_{verdict}_seconds|{group}") for verdict in VERDICTS]
    for period in (day, month_of(day), LAST_30_DAYS):
        found += [(period, f"voltage_rate_ppb|{group}"), (period, f"voltage_points|{group}")]
    return tuple(found)
