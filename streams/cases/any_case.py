"""The findings that a case of any kind may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cases import findings as rule
from streams.cases.bounds import is_full
from streams.cases.lists import has_unlisted
from streams.kpis.in_question import CASE_FULL

if TYPE_CHECKING:
    from streams.facts import State


def found(facts: State) -> set[str]:
    """The findings in the facts themselves, for every kind of case."""
    rules = ((rule.UNLISTED_VALUE, has_unlisted), (CASE_FULL, is_full))
    return {name for name, holds in rules if holds(facts)}
