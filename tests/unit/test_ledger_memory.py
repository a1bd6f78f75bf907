"""What a ledger remembers grows with its cases, not with its events: counted in entries."""

import json

from schemas.event import format_instant
from streams.cases.ledger import OUTDATED_MAX, Ledger
from streams.cells.partials import Partials
from tests.support.lives import REFERENCE

T = 1_780_416_000


def send(ledger, number, event_type, now, **fields):
    about = {"event_type": event_type, "outage_id": "O", "event_id": f"e{number}", "revision": number, "source": "oms"}
    record = about | {"occurred_at": format_instant(now), "recorded_at": format_instant(now)} | fields
    assert ledger.take("outages", b"O", json.dumps(record).encode(), now, now).outcome == "applied"
    for _ in ledger.evaluate(now):
        pass
    list(ledger.unsaved())


def started():
    ledger = Ledger(Partials(), REFERENCE)
    send(ledger, 0, "started", T, kind="fault", areas=[{"area": "A", "customers": 10}])
    return ledger


def test_a_breakpoint_that_stays_is_remembered_once():
    ledger = started()

    for number in range(1, 500):
        send(ledger, number, "count_revised", T + 60, areas=[{"area": "A", "customers": number}])

    assert ledger.waiting <= 2


def test_breakpoints_that_move_are_forgotten():
    ledger = started()

    for number in range(1, 3 * OUTDATED_MAX):
        at = T + 60 - number % 2  # a corrected begin moves all that is counted from it
        send(ledger, number, "started", T + 60, kind="fault", occurred_at=format_instant(at))

    assert ledger.waiting <= OUTDATED_MAX + 2


def test_waiting_cases_are_still_due_after_outdated_entries_were_dropped():
    ledger = started()
    case = ledger.cases["outage/O"]
    for number in range(1, 2 * OUTDATED_MAX):
        send(ledger, number, "started", T + 60, kind="fault", occurred_at=format_instant(T + number % 2))

    at = case.due_at
    ledger.due(at)

    assert list(ledger.unsettled()) == ["outage/O"]
