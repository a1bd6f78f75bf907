"""180 cases and 40 points for an hour: what a partition remembers at the end is what it did after a third."""

import pytest

from streams.cases import ledger
from streams.facts import book
from tests.support.partition_memory import LifeOfCases, LifeOfPoints

pytestmark = pytest.mark.proof


def test_an_hour_of_the_same_cases(monkeypatch):
    """How many are late, and how many wait for what, is another number at each instant: some percent."""
    monkeypatch.setattr(ledger, "OUTDATED_MAX", 20)  # a thousand outdated entries are a third of so small a partition
    early, late = LifeOfCases(60).sizes(60)

    assert late.objects <= early.objects * 1.1
    assert late.bytes <= early.bytes * 1.1


def test_an_hour_of_the_same_points(monkeypatch):
    """2,400 values under revisions of their own, and three numbers for each of these."""
    monkeypatch.setattr(book, "FEWEST", 500)
    early, late = LifeOfPoints(40).sizes(60)

    assert late.objects <= early.objects * 1.1
    assert late.bytes <= early.bytes * 1.1
