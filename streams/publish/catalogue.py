"""Which variants a period of a scope has, and which of them read a measure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from zlib import crc32

from streams.dimensions.periods import kind
from streams.dimensions.scopes import grouping
from streams.kpis.variants import Variant, variants
from streams.measures import head_and_minute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.kpis.kpi import Kpi

Chosen = tuple[Variant, ...]


class Catalogue:
    """All variants of the KPIs, by grouping set and kind of period, and among these by measure."""

    def __init__(self, kpis: Iterable[Kpi]) -> None:
        chosen: dict[tuple[str, str], list[Variant]] = defaultdict(list)
        readers: dict[tuple[str, str], dict[str, list[Variant]]] = defaultdict(lambda: defaultdict(list))
        self._by_key: dict[tuple[str, str], Variant] = {}
        for variant in (variant for kpi in kpis for variant in variants(kpi)):
            self._by_key[variant.kpi.name, variant.key] = variant
            for place in ((group, period) for group in variant.kpi.groupings for period in variant.kpi.periods):
                chosen[place].append(variant)
                for head in variant.reads:
                    readers[place][head].append(variant)
        every = sorted(
            f"{name}|{dims}|{v.kpi.groupings}|{v.kpi.periods}|{v.kpi.definition_version}"
            for (name, dims), v in self._by_key.items()
        )
        self.fingerprint = f"{crc32(''.join(every).encode()):08x}"  # differs where any variant, place or formula does
        self._chosen = {place: tuple(found) for place, found in chosen.items()}
        self._readers = {place: {head: tuple(v) for head, v in heads.items()} for place, heads in readers.items()}

    def find(self, kpi: str, dims: str, scope: str, period: str) -> Variant | None:
        """The variant that a record's key names; None when none is declared, or none of such a scope or period."""
        variant = self._by_key.get((kpi, dims))
        if variant is None or grouping(scope) not in variant.kpi.groupings or kind(period) not in variant.kpi.periods:
            return None
        return variant

    def all(self, scope: str, period: str) -> Chosen:
        """Every variant of the scope in the period."""
        return self._chosen.get((grouping(scope), kind(period)), ())

    def reading(self, scope: str, period: str, measures: Iterable[str]) -> Iterator[Variant]:
        """The variants that read any of the measures: by name, or as a distribution by all of it but the minute."""
        readers = self._readers.get((grouping(scope), kind(period)), {})
        heads = {(head_and_minute(measure) or (measure,))[0] for measure in measures}
        return (variant for head in heads for variant in readers.get(head, ()))
