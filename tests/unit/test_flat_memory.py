"""What a partition remembers is flat while the same cases and points live on; tests/properties has longer lives."""

import pytest

from streams.cases import ledger, point_marks
from streams.facts import book
from tests.support.partition_memory import LifeOfCases, LifeOfPoints


@pytest.fixture(autouse=True)
def little_room(monkeypatch):
    """What may be without use before it is dropped: so little that a short life has more."""
    monkeypatch.setattr(ledger, "OUTDATED_MAX", 5)
    monkeypatch.setattr(point_marks, "OUTDATED_MAX", 5)
    monkeypatch.setattr(book, "FEWEST", 20)


@pytest.mark.parametrize("kind", [LifeOfCases, LifeOfPoints], ids=["cases", "points"])
def test_the_same_again_and_again_takes_no_more(kind):
    life = kind(4)
    early, late = life.sizes(120)

    assert late.objects <= early.objects * 1.05
    assert late.bytes <= early.bytes * 1.05
    held = life.installation.fold.ledger
    assert len(held._due_times) <= 5 + 2 * len(held.cases)
