"""How much may be said of one case: service and oracle refuse the same events, and a full case can still be ended."""

import pytest

from schemas.codec import encode
from streams.cases import bounds as service_bounds
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.oracle import bounds as oracle_bounds
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.settings import Settings
from tests.oracle.random_lives import FAMILIES, lives
from tests.support.lives import REFERENCE
from tests.support.strategies import NOON

OUT, OPEN = "customers_out|all|kind=fault|now", "outages_open|all|kind=fault|now"
SMALL = {"sources": 2, "entries": 9, "areas": 8, "bytes": 2_000}


@pytest.fixture
def bounded(monkeypatch):
    """Smaller bounds for both."""

    def bound(**sizes):
        smaller = service_bounds.MOST._replace(**sizes)
        monkeypatch.setattr(service_bounds, "MOST", smaller)
        monkeypatch.setattr(service_bounds, "SMALL_EVENT_BYTES", 0)  # with the real ones a small row is far from all
        monkeypatch.setattr(oracle_bounds, "MOST", smaller._asdict())

    return bound


def test_an_outage_of_which_forty_sources_tell_has_the_numbers_of_the_first_and_ends_with_any(both):
    both.area("A", customers=1000)
    for number in range(41):
        both.outage("O", "started", f"06-03 08:{number:02}", source=f"meter-{number}", areas={"A": number + 1})
    out, opened = both.said("06-03 09:00", OUT, OPEN)
    assert (out.numerator, opened.numerator) == (32, 1)
    both.outage("O", "restored", "06-03 09:30", source="desk")
    out, opened = both.said("06-03 10:00", OUT, OPEN)
    assert (out.numerator, opened.numerator) == (0, 0)


def test_steps_beyond_the_bound_change_nothing_and_the_end_is_taken(both, bounded):
    bounded(entries=40)
    both.area("A", customers=100_000)
    both.outage("O", "started", "06-03 08:00", areas={"A": 50_000})
    for number in range(50):
        both.outage("O", "step_restored", f"06-03 08:{number + 1:02}", step=f"s{number}", areas={"A": 49_999 - number})
    (out,) = both.said("06-03 09:00", OUT)
    assert out.numerator == 50_000 - 38  # start and count are entries, too
    both.outage("O", "restored", "06-03 09:30")
    assert both.said("06-03 10:00", OUT)[0].numerator == 0


def test_customers_of_a_full_outage_are_in_question(both, bounded):
    """From the first refusal on: now while it lasts, and on the day it began."""
    bounded(entries=10)
    both.area("A")
    both.outage("O", "started", "06-03 08:00", areas={"A": 50})
    both.outage("P", "started", "06-03 08:00", areas={"A": 7})
    for number in range(7):
        both.outage("O", "etr", "06-03 08:30", event_id=f"e{number}", etr="2026-06-03T12:00:00+08:00")
    day = "saifi|all|kind=all|2026-06-03"
    assert [said[2] for said in both.said("06-03 09:00", OUT, day)] == [{}, {}]
    for number in range(7, 12):
        both.outage("O", "etr", "06-03 08:30", event_id=f"e{number}", etr="2026-06-03T12:00:00+08:00")
    out, of_day = both.said("06-03 09:00", OUT, day)
    assert (out.numerator, out[2], of_day[2]) == (57, {"case_full": 50}, {"case_full": 50})
    both.outage("O", "restored", "06-03 09:30")
    out, of_day = both.said("06-03 10:00", OUT, day)
    assert (out[2], of_day[2]) == ({}, {"case_full": 50})


def test_a_number_of_a_full_case_can_be_corrected(both, bounded):
    bounded(entries=40)
    both.area("A", customers=100_000)
    both.outage("O", "started", "06-03 08:00", areas={"A": 5})
    for number in range(60):
        both.outage("O", "etr", "06-03 08:30", event_id=f"estimate-{number}", etr="2026-06-03T12:00:00+08:00")
    both.outage("O", "count_revised", "06-03 09:00", areas={"A": 70_000})
    assert both.said("06-03 09:30", OUT)[0].numerator == 70_000


def test_an_order_that_is_dispatched_for_ever_is_arrived_at_and_closed(both, bounded):
    bounded(entries=40)
    both.area("A")
    both.report("W", "06-03 08:00")
    for number in range(60):
        both.order("W", "dispatched", "06-03 08:10", crew=f"crew {number}", event_id=f"d{number}")
    for _ in range(9):  # the reserve of proofs is not that of endings
        both.order("W", "arrived", "06-03 08:20")
    for _ in range(9):
        both.order("W", "closed", "06-03 08:30")
    opened, on_time = both.said(
        "06-03 10:00", "orders_open|all|state=all|now", "arrival_on_time_share|all|-|2026-06-03"
    )
    assert (opened.numerator, on_time.numerator, on_time.denominator) == (0, 1, 1)


def test_both_have_the_same_bounds():
    assert service_bounds.MOST._asdict() == oracle_bounds.MOST


@pytest.mark.parametrize("name", FAMILIES)
def test_of_random_lives_at_small_bounds_both_refuse_the_same_events(name, bounded):
    bounded(**SMALL)
    family, topic, field, strategy = FAMILIES[name]
    ledger, records, refused = Ledger(Partials(), REFERENCE), [], set()
    for number, life in enumerate(lives(strategy)):
        for said, _ in life * 2:
            event = said.model_copy(update={field: f"case-{number // 4}"})
            record = Record(topic, 0, len(records), NOON * 1000, f"case-{number // 4}".encode(), encode(event))
            verdict = ledger.take(family, record.key, record.value, NOON + 5000, NOON)
            if verdict.reason == "case_full":
                refused.add(len(records))
            records.append(record._replace(timestamp=(NOON + 5000) * 1000))
            if len(records) % 3 == 0:
                list(ledger.unsaved())
    with Oracle(Settings(), records) as oracle:
        taken = {n for (n,) in oracle.rows("SELECT n FROM event")}
    assert 200 < len(refused) < len(records) - 200
    assert set(range(len(records))) - taken == refused
