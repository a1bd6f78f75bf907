"""The made-up grid: the same by the same seed, valid, plausible, and the service's answers are its truth."""

from collections import Counter, defaultdict
from dataclasses import replace
from functools import partial
from itertools import islice, pairwise

import orjson
import pytest

from schemas import codec
from schemas.event import format_instant, parse_instant
from streams.cases import ORDER, OUTAGE
from streams.cases.admission import admit
from streams.cases.reference import Network, Reference, Rules
from streams.facts import Stamp, merge
from streams.local import network
from streams.local.simulator import generate
from streams.local.simulator.grid import CUSTOMERS, build
from streams.local.simulator.rates import UNDISTURBED, USUAL

T0 = 1_780_000_200  # begins a slot
HOUR = 3600
DAYS = 0.5
WILD = replace(USUAL, duplicates=0.2, disorder=0.3, lateness=0.05, corrections=0.4, garbage=0.05)


def simulated(rates, days=DAYS, seed=3):
    truths = []
    return list(generate(seed, T0, days, rates, truths.append)), truths


def raw(value):
    return value if isinstance(value, bytes) else orjson.dumps(value)


def folded(messages):
    """Facts by case, and why the others were rejected."""
    cases, rejected = defaultdict(dict), Counter()
    kinds = {"outages": OUTAGE, "repairs": ORDER}
    for message in messages:
        try:
            event = codec.decode(message.family, raw(message.value)).event
        except codec.InvalidEvent as error:
            rejected[error.reason] += 1
            continue
        if reason := admit(event, message.at, Rules()):
            rejected[reason] += 1
            continue
        kind = kinds[message.family]
        merge(cases[f"{kind.name}/{message.key}"], kind.facts_of(event), Stamp.of(event))
    return cases, rejected


@pytest.fixture(scope="module")
def reference():
    records = [codec.decode("network", orjson.dumps(record)).event for record in build(3).records]
    return Reference(Network.from_records(records))


@pytest.fixture(scope="module")
def usual():
    return simulated(USUAL)[0]


def summary(case, facts, reference, now):
    kind = OUTAGE if case.startswith("outage/") else ORDER
    return kind.contribution(case, facts, reference, now).summary


@pytest.mark.parametrize("rates", [UNDISTURBED, USUAL, WILD], ids=["undisturbed", "usual", "wild"])
def test_the_service_says_what_was_true(rates, reference):
    messages, truths = simulated(rates)
    cases, rejected = folded(messages)
    now = messages[-1].at + 1
    said = {case: summary(case, facts, reference, now) for case, facts in cases.items()}

    assert set(rejected) == (
        {"undecodable", "invalid", "from_the_future", "sealed_period"} if rates is WILD else set(rejected)
    )
    assert bool(rejected) == bool(rates.garbage)
    assert len(truths) > 500
    assert set(said) == {truth["case"] for truth in truths}
    for truth in truths:
        names = set(truth) & set(said[truth["case"]])
        expected = {name: parse_instant(truth[name]) if _is_instant(name, truth) else truth[name] for name in names}
        actual = {name: said[truth["case"]][name] for name in names}
        assert actual == expected, truth["case"]


def _is_instant(name, truth):
    return name.endswith("_at") and truth[name] is not None


def test_undisturbed_messages_are_valid_in_order_and_have_identities_of_their_own():
    messages, truths = simulated(UNDISTURBED)

    assert [message.at for message in messages] == sorted(message.at for message in messages)
    identities = {(message.family, message.value["event_id"]) for message in messages}
    assert len(identities) == len(messages)
    last = {}
    for message in messages:
        decoded = codec.decode(message.family, raw(message.value))
        assert decoded.unknown_fields == 0
        assert codec.case_id(decoded.event) == message.key
        assert decoded.event.occurred_at <= decoded.event.recorded_at == message.at
        case = (message.family, message.key)
        assert decoded.event.revision == last.get(case, 0) + 1
        last[case] = decoded.event.revision
    assert all(truth["final_at"] <= format_instant(messages[-1].at) for truth in truths)


def test_every_kind_of_event_happens(usual):
    said = Counter(message.value.get("event_type") for message in usual if isinstance(message.value, dict))

    outages = {"predicted", "confirmed", "scheduled", "announced", "started", "extended", "step_restored", "restored"}
    outages |= {"closed", "cancelled", "merged", "info_published", "etr"}
    orders = {"created", "dispatched", "accepted", "en_route", "arrived", "waiting", "resumed", "field_complete"}
    orders |= {"returned", "reassigned", "rated"}
    assert not (outages | orders) - set(said)


def test_a_seed_is_a_life_wherever_one_begins_to_look():
    early = list(islice(generate(3, T0), 4000))
    again = list(islice(generate(3, T0), 4000))
    later = {
        (message.at, orjson.dumps(message.value))
        for message in generate(3, T0 + HOUR, 1 / 24, USUAL)
        if isinstance(message.value, dict)
    }
    other = list(islice(generate(4, T0), 4000))

    assert early == again
    assert early != other
    overlap = [message for message in early if T0 + HOUR <= message.at < T0 + 2 * HOUR]
    known = {(message.at, raw(message.value)) for message in early}
    assert len(overlap) > 200
    assert sum(entry in known for entry in later) > len(later) / 2


def test_the_grid_is_valid_and_serves_everybody(tmp_path):
    grid = build(1)
    grid.write_json(tmp_path / "network.json")

    assert network.read(tmp_path / "network.json") == list(grid.records)
    assert Counter(record["record_type"] for record in grid.records) == {
        "region": 4,
        "station": 8,
        "feeder": 24,
        "area": 40,
    }
    assert sum(area.customers for area in grid.areas) == CUSTOMERS
    assert {(area.region, area.area_type) for area in grid.areas} >= {("north", "urban"), ("east", "rural")}


def test_the_wallboard_has_something_plausible_to_say(reference):
    """At a few moments of the second half of a day, and over that day."""
    messages = simulated(USUAL, days=1)[0]
    instants = [T0 + hours * HOUR for hours in (14, 17, 20, 23)]
    amounts = []
    for now in instants:
        cases, _ = folded(message for message in messages if message.at <= now)
        sums = Counter()
        for case, facts in cases.items():
            kind = OUTAGE if case.startswith("outage/") else ORDER
            for (cell, measure), (fixed, _rate) in kind.contribution(case, facts, reference, now).measures.items():
                scope, _, day = cell.rpartition("|")
                if scope == "all":
                    sums["now" if day == "now" else "day", measure.split("|")[0]] += fixed
        amounts.append(sums)

    for sums in amounts:
        assert 10 <= sums["now", "outages_open"] <= 45
        assert 0.001 < sums["now", "customers_out"] / CUSTOMERS < 0.03
        assert 30 <= sums["now", "orders_open"] <= 150
    last = amounts[-1]
    assert 0.8 <= last["day", "arrivals_on_time"] / last["day", "arrivals_due"] <= 0.97
    assert 30 <= last["day", "arrival_seconds"] / last["day", "arrivals"] / 60 <= 42
    gaps = sorted(b.at - a.at for a, b in pairwise(messages) if a.at > instants[0])
    assert gaps[len(gaps) // 2] <= 4, "something happens every few seconds"


def test_more_of_everything_when_asked():
    number = partial(sum, start=0)
    usual = number(1 for _ in generate(3, T0, 0.1, USUAL))
    triple = number(1 for _ in generate(3, T0, 0.1, USUAL.times(3)))

    assert 2 < triple / usual < 4
