"""The record's way enters no more files, and turns back no more often, than docs/architecture.md publishes."""

from functools import cache
from pathlib import Path

import pytest

from streams.lane.position import KEY
from tests.calls import Count, package_of
from tests.walk import TRIPS, Service, walk

PAGE = Path(__file__).parents[2] / "docs/architecture.md"


@cache
def walked(number):
    return walk(TRIPS[number])


def published():
    """The table that `python -m tests.walk` prints, as it is on the page: numbers by name of the trip."""
    lines = PAGE.read_text("utf-8").splitlines()
    names = {trip.name for trip in TRIPS}
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|"))
    titles = [
        cell.strip() for cell in next(line for line in lines if line.startswith("| trip |")).strip("|").split("|")
    ]
    return {row[0]: dict(zip(titles, row, strict=True)) for row in rows if row[0] in names}


@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: trip.record.said["event_type"])
def test_the_way_is_not_longer_than_published(trip):
    counted, page = walked(TRIPS.index(trip))[0].steps, published()[trip.name]
    for name in ("files", "back", "up"):
        assert getattr(counted, name) <= int(page[name].replace(",", "")), (
            f"{trip.name}: {name} grew; find out why with `python -m tests.walk`, or publish it in {PAGE.name}"
        )
    assert counted.calls > counted.functions > counted.files > 40, "it went the whole way"


@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: trip.record.said["event_type"])
def test_kpi_records_go_out_in_a_later_unit_than_the_sums_of_their_case(trip):
    _, first, second = walked(TRIPS.index(trip))
    names = Service(trip.role).names
    assert {output.topic for output in first} >= {names.ledger, names.partials}
    assert names.kpis not in {output.topic for output in first}
    assert len([output for output in second if output.topic == names.kpis]) > 20
    rest = {(output.topic, output.key) for output in second if output.topic != names.kpis}
    assert rest == {(names.ledger, KEY), (names.partials, b"status")}, "nothing is said of the case any more"


def test_a_call_back_is_one_to_a_stage_that_was_passed_and_a_call_up_one_that_no_import_allows():
    count = Count()
    count.turns.update(
        {
            ("lane", "agents"): 1,  # forward in the flow, up the layers
            ("cases", "facts"): 10,  # back in the flow, down the layers
            ("cases", "schemas"): 100,  # schemas are no stage, and no layer of streams
            ("agents", "cases"): 1000,
        }
    )
    assert (count.steps.back, count.steps.up) == (10, 1)


def test_the_room_of_a_file_is_its_package_or_its_module():
    root = Path(__file__).parents[2]
    assert [
        package_of(f"{root}/{file}") for file in ("streams/cases/order.py", "streams/clock.py", "schemas/a.py")
    ] == [
        "cases",
        "clock",
        "schemas",
    ]
