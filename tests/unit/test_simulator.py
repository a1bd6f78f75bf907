"""The made-up grid: the same by the same seed, valid, plausible, and the service's answers are its truth."""

from collections import Counter, defaultdict
from dataclasses import replace
from functools import partial
from itertools import islice, pairwise

import orjson
import pytest

from schemas import codec
from schemas.event import format_instant, parse_instant
from streams.cases.admission import admit
from streams.cases.registry import CASES
from streams.facts import Stamp, merge
from streams.load import network
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.simulator.generate import generate
from streams.simulator.grid import CUSTOMERS, build
from streams.simulator.rates import UNDISTURBED, USUAL

T0 = 1_780_000_200  # begins a slot
HOUR = 3600
DAYS = 0.5
WILD = replace(USUAL, duplicates=0.2, disorder=0.3, lateness=0.05, corrections=0.4, bad_clocks=0.1, garbage=0.05)
KINDS = {kind.name: kind for kind in CASES}


def simulated(rates, days=DAYS, seed=3):
    truths = []
    return list(generate(seed, T0, days, rates, truths.append)), truths


def raw(value):
    return value if isinstance(value, bytes) else orjson.dumps(value)


def folded(messages):
    """Facts by case, and why the others were rejected."""
    cases, rejected = defaultdict(dict), Counter()
    kinds = {kind.family: kind for kind in CASES}
    for message in messages:
        try:
            event = codec.decode(message.family, raw(message.value)).event
        except codec.InvalidEvent as error:
            rejected[error.reason] += 1
            continue
        if message.family == "voltage":
            continue
        if refused := admit(event, message.at, Rules()):
            rejected[refused.reason] += 1
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
    return simulated(USUAL, days=1)[0]


def summary(case, facts, reference, now):
    kind = KINDS[case.partition("/")[0]]
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
    lifecycles = [message for message in messages if message.family != "voltage"]
    identities = {(message.family, message.value["event_id"]) for message in lifecycles}
    assert len(identities) == len(lifecycles)
    last = {}
    for message in messages:
        decoded = codec.decode(message.family, raw(message.value))
        assert decoded.unknown_fields == 0
        assert codec.case_id(decoded.event) == message.key
        if message.family == "voltage":
            assert decoded.event.recorded_at <= message.at
            continue
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
    customers = {"accepted", "assigned", "returned", "transferred", "forwarded", "contacted", "linked", "replied"}
    customers |= {"ruled", "survey_sent", "rated", "closed", "reopened", "withdrawn"}
    voltage = {"reading", "frame", "daily_statistics"}
    assert not (outages | orders | customers | voltage) - set(said)


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


def test_lives_keep_and_break_promises(usual):
    """Notice mostly as the law asks for; estimates that are moved, orders without an arrival, ends told days late."""
    lifecycles = defaultdict(list)
    for message in usual:
        if isinstance(message.value, dict) and "event_id" in message.value:
            lifecycles[message.family, message.key].append(message.value)
    kinds = [[event["event_type"] for event in told] for told in lifecycles.values()]
    plans = {
        key: next(event for event in told if event["event_type"] == "announced")["plan"]
        for (_, key), told in lifecycles.items()
        if key[0] == "p" and any(event["event_type"] == "announced" for event in told)
    }
    days = [(parse_instant(plan["start"]) - parse_instant(plan["announced_at"])) / 86_400 for plan in plans.values()]
    late = [
        message.at - parse_instant(message.value["occurred_at"])
        for message in usual
        if isinstance(message.value, dict) and message.value.get("event_type") == "restored"
    ]

    assert len(days) > 15
    assert 0.7 < sum(day >= 7 for day in days) / len(days) < 1
    assert sum(told.count("etr") > 1 for told in kinds) > 50
    assert sum("created" in told and "closed" in told and "arrived" not in told for told in kinds) > 5
    assert sum(86_400 < delay < 6 * 86_400 for delay in late) >= 1


def test_the_grid_is_valid_and_serves_everybody(tmp_path):
    grid = build(1)
    grid.write_json(tmp_path / "network.json")

    assert network.read(tmp_path / "network.json") == list(grid.records)
    assert Counter(record["record_type"] for record in grid.records) == {
        "region": 4,
        "station": 8,
        "feeder": 24,
        "area": 40,
        "point": 184,
    }
    assert sum(area.customers for area in grid.areas) == CUSTOMERS
    assert {(area.region, area.area_type) for area in grid.areas} >= {("north", "urban"), ("east", "rural")}


def test_the_wallboard_has_something_plausible_to_say(reference):
    """At a few moments of the second half of a day, and over that day."""
    messages = simulated(USUAL.only("outages", "repairs"), days=1)[0]
    instants = [T0 + hours * HOUR for hours in (14, 17, 20, 23)]
    amounts = []
    for now in instants:
        cases, _ = folded(message for message in messages if message.at <= now)
        sums = Counter()
        for case, facts in cases.items():
            kind = KINDS[case.partition("/")[0]]
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


def values_of(event):
    """(slot, value) of a reading or frame of the simulator."""
    if event.event_type == "reading":
        return [(event.occurred_at, event.value_centivolts)]
    start = event.start - (event.interval_seconds if event.stamp == "end" else 0)
    slots = range(start, start + 3600, event.interval_seconds)
    return list(zip(slots, event.values_centivolts, strict=True))


def test_the_voltage_of_three_days_is_plausible():
    """Of the meters' own profiles, a value a quarter of an hour."""
    grid = build(3)
    within, over, under = defaultdict(Counter), Counter(), Counter()
    for message in generate(3, T0, 3, UNDISTURBED.only("voltage")):
        event = codec.decode("voltage", orjson.dumps(message.value)).event
        if event.event_type != "daily_statistics":
            for _, value in values_of(event):
                if value:
                    low, high = (19_800, 23_540) if value > 15_000 else (9_300, 10_700)
                    within[event.point][low <= value <= high] += 1
                    over[event.point] += value > high
                    under[event.point] += value < low

    rates = {point: counts[True] / counts.total() for point, counts in within.items()}
    assert {point.id for point in grid.points if not point.silent} == set(rates)
    assert 0.97 < sum(rates.values()) / len(rates) < 0.996
    assert sum(rate == 1 for rate in rates.values()) > len(rates) / 2
    assert all(sum(map(bool, counts.values())) >= 3 for counts in (over, under))
    assert all(counts.total() >= 3 * 96 * 0.8 for counts in within.values())


def test_three_phase_meters_tell_10_minute_means():
    """EN 50160 asks for them: without such points no week of a simulated grid is judged."""
    sent = [message.value for message in generate(3, T0, 2 / 24, UNDISTURBED.only("voltage"))]
    frames = [event for event in sent if event.get("interval_seconds") == 600 and event["event_type"] == "frame"]
    assert {frame["point"] for frame in frames} == {point.id for point in build(3).points if len(point.phases) > 1}
    assert {(frame["value_kind"], len(frame["values_centivolts"])) for frame in frames} == {("mean", 6)}


def test_meters_tell_each_value_at_once_from_a_moment_on_and_the_profile_says_the_same():
    live_from = T0 + 2 * HOUR
    meters = {point.id for point in build(3).points if point.reports != "readings"}
    messages = list(generate(3, T0, 4 / 24, UNDISTURBED.only("voltage"), singly_from=live_from))
    events = [codec.decode("voltage", orjson.dumps(message.value)).event for message in messages]
    singles = {
        (event.point, event.phase, slot): value
        for event in events
        if event.event_type == "reading" and event.point in meters
        for slot, value in values_of(event)
    }
    profiles = {
        (event.point, event.phase, slot): value
        for event in events
        if event.event_type == "frame"
        for slot, value in values_of(event)
    }

    assert len(singles) > 1000
    assert min(slot for _, _, slot in singles) >= live_from
    assert singles.items() <= profiles.items()


def test_a_complaint_is_mostly_answered_in_time_and_often_about_an_outage():
    messages, truths = simulated(USUAL.only("outages", "complaints"), days=3)
    complaints = [truth for truth in truths if truth.get("case_kind") == "complaint"]
    kinds = Counter(truth["case_kind"] for truth in truths if "case_kind" in truth)
    answered = [truth for truth in complaints if truth["contacted_at"]]
    hours = [(parse_instant(truth["contacted_at"]) - parse_instant(truth["accepted_at"])) / HOUR for truth in answered]
    linked = [m.value for m in messages if isinstance(m.value, dict) and m.value.get("event_type") == "linked"]

    assert len(complaints) > 200
    assert kinds["fault_report"] > kinds["enquiry"] > kinds["service_request"] > 0
    assert 0.9 < sum(each <= 24 for each in hours) / len(hours) < 1
    assert sum("outage_id" in event for event in linked) > 20
    assert sum("point_id" in event for event in linked) > 5
    assert sum(truth["closed_at"] is None for truth in complaints) < len(complaints) / 10


def test_more_of_everything_when_asked():
    number = partial(sum, start=0)
    usual = number(1 for _ in generate(3, T0, 0.1, USUAL))
    triple = number(1 for _ in generate(3, T0, 0.1, USUAL.times(3)))

    assert 2 < triple / usual < 4
