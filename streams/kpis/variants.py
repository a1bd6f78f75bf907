"""The variants of a KPI: one per combination of its dimensions' values, with the measures behind each."""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING, NamedTuple

from streams.kpis.in_question import CASES, CUSTOMERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.kpis.kpi import Dim, Kpi

ALL = "all"
NO_DIMS = "-"


class Variant(NamedTuple):
    """A KPI for fixed values of its dimensions; `key` is the third part of a record's key.

    `heads` are the measures behind each name the KPI reads, `in_question` those of each finding, of cases and of
    customers; `reads` are all of them, a distribution by the name its minutes follow.
    """

    kpi: Kpi
    key: str
    dims: dict[str, str]
    heads: Mapping[str, tuple[str, ...]]
    in_question: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    reads: tuple[str, ...]


def variants(kpi: Kpi) -> tuple[Variant, ...]:
    """All variants of a KPI, `all` of summed dimensions last."""
    choices = [(*dim.values, ALL) if dim.summed else dim.values for dim in kpi.dims]
    return tuple(_variant(kpi, values) for values in product(*choices))


def _variant(kpi: Kpi, values: tuple[str, ...]) -> Variant:
    dims = {dim.name: value for dim, value in zip(kpi.dims, values, strict=True)}
    parts = [
        tuple(chain.from_iterable(dim.members.get(each, (each,)) for each in _meant(dim, value)))
        for dim, value in zip(kpi.dims, values, strict=True)
    ]
    heads = {name: tuple("|".join((name, *part)) for part in product(*parts)) for name in kpi.measures}
    key = ",".join(f"{name}={value}" for name, value in dims.items()) or NO_DIMS
    tails = ["|".join(part) for part in product(*parts)]
    in_question = {
        rule: (tuple(f"{CASES}|{rule}|{tail}" for tail in tails), tuple(f"{CUSTOMERS}|{rule}|{tail}" for tail in tails))
        for rule in kpi.findings
    }
    reads = (*chain.from_iterable(heads.values()), *chain.from_iterable(chain.from_iterable(in_question.values())))
    return Variant(kpi, key, dims, heads, in_question, reads)


def _meant(dim: Dim, value: str) -> tuple[str, ...]:
    return dim.values if dim.summed and value == ALL else (value,)
