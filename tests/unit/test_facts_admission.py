"""Admission by the record's timestamp, and the reference that contributions read."""

import pytest

from streams.cases.admission import admit
from streams.cases.reference import Network, Rules
from tests.lives import area, order, outage

NOW = 1_780_000_000
HORIZON = 35 * 86_400


@pytest.mark.parametrize(
    ("occurred", "recorded", "why"),
    [
        (0, 0, None),
        (300, 300, None),
        (301, 0, "from_the_future"),
        (0, 301, "from_the_future"),
        (-HORIZON, -HORIZON, None),
        (-HORIZON - 1, 0, "sealed_period"),
        (0, -HORIZON - 1, "sealed_period"),
    ],
)
def test_admission_looks_at_the_record_alone(occurred, recorded, why):
    assert admit(outage("closed", NOW + occurred, recorded_at=NOW + recorded), NOW, Rules()) == why


@pytest.mark.parametrize(
    ("received", "why"),
    [(0, None), (300, None), (301, "from_the_future"), (-HORIZON, None), (-HORIZON - 1, "sealed_period")],
)
def test_the_receipt_of_a_report_is_bounded_like_the_event(received, why):
    assert admit(order("created", NOW, report_received_at=NOW + received), NOW, Rules()) == why


def test_plans_and_estimates_may_lie_ahead():
    plan = {"start": NOW + 10**6, "end": NOW + 2 * 10**6}
    assert admit(outage("scheduled", NOW, plan=plan), NOW, Rules()) is None
    assert admit(outage("etr", NOW, etr=NOW + 10**5), NOW, Rules()) is None


def test_customers_served_hold_from_a_day_on():
    grown = area("A")
    grown = grown.model_validate(
        {
            **grown.model_dump(),
            "served": [{"from": "2026-06-10", "customers": 120}, {"from": "2026-01-01", "customers": 100}],
        }
    )
    network = Network.from_records([area("A", customers=7), grown, area("B", "north", "rural", 50), area("C", "south")])
    assert network.served("region=north", "2025-12-31") is None
    assert network.served("region=north", "2026-06-09") == 150
    assert network.served("region=north", "2026-06-10") == 170
    assert network.served("region=north,area_type=urban", "2026-06-10") == 120
    assert network.served("all", "2026-06-10") == 10_170
    assert network.served("region=west", "2026-06-10") is None
    assert network.area("A").area_type == "urban"
    assert network.area("nowhere") is None is network.area(None)


def test_the_version_of_a_network_is_its_content():
    one, other = [area("A"), area("B")], [area("B"), area("A")]
    assert Network.from_records(one).version == Network.from_records(other).version
    assert Network.from_records(one).version != Network.from_records(one[:1]).version
