"""The script of the demo: true present events, in order, and their results in the service."""

from collections import Counter, defaultdict

import orjson
import pytest

from schemas import codec
from streams.cases.admission import admit
from streams.cases.registry import CASES
from streams.facts import Stamp, merge
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.simulator import demo_log
from streams.simulator.demo_script import LATE, PROOF, SWITCHED, steps
from streams.simulator.grid import build

BEGIN = 1_780_000_000
KINDS = {kind.family: kind for kind in CASES}


@pytest.fixture(scope="module", params=[1, 3, 5])
def grid(request):
    return request.param, build(request.param)


@pytest.fixture(scope="module")
def reference(grid):
    records = [codec.decode("network", orjson.dumps(record)).event for record in grid[1].records]
    return Reference(Network.from_records(records))


def sums(grid, reference, now):
    """Scope `all`, by measure, of all events that the script has sent by `now`."""
    cases = defaultdict(dict)
    for step in steps(grid[1], grid[0], BEGIN):
        for message in step.messages if step.at <= now else ():
            if message.family != "voltage":
                event = codec.decode(message.family, orjson.dumps(message.value)).event
                kind = KINDS[message.family]
                merge(cases[kind, message.key], kind.facts_of(event), Stamp.of(event))
    found = Counter()
    for (kind, key), facts in cases.items():
        for (cell, measure), (fixed, _) in kind.contribution(
            f"{kind.name}/{key}", facts, reference, now
        ).measures.items():
            if cell.startswith("all|"):
                found[measure.split("|")[0]] += fixed
    return found


def test_every_scene_except_scenes_of_the_demo_is_logged_in_order(grid):
    logged = [step.scene for step in steps(grid[1], grid[0], BEGIN) if step.scene]

    others = {"back_fill", "worker_killed", "worker_back"}
    assert logged == [scene for scene in demo_log.SCENES if scene not in others]


def test_the_events_are_valid_and_admitted_when_they_are_sent(grid):
    instants = []
    for step in steps(grid[1], grid[0], BEGIN):
        instants.append(step.at)
        for message in step.messages:
            event = codec.decode(message.family, orjson.dumps(message.value)).event
            assert codec.case_id(event) == message.key
            assert event.occurred_at <= event.recorded_at <= step.at
            assert admit(event, step.at, Rules()) is None
    assert instants == sorted(instants)


def test_the_limit_passes_without_an_event_and_the_proof_retracts_the_breach(grid, reference):
    before, late, proved = (sums(grid, reference, BEGIN + at) for at in (LATE - 1, LATE, PROOF))

    assert (before["arrivals_due"], before["arrivals_on_time"]) == (0, 0)
    assert (late["arrivals_due"], late["arrivals_on_time"]) == (1, 0)
    assert (proved["arrivals_due"], proved["arrivals_on_time"]) == (1, 1)


def test_the_numbers_of_the_script_equal_the_numbers_of_the_service(grid, reference):
    scenes = {step.scene: step for step in steps(grid[1], grid[0], BEGIN)}
    before, after = (sums(grid, reference, BEGIN + at)["customers_out"] for at in (SWITCHED - 1, SWITCHED))
    (number,) = scenes["partial_restoration"].numbers

    assert before > after > 0
    assert (number["before"], number["after"]) == (str(before), str(after))
    assert scenes["feeder_trip"].details["customers"] == before
    assert scenes["partial_restoration"].details["customers"] == before - after
    assert sums(grid, reference, scenes["quiet"].at)["customers_out"] == 0
    assert scenes["voltage_dip"].details["volts"] < 198
    assert scenes["voltage_dip"].details["points"] >= 3
