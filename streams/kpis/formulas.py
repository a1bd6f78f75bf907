"""The common forms of KPI formulas, and their shared dimensions; integers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from streams.kpis.kpi import Dim, Period, Ratio, Served, Sums, Undefined

Outcome = Ratio | Undefined
Formula = Callable[[Sums, Served], Outcome]

# Customers are out before the kind is known, too: `all` counts them.
KIND = Dim(
    "kind",
    ("fault", "planned", "load_shedding", "other", "unknown"),
    members={"fault": ("fault", "upstream", "customer_caused"), "planned": ("planned", "temporary")},
)

MONITORING_CLASS = Dim("monitoring_class", ("A", "B", "C", "D", "unknown"))
DIRECTION = Dim("direction", ("over", "under"))

OUTAGE_GROUPINGS = ("all", "region", "region,area_type")
ORDER_GROUPINGS = (*OUTAGE_GROUPINGS, "crew")
COMPLAINT_GROUPINGS = (*OUTAGE_GROUPINGS, "category", "level")
VOLTAGE_GROUPINGS = (*OUTAGE_GROUPINGS, "area")
LIVE: tuple[Period, ...] = ("now",)
DATED: tuple[Period, ...] = ("day", "month", "last30d")
WEEKLY: tuple[Period, ...] = ("week",)  # measures contributed per week: a week is no sum of days


SERVED_UNKNOWN = "customers served unknown"
PERCENTILES = (
    "Percentiles are of whole minutes, each rounded up (61 s is 2 min), by nearest rank: of n values in order the "
    "ceil(p / 100 x n)-th, without interpolation. The mean is of seconds: of one value it may be below the median."
)
NOT_IN_NETWORK = f"{SERVED_UNKNOWN}: of an area that the network does not have"


def count(name: str) -> Formula:
    """The total of a measure; no contribution is 0, a defined number."""
    return lambda sums, _served: Ratio(sums.total(name), 1)


def per_customer(sums: Sums, name: str, served: Served, *, scale: int = 1) -> Outcome:
    """Give amount / (scale * mean of the daily customers served), as amount * days / (scale * sum over the days).

    Undefined if interrupted customers are in an area without a figure of customers served.
    """
    if served.missing is not None:
        return Undefined(f"{SERVED_UNKNOWN}: area {served.missing}")
    if served.customer_days is None:
        return Undefined(SERVED_UNKNOWN)
    if served.customer_days == 0:
        return Undefined("nobody served")
    if sums.total("interruptions_unserved"):
        return Undefined(NOT_IN_NETWORK)
    return Ratio(sums.total(name) * served.days, scale * served.customer_days)


def quotient(numerator: int, denominator: int, nothing: str, *, scale: int = 1) -> Outcome:
    """Give numerator / (scale * denominator), undefined for the reason `nothing` if the denominator is 0."""
    return Ratio(numerator, scale * denominator) if denominator else Undefined(nothing)


def nearest_rank(counts: Mapping[int, int], percent: int, nothing: str) -> Outcome:
    """The smallest value with `percent` of the values up to it: rank ceil(percent / 100 * n), no interpolation."""
    size = sum(counts.values())
    if not size:
        return Undefined(nothing)
    rank = -(-percent * size // 100)
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return Ratio(value, 1)
    raise AssertionError("the counts of a distribution are not negative")
