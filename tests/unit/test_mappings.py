"""Both mappings against what is known about the real list, folded here in a few lines without the service."""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import orjson
import pytest

from schemas import codec
from schemas.event import format_instant, parse_instant
from streams.replay.listing import Change, network
from streams.replay.mappings import MAPPINGS
from streams.replay.run import changes, marks

PGE = Path(__file__).parents[3] / "shared" / "data" / "pge_outages_2022_02"
needs_pge = pytest.mark.needs("../shared")
T0 = 1_650_000_000


def rows(name):
    with gzip.open(PGE / name, "rt") as file:
        return list(csv.DictReader(file))


def mapped(name, lines, instants):
    """(instant, events of its lines and then of its mark) for every instant."""
    mapping = MAPPINGS[name]()
    waiting = list(lines)[::-1]
    for at in instants:
        events = []
        while waiting and waiting[-1].at == at:
            events += mapping.line(waiting.pop())
        yield at, events + mapping.mark(at)


@pytest.fixture(scope="module")
def instants():
    return marks([PGE / "events.jsonl.gz"])


@needs_pge
def test_as_listed_gives_every_snapshot_and_the_minutes_listed(instants):
    """Supply by outage, integrated between snapshots."""
    out, seconds, before, seen = {}, defaultdict(int), instants[0], []
    for at, events in mapped("as-listed", changes([PGE / "events.jsonl.gz"]), instants):
        for outage, customers in out.items():
            seconds[outage] += customers * (at - before)
        for event in events:
            outage, areas = event["outage_id"], event.get("areas", [])
            if event["event_type"] == "restored":
                del out[outage]
            for area in areas:
                out[outage] = area["customers"] if event["event_type"] == "started" else area["remaining"]
        before = at
        seen.append((format_instant(at), str(len(out)), str(sum(out.values()))))

    summary = rows("outages_summary.csv.gz")
    expected = {row["id"]: float(row["customer_minutes_while_listed"]) for row in summary}
    assert seen == [tuple(row.values())[0:1] + tuple(row.values())[2:4] for row in rows("snapshots.csv.gz")]
    assert {row["id"]: round(seconds[row["id"]] / 60, 1) for row in summary} == expected
    assert (len(seen), len(expected)) == (3444, 16397)


@needs_pge
def test_as_reported_gives_the_minutes_from_start_to_vanish(instants):
    """Of every fact the statement with the greatest revision holds."""
    start, count, end = {}, {}, {}
    for at, events in mapped("as-reported", changes([PGE / "events.jsonl.gz"]), instants):
        for event in sorted(events, key=lambda event: event["revision"]):
            outage, type_, void = event["outage_id"], event["event_type"], event.get("void", False)
            occurred_at = parse_instant(event["occurred_at"])
            assert occurred_at <= at, "nothing is said to have happened before it has"
            if type_ == "started":
                start[outage] = None if void else occurred_at
            if type_ == "restored":
                end[outage] = None if void else occurred_at
            for area in event.get("areas", []):
                count[outage] = area["customers"]

    truth = {row["id"]: row["customer_minutes_start_to_vanish"] for row in rows("outages_summary.csv.gz")}
    expected = {outage: float(minutes) for outage, minutes in truth.items() if minutes}
    minutes = {outage: round(count[outage] * (end[outage] - start[outage]) / 60, 1) for outage in expected}
    assert minutes == expected
    assert len(expected) == 16291
    assert sum(end.get(outage) is None for outage in truth) == 106


@needs_pge
@pytest.mark.parametrize("name", MAPPINGS)
def test_every_mapped_event_is_valid_and_has_its_own_id_and_revision(name, instants):
    identities = set()
    for _, events in mapped(name, changes([PGE / "events.jsonl.gz"]), instants):
        for event in events:
            decoded = codec.decode("outages", orjson.dumps(event))
            assert decoded.unknown_fields == 0
            assert event["event_id"] not in identities
            identities.add(event["event_id"])


def test_the_network_of_the_replay_is_valid():
    for record in network():
        assert codec.decode("network", orjson.dumps(record)).unknown_fields == 0


def line(at, op, **rec):
    return Change(T0 + at, op, "o", {"latitude": 39.0, "cause": "Unknown", **rec} if op == "appear" else rec)


def said(name, *lines, instants):
    return [
        (
            event["event_type"],
            parse_instant(event["occurred_at"]) - T0,
            event.get("void") or event.get("areas") or event.get("cycle"),
        )
        for _, events in mapped(name, lines, [T0 + at for at in instants])
        for event in events
    ]


def north(**count):
    return [{"area": "north", **count}]


def test_as_listed_reappearance_is_a_new_cycle():
    lines = [line(0, "appear", estCustAffected="5"), line(60, "vanish"), line(90, "appear", estCustAffected="7")]

    assert said("as-listed", *lines, instants=[0, 60, 90]) == [
        ("started", 0, north(customers=5)),
        ("restored", 60, 1),
        ("started", 90, north(customers=7)),
    ]


def test_as_listed_a_count_that_is_withdrawn_is_zero_out_and_still_open():
    lines = [line(0, "appear", estCustAffected="5"), line(60, "change", estCustAffected=None)]
    lines += [line(90, "change", estCustAffected="2")]

    assert said("as-listed", *lines, instants=[0, 60, 90])[1:] == [
        ("step_restored", 60, north(remaining=0)),
        ("extended", 90, north(remaining=2)),
    ]


def test_as_listed_another_cause_corrects_the_kind_of_the_same_cycle():
    maintenance = "Our preliminary determination is that your outage was caused by scheduled maintenance work."
    mapping = MAPPINGS["as-listed"]()
    first = mapping.line(line(0, "appear", estCustAffected="5"))
    second = mapping.line(line(60, "change", cause=maintenance))

    assert [(event["kind"], event["cycle"], event["revision"]) for event in first + second] == [
        ("fault", 1, 1),
        ("planned", 1, 2),
    ]
    assert first[0]["occurred_at"] == second[0]["occurred_at"]


def test_as_reported_a_start_ahead_follows_at_the_first_mark_that_reached_it():
    lines = [line(0, "appear", estCustAffected="5", outageStartTime=str(T0 + 100)), line(150, "vanish")]

    assert said("as-reported", *lines, instants=[0, 60, 120, 150]) == [
        ("scheduled", 0, None),
        ("started", 100, north(customers=5)),
        ("restored", 150, None),
    ]


def test_as_reported_a_start_that_moves_ahead_voids_the_one_before():
    lines = [line(0, "appear", estCustAffected="5", outageStartTime=str(T0 - 100))]
    lines += [line(60, "change", outageStartTime=str(T0 + 70))]

    assert said("as-reported", *lines, instants=[0, 60, 120]) == [
        ("started", -100, north(customers=5)),
        ("started", 60, True),
        ("scheduled", 60, None),
        ("started", 70, north(customers=5)),
    ]


def test_as_reported_the_greatest_count_holds_and_a_reappearance_takes_the_end_back():
    lines = [line(0, "appear", estCustAffected="5", outageStartTime=str(T0))]
    lines += [line(60, "change", estCustAffected="2"), line(70, "change", estCustAffected="9"), line(80, "vanish")]
    lines += [line(90, "appear", estCustAffected="1", outageStartTime=str(T0))]

    assert said("as-reported", *lines, instants=[0, 60, 70, 80, 90]) == [
        ("started", 0, north(customers=5)),
        ("count_revised", 70, north(customers=9)),
        ("restored", 80, None),
        ("restored", 90, True),
    ]
