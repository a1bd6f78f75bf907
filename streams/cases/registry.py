"""The kinds of case, one registry line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streams.cases import complaint, complaint_facts, order, outage

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cases.contribution import Contribution
    from streams.facts import Fact, State
    from streams.reference.reference import Reference
    from streams.reference.rules import Rules


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: its family of events, the facts they state, and its contribution to the cells."""

    name: str
    family: str
    facts_of: Callable[[Any], list[Fact]]
    contribution: Callable[[str, State, Reference, int], Contribution]
    keyed_facts_of: Callable[[Any, Rules], list[Fact]] | None = None  # facts made with a secret of the rules


OUTAGE = CaseKind("outage", "outages", outage.facts_of, outage.contribution)
ORDER = CaseKind("order", "repairs", order.facts_of, order.contribution)
COMPLAINT = CaseKind("complaint", "complaints", complaint.facts_of, complaint.contribution, complaint_facts.pseudonyms)
CASES = (OUTAGE, ORDER, COMPLAINT)
