"""Crews beyond the first of a partition: service and oracle count the same ones under `other`."""

import pytest

from streams.cases import crews
from streams.oracle import bounds


@pytest.fixture
def two_crews(monkeypatch):
    monkeypatch.setattr(crews, "CREWS_MAX", 2)
    monkeypatch.setattr(bounds, "CREWS", 2)


def test_the_oracle_counts_the_same_crews(both, two_crews):
    both.area("A")
    both.report("V", "06-03 07:50")
    both.order("V", "dispatched", "06-03 07:55", crew="void of nobody", void=True)
    for number, crew in enumerate(("first", "se|cond", "third", "other", "first", "third")):
        both.report(f"W{number}", f"06-03 08:0{number}")
        both.order(f"W{number}", "dispatched", f"06-03 08:1{number}", crew=crew)
        both.order(f"W{number}", "arrived", f"06-03 08:2{number}")
    on_time = "arrival_on_time_share|crew={}|-|2026-06-03"
    opened = "orders_open|crew={}|state=all|now"
    names = ("first", "se%7Ccond", "other")
    said = both.said("06-03 10:00", *(key.format(name) for key in (opened, on_time) for name in names))
    assert [each.numerator for each in said] == [2, 1, 3, 2, 1, 3]
