"""Crews without end: the first of a partition have numbers of their own, the rest counts under one name."""

import pytest

from schemas.codec import encode
from streams.cases import crews
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.oracle import bounds
from streams.readers.rows import CHECKS
from streams.topics import LEDGER
from tests.support.installation import NOON
from tests.support.lives import REFERENCE, order


@pytest.fixture
def two_crews(monkeypatch):
    monkeypatch.setattr(crews, "CREWS_MAX", 2)
    monkeypatch.setattr(bounds, "CREWS", 2)


def taken(*events, ledger=None):
    ledger = ledger or Ledger(Partials(), REFERENCE)
    for event in events:
        ledger.take("repairs", event.work_order_id.encode(), encode(event), NOON, NOON)
    list(ledger.evaluate(NOON))
    return ledger


def dispatched(number, crew):
    name = f"W{number}"
    return order("created", NOON, work_order_id=name), order("dispatched", NOON, work_order_id=name, crew=crew)


def open_by_crew(ledger):
    found = ledger.partials.sums.items()
    return {cell: sums["orders_open|dispatched"][0] for cell, sums in found if cell.startswith("crew=")}


def test_twenty_thousand_crews_have_a_thousand_cells_and_one():
    ledger = taken(*(event for number in range(3_000) for event in dispatched(number, f"crew {number}")))
    by_crew = open_by_crew(ledger)
    assert len(by_crew) == 1001
    assert by_crew["crew=other|now"] == 2000
    assert ledger.partials.sums["all|now"]["orders_open|dispatched"] == (3000, 0)
    assert ledger.partials.sums["all|now"]["findings|crew_not_named"] == (2000, 0)


def test_a_successor_names_the_same_crews(two_crews):
    ledger = taken(*dispatched(1, "first"), *dispatched(2, "second"), *dispatched(3, "third"))
    rows = dict(ledger.unsaved())
    assert all(CHECKS[LEDGER](key, value) is None for key, value in rows.items())
    again = Ledger(Partials(), REFERENCE)
    again.load(sorted(rows.items(), reverse=True), NOON)
    # The first crew is in no fact any more, and is still one of the first.
    taken(order("dispatched", NOON, work_order_id="W1", crew="fourth", corrects=first_event(rows)), ledger=again)
    taken(*dispatched(4, "fifth"), *dispatched(5, "first"), ledger=again)
    assert open_by_crew(again) == {"crew=second|now": 1, "crew=other|now": 3, "crew=first|now": 1}


def first_event(rows):
    ledger = Ledger(Partials(), REFERENCE)
    ledger.load(rows.items(), NOON)
    (event,) = ledger.cases["order/W1"].facts["dispatched"]
    return event


def test_a_ledger_of_before_names_the_crews_of_its_orders():
    ledger = taken(*dispatched(1, "first"), *dispatched(2, "second"))
    rows = {key: value for key, value in ledger.unsaved() if not key.startswith(crews.PREFIX)}
    again = Ledger(Partials(), REFERENCE)
    again.load(rows.items(), NOON)
    assert open_by_crew(again) == {"crew=first|now": 1, "crew=second|now": 1}
    assert {key for key, _ in again.unsaved()} == {b"crew/first", b"crew/second"}
