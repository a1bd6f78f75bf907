"""Admission by the record's timestamp, and the reference that contributions read."""

import pytest

from streams.cases.admission import admit
from streams.reference.network import Network
from streams.reference.rules import Rules
from tests.support.lives import area, complaint, order, outage

NOW = 1_780_000_000
HORIZON = 3653 * 86_400


def reason(event):
    refused = admit(event, NOW, Rules())
    return refused and refused.reason


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
def test_admission_depends_on_the_record_alone(occurred, recorded, why):
    assert reason(outage("closed", NOW + occurred, recorded_at=NOW + recorded)) == why


@pytest.mark.parametrize(
    ("received", "why"),
    [(0, None), (300, None), (301, "from_the_future"), (-HORIZON, None), (-HORIZON - 1, "sealed_period")],
)
def test_the_receipt_of_a_report_is_bounded_like_the_event(received, why):
    assert reason(order("created", NOW, report_received_at=NOW + received)) == why


def test_only_a_creation_has_a_receipt():
    assert reason(order("arrived", NOW, report_received_at="no instant at all")) is None
    assert reason(outage("started", NOW, report_received_at=0)) is None


@pytest.mark.parametrize("days", [36, 60, 400, 3000])
def test_late_truth_about_a_case_is_admitted(days):
    then = NOW - days * 86_400
    for event in (
        outage("started", then),
        outage("restored", then),
        outage("cancelled", then),
        outage("restored", then, void=True),
        order("created", then),
        order("closed", then),
        complaint("accepted", then),
        complaint("closed", then),
    ):
        assert reason(event) is None
        assert reason(event.model_copy(update={"recorded_at": NOW})) is None


def test_a_refusal_names_the_setting_and_both_instants():
    refused = admit(complaint("closed", 0), NOW, Rules(case_horizon_seconds=40 * 86_400))
    assert refused.sentence == (
        "the event states 1970-01-01T00:00:00Z, its record is of 2026-05-28T20:26:40Z: older than "
        "GRIDPULSE_CASE_HORIZON_DAYS = 40 allows"
    )
    ahead = admit(complaint("closed", NOW + 301), NOW, Rules())
    assert ahead.sentence.endswith("later than GRIDPULSE_FUTURE_TOLERANCE_SECONDS = 300 allows")


def test_plans_and_estimates_may_lie_ahead():
    plan = {"start": NOW + 10**6, "end": NOW + 2 * 10**6}
    assert reason(outage("scheduled", NOW, plan=plan)) is None
    assert reason(outage("etr", NOW, etr=NOW + 10**5)) is None


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
