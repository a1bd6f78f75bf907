"""Facts: one field of a case with its version; their merge does not depend on order, nor on repetition."""

from streams.facts.change import JSON, Change, Fact, Stamp
from streams.facts.merge import State, merge

__all__ = ["JSON", "Change", "Fact", "Stamp", "State", "merge"]
