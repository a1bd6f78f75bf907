"""What each case adds to a tile: of its summary the rows that the numerators of the tile's records are the sums of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.dimensions import periods
from streams.dimensions.scopes import NOW
from streams.kpis import KPIS
from streams.kpis.variants import variants
from streams.web.summaries import contributed, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.web.state import Record

Dims = frozenset[tuple[str, str]]
VARIANTS = {(kpi.name, frozenset(variant.dims.items())): variant for kpi in KPIS for variant in variants(kpi)}


class Numerator(NamedTuple):
    """What a KPI record at scope `all` is the sum of: `above` the line, and `read` at all, on these days, at `at`."""

    above: frozenset[str]
    read: frozenset[str]
    days: frozenset[str]
    at: int

    def of(self, case: Record) -> int | None:
        """What the case adds to it; 0 where it only counts below the line, None where it does not count."""
        rows = [row for row in case.get("contributes") or () if row["day"] in self.days and row["measure"] in self.read]
        if not rows:
            return None
        above = [row for row in rows if row["measure"] in self.above]
        return sum(int(row["amount"]) for row in contributed(case, above, self.at))


def numerator(record: Record, zone: str) -> Numerator | None:
    """The measure a KPI names first is the one above its line; None for a KPI of another version of this program."""
    variant = VARIANTS.get((record["kpi"], _dims(record)))
    if variant is None:
        return None
    at = instant(record["as_of"]) or 0
    since = record.get("since") or ""
    days = [day for day in periods.days(record["period"], periods.local_day(at, zone)) if day >= since] or [NOW]
    above = variant.heads[variant.kpi.measures[0]]
    return Numerator(frozenset(above), frozenset(variant.reads), frozenset(days), at)


def _dims(record: Record) -> Dims:
    return frozenset(record["dims"].items())


def behind(records: Iterable[Record], zone: str) -> Callable[[Record], int | None]:
    """What a case adds to the sum of some records' numerators; None where it counts in none of them."""
    numerators = [found for record in records if (found := numerator(record, zone)) is not None]

    def amount(case: Record) -> int | None:
        amounts = [added for each in numerators if (added := each.of(case)) is not None]
        return sum(amounts) if amounts else None

    return amount


def findings(case: Record) -> int | None:
    """The list behind the data age: how many findings a case has."""
    return len(case.get("findings") or ()) or None
