"""The contribution of one case to the cells, with its summary and findings; computed anew with every change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from streams.cells.consolidate import add
from streams.dimensions.periods import origin
from streams.dimensions.scopes import ALL, NOW, split
from streams.measures import is_distribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.cells.consolidate import Amount
    from streams.sla.clocks import Clock


@dataclass(frozen=True, slots=True)
class Contribution:
    """Additive amounts per (cell, measure); they hold until `next_due_at` (epoch seconds), if nothing arrives.

    `about` is what announcements say of a case that has no summary. Clocks that ended before `clocks_since` are not
    here: their announcements stay, as all do where the clocks are not to be `compared`.
    """

    measures: Mapping[tuple[str, str], Amount] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    next_due_at: int | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    clocks_since: int | None = None
    compared: bool = True


EMPTY = Contribution()


AMOUNT_MAX: Final = 2**53  # of one case in one cell: a thousand such ones fit in the 64 bits of a partial


def checked(contribution: Contribution) -> Contribution:
    """The contribution, or ValueError where its sums could not be stored: one case must not break a cell of all."""
    at = contribution.next_due_at
    if at is not None and not -AMOUNT_MAX <= at <= AMOUNT_MAX:
        raise ValueError(f"the contribution is due at {at}")
    for (cell, measure), (fixed, rate) in contribution.measures.items():
        if not (-AMOUNT_MAX <= fixed <= AMOUNT_MAX and -AMOUNT_MAX <= rate <= AMOUNT_MAX):
            raise ValueError(f"{measure} of {cell} is {fixed} + {rate} a second, more than a sum can hold")
    return contribution


class Measures:
    """Adds amounts up; what is (0, 0) is left out."""

    __slots__ = ("amounts",)

    def __init__(self) -> None:
        self.amounts: dict[tuple[str, str], Amount] = {}

    def count(self, scopes: Iterable[str], measure: str, day: str = NOW) -> None:
        """Add 1 in each scope."""
        for scope in scopes:
            add(self.amounts, (f"{scope}|{day}", measure), 1)

    def add(self, scopes: Iterable[str], measure: str, day: str, fixed: int, rate: int = 0) -> None:
        """Add an amount in each scope."""
        if not fixed and not rate:
            return
        for scope in scopes:
            add(self.amounts, (f"{scope}|{day}", measure), fixed, rate)


def earliest(*instants: int | None) -> int | None:
    """The first of the instants that are known."""
    return min((instant for instant in instants if instant is not None), default=None)


def contributes(contribution: Contribution, zone: str, as_of: int) -> list[dict[str, Any]]:
    """What a case adds to the cells of scope `all` at a read time (epoch seconds), for its summary; no distributions.

    The value of a KPI is made of the sums of these rows over all cases, and the list behind a tile of the rows.
    """
    rows = []
    for (cell, measure), (fixed, rate) in sorted(contribution.measures.items()):
        scope, day = split(cell)
        if scope == ALL and not is_distribution(measure):
            amount = fixed + rate * (as_of - origin(day, zone))
            rows.append({"day": day, "measure": measure, "amount": amount, "per_second": rate})
    return rows
