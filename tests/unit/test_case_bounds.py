"""A full case: a bounded row, events refused with a reason, a finding, and it can be ended."""

import orjson
import pytest

from schemas.codec import encode
from streams.cases import bounds, supply
from streams.cases.bounds import MOST, SOURCE_BYTES_MIN, Tally
from streams.cases.case import VERSION
from streams.cases.ledger import Ledger
from streams.cells.partials import RECORD_BYTES_MAX, Partials
from streams.facts import Fact, Stamp, merge
from tests.support.installation import NOON, Installation
from tests.support.lives import REFERENCE, order, outage

LONGEST = "\x01" * 122  # six bytes each as JSON; with a number behind it an identity of 128 characters


def take(ledger, event, now=NOON):
    return ledger.take("outages", b"O", encode(event), NOON, now)


def full(make, most=6_000):
    """A ledger with events of one outage until one is refused, and that verdict."""
    ledger = Ledger(Partials(), REFERENCE)
    for number in range(most):
        verdict = take(ledger, make(number))
        if verdict.reason:
            return ledger, verdict
    raise AssertionError("none was refused")


def estimate(number, **fields):
    return outage("etr", NOON, etr=NOON + number, **fields)


def many_areas(number):
    areas = [{"area": f"{LONGEST}{number}-{each}"[-128:], "customers": 1} for each in range(400)]
    return outage("started", NOON, cycle=number + 1, areas=areas, event_id=LONGEST, source="\x02" * 64)


@pytest.mark.parametrize(
    ("make", "bound"),
    [
        (lambda n: estimate(n, source=f"source {n}"), "32 sources and would have 33"),
        (estimate, "4000 entries and would have 4001"),
        (lambda n: outage("started", NOON, cycle=n + 1, areas={f"{n}/{m}": 1 for m in range(999)}), "20000 are"),
        (many_areas, "at most 1800000 are taken"),
    ],
    ids=["sources", "entries", "areas", "bytes"],
)
def test_beyond_a_bound_an_event_is_refused_with_the_reason(make, bound):
    ledger, verdict = full(make)
    assert (verdict.outcome, verdict.reason) == ("rejected", "case_full")
    assert bound in verdict.detail
    [(_, row)] = ledger.unsaved()
    assert len(row) < RECORD_BYTES_MAX
    assert take(ledger, outage("closed", NOON, source="another one")).outcome == "applied"


def test_a_full_case_takes_events_that_add_nothing():
    ledger, verdict = full(estimate)
    event = estimate(7, event_id="event again", source="oms", revision=0)
    assert take(ledger, event).reason == "case_full"
    known = next(iter(orjson.loads(ledger.cases["outage/O"].stored[1:]) or ledger.cases["outage/O"].facts["etrs"]))
    assert take(ledger, estimate(7, event_id=known, revision=10**6)).outcome == "applied"
    assert "4000 entries" in verdict.detail


def test_corrections_proofs_and_endings_have_reserves():
    ledger, _ = full(estimate)

    def taken(make):
        """How many, until one is refused."""
        return next(n for n in range(2_000) if take(ledger, make(n)).reason == "case_full")

    assert taken(lambda n: estimate(n, void=True, corrects=f"never stated {n}")) == MOST.entries // 8
    assert taken(lambda n: estimate(n, pin=True)) == 0
    assert (
        taken(lambda n: outage("restored", NOON, cycle=n % 1000 + 1, source=f"desk {n // 1000}")) == MOST.entries // 8
    )
    assert take(ledger, outage("closed", NOON)).outcome == "applied"  # a fact about the whole case


def test_read_again_on_top_of_its_row_a_case_stays_as_it_is(monkeypatch):
    """After a shorter list there is room again, which a reader from the beginning does not have."""
    monkeypatch.setattr(bounds, "MOST", MOST._replace(areas=40))
    monkeypatch.setattr(bounds, "SMALL_EVENT_BYTES", 0)
    events = [outage("started", NOON, cycle=n, areas={f"{n}/{m}": 1 for m in range(10)}) for n in (1, 2, 3, 4)]
    events.append(estimate(0))
    events += [outage("started", NOON, cycle=5, areas={"X": 1}), outage("count_revised", NOON, cycle=1, areas={"A": 1})]
    ledger = Ledger(Partials(), REFERENCE)
    first = [take(ledger, event).reason for event in events]
    [(key, row)] = ledger.unsaved()
    assert "case_full" in first
    again = Ledger(Partials(), REFERENCE)
    again.load([(key, row)], NOON)
    assert [take(again, event).reason for event in events] == first
    assert dict(again.unsaved()) in ({}, {key: row})


def test_the_case_has_a_finding_from_the_first_refusal_on(monkeypatch):
    monkeypatch.setattr(bounds, "MOST", MOST._replace(entries=3))
    monkeypatch.setattr(bounds, "SMALL_EVENT_BYTES", 0)
    installation = Installation()
    installation.outage("O")
    assert installation.outage("O", "etr", etr="2026-06-03T13:00:00Z", event_id="first") == {"applied": 1}
    assert installation.outage("O", "etr", etr="2026-06-03T13:00:00Z", event_id="second") == {"rejected": 1}
    names = installation.names

    def found():
        summary = installation.rest[names.cases][b"outage/O"]
        return orjson.loads(summary)["findings"]

    assert found() == ["case_full"]
    assert b"finding/outage/O/case_full" in installation.rest[names.dead_letters]
    assert installation.position.extra["refused"][installation.topic] == {"case_full": 1}
    installation.restart()
    assert found() == ["case_full"]
    assert installation.outage("O", "etr", etr="2026-06-03T13:00:00Z", event_id="third") == {"rejected": 1}


def test_a_case_without_facts_is_no_case(monkeypatch):
    monkeypatch.setattr(bounds, "MOST", MOST._replace(areas=3))
    monkeypatch.setattr(bounds, "SMALL_EVENT_BYTES", 0)
    ledger = Ledger(Partials(), REFERENCE)
    areas = {f"{n}": 1 for n in range(90)}
    assert take(ledger, outage("started", NOON, areas=areas)).reason == "case_full"
    assert not ledger.cases
    assert not list(ledger.unsaved())


def test_a_source_takes_at_least_so_many_bytes_of_a_row():
    facts = {}
    for number in range(256):
        merge(facts, [Fact(("kind",), "x")], Stamp(chr(0x20 + number), 0, 946_684_800, "e"))
    assert len(VERSION + orjson.dumps(facts)) // SOURCE_BYTES_MIN >= 256


def test_the_counted_bytes_are_in_the_row():
    """Everything but facts about the whole case, with instants and numbers shorter than their maximum."""
    ledger = Ledger(Partials(), REFERENCE)
    for number in range(300):
        take(ledger, outage("step_restored", NOON + number, areas={"area of a town": number}))
        take(ledger, estimate(number))
    case = ledger.cases["outage/O"]
    assert case.tally.size == Tally(case.facts).size
    assert 1 <= case.tally.bytes / len(case.store()) < 1.5


def test_a_tally_follows_merges():
    ledger = Ledger(Partials(), REFERENCE)
    for number in range(60):
        name = ("dispatched", "waiting", "returned")[number % 3]
        detail = {"dispatched": {"crew": "c" * (number + 1)}, "waiting": {"reason": "r"}, "returned": {}}[name]
        version = {"event_id": f"e{number % 7}", "revision": number * 31 % 17, "source": f"s{number % 4}"}
        event = order(name, NOON, **detail | version)
        ledger.take("repairs", b"W", encode(event), NOON, NOON)
        case = ledger.cases["order/W"]
        assert case.tally.size == Tally(case.facts).size


@pytest.mark.parametrize("area", ["A", ""], ids=["of an area", "of the whole"])
def test_the_cost_of_an_evaluation_grows_with_the_entries_and_not_with_their_square(area, monkeypatch):
    """Counted are the customers of a cohort that are read; each rise of an outage begins one, and then each ends."""
    reads = 0
    plain = supply._Cohort.customers

    class Counted(supply._Cohort):
        @property
        def customers(self):
            nonlocal reads
            reads += 1
            return plain.__get__(self)

    monkeypatch.setattr(supply, "_Cohort", Counted)

    def cost(number):
        nonlocal reads
        events = [outage("started", NOON, areas={"A": 1, "B": 1})]
        events += [outage("extended", NOON + each, areas={area: each + 2}) for each in range(1, number)]
        events += [
            outage("step_restored", NOON + number + each, areas={area: number - each}) for each in range(1, number)
        ]
        ledger, reads = Ledger(Partials(), REFERENCE), 0
        for event in events:
            assert ledger.take("outages", b"O", encode(event), NOON + 1000, NOON).outcome == "applied"
        list(ledger.evaluate(NOON + 10 * number))
        return reads

    assert cost(400) < 2.5 * cost(200)
