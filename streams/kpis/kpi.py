"""The definition of a KPI: a formula over the measures of a cell, and the description of its number."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from schemas.event import DAY_SECONDS
from streams.measures import head_and_minute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DAY_GRACE_SECONDS = 3600  # a day is final one hour after its local midnight
VOLTAGE_GRACE_SECONDS = 2 * DAY_SECONDS  # values are kept in full for two days, then only their sums
# A report of its last second is due an arrival limit later: 4 hours are twice the longest of the limits by default.
ARRIVAL_GRACE_SECONDS = 240 * 60 + DAY_GRACE_SECONDS
CONTACT_GRACE_SECONDS = DAY_SECONDS + DAY_GRACE_SECONDS
# Seven working days, the longest the rules ask for, took up to 18 days in the calendars of 2025 and 2026.
WORKING_DAYS_GRACE_SECONDS = 21 * DAY_SECONDS

Buckets = dict[tuple[str, ...], dict[int, int]]  # counts per minute, by the added measures
Period = Literal["now", "day", "week", "month", "last30d"]
Role = Literal["cases", "voltage"]  # of a worker: the app that it runs
ROLES: tuple[Role, ...] = get_args(Role)


class Ratio(NamedTuple):
    """A value as two integers, in the KPI's unit; the denominator is positive."""

    numerator: int
    denominator: int


class Undefined(NamedTuple):
    """A KPI without a denominator, and the reason."""

    reason: str


class Served(NamedTuple):
    """Customers served, added up over the elapsed days of a period with known figures; None without such a day.

    `since`: the first of these days, if it is not the first of the period. `missing`: an area without any figure.
    """

    customer_days: int | None
    days: int
    since: str | None = None
    missing: str | None = None


class Dim(NamedTuple):
    """A dimension of a KPI; `summed` adds the value `all`, the sum of the others.

    `members`: the values of the measures behind a value, if they are not the value itself.
    """

    name: str
    values: tuple[str, ...]
    summed: bool = True
    members: Mapping[str, tuple[str, ...]] = {}


NONE: dict[int, int] = {}


class Sums:
    """The measures of a cell for one variant of a KPI: `heads` are the measures behind each name."""

    __slots__ = ("_buckets", "_heads", "_measures")

    def __init__(
        self, measures: Mapping[str, int], heads: Mapping[str, tuple[str, ...]], buckets: Buckets | None = None
    ) -> None:
        self._measures, self._heads = measures, heads
        self._buckets: Buckets = {} if buckets is None else buckets  # filled once for all variants of a cell

    def total(self, name: str) -> int:
        """A measure, added up over the dimension values of the variant."""
        measures = self._measures
        return sum(measures.get(head, 0) for head in self._heads[name])

    def distribution(self, name: str) -> Mapping[int, int]:
        """Counts per whole minute, from one measure a minute, such as arrival_minutes|38."""
        heads, buckets = self._heads[name], self._buckets
        if not buckets:
            self._fill()
        found = buckets.get(heads)
        if found is None:
            # The longest is copied whole: mostly it is the only one.
            longest, *others = sorted((buckets.get((head,), NONE) for head in heads), key=len, reverse=True)
            found = buckets[heads] = dict(longest)
            for counts in others:
                for minute, count in counts.items():
                    found[minute] = found.get(minute, 0) + count
        return found

    def _fill(self) -> None:
        buckets = self._buckets
        buckets[()] = {}  # not empty any more
        for measure, count in self._measures.items():
            place = _bucket(measure)
            if place is not None:
                heads, minute = place
                counts = buckets.get(heads)
                if counts is None:
                    counts = buckets[heads] = {}
                counts[minute] = count


@lru_cache(maxsize=10_000)  # the same few thousand names, at every read time
def _bucket(measure: str) -> tuple[tuple[str], int] | None:
    """Head and minute of a measure of a distribution; None for any other measure."""
    found = head_and_minute(measure)
    return None if found is None else ((found[0],), found[1])


class Kpi(NamedTuple):
    """One KPI. `measures` are read per variant of `dims`; `assigned_by` decides the period, `role` publishes.

    `per_customer`: the denominator is customers served, added up over the days of the period with known figures; the
    numerator is of these days, multiplied by their number.
    """

    name: str
    title_en: str
    title_zh: str
    unit: str
    basis: str | None
    assigned_by: str
    dims: tuple[Dim, ...]
    groupings: tuple[str, ...]
    periods: tuple[Period, ...]
    measures: tuple[str, ...]
    value: Callable[[Sums, Served], Ratio | Undefined]
    final_after_seconds: int | None
    target: str | None
    element: Literal["capacity", "quality", "service", "conduct"]
    pillar: Literal["facilities", "crews", "proactive", "interactive"]
    source: str
    definition_version: int = 1
    role: Role = "cases"
    findings: tuple[str, ...] = ()  # shown with the value, with their customers in question
    per_customer: bool = False
    target_by: str | None = None  # the author of the target, and its addressees
    rules: tuple[str, ...] = ()  # choices that the formula does not show, for docs/kpis.md
