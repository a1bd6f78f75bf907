"""From one release to the next, partition by partition: nobody retires or overwrites what a newer release published."""

import orjson
import pytest

from schemas.event import parse_instant
from streams.agents.partition import SUMMARY_VERSION
from streams.errors import LaneBroken
from streams.kpis import DROPPED, KPIS
from streams.kpis.kpi import ROLES, Ratio
from streams.lane.position import Position, TopicPosition
from streams.publish.board import Board
from streams.publish.catalogue import Catalogue
from streams.reference.rules import Rules
from tests.support.kpi_board import World, network
from tests.support.simulated_partition import INPUTS, MAPPED, Installation

MORNING, DAY_SECONDS = parse_instant("2026-06-03T08:00:00+08:00"), 86_400
SERVED = network(("a1", "north", "urban", "2026-05-01", 10_000))
SAIDI, OPEN = (next(kpi for kpi in KPIS if kpi.name == name) for name in ("saidi", "orders_open"))
# What a next release may do: drop a KPI, change a formula, add a KPI, and add a value to a dimension.
RAISED = SAIDI._replace(
    definition_version=SAIDI.definition_version + 1,
    value=lambda sums, served: Ratio(2 * SAIDI.value(sums, served)[0], 7),
)
WIDER = OPEN._replace(dims=(OPEN.dims[0]._replace(values=(*OPEN.dims[0].values, "paused")),))
NEXT = (
    *(kpi for kpi in KPIS if kpi.name not in {"saidi", "orders_open", "caidi"}),
    RAISED,
    WIDER,
    SAIDI._replace(name="saidi_new"),
)
DROPPED_BY_NEXT = {"caidi": "cases"}

# What the release before publishes: SUMMARY_VERSION, the fingerprint of each role, and every KPI that any release had.
# Written anew with each release.
RELEASED = 11, {"cases": "42ae15f1", "voltage": "1429bb05"}
NAMES = """
    arrival_on_time_share arrival_time_mean arrival_time_p50 arrival_time_p90 caidi complaint_closure_cohort
    complaint_closure_flow complaint_contact_on_time complaint_reopen_share complaint_reply_on_time
    complaints_by_state complaints_closed complaints_open complaints_open_by_age complaints_opened
    complaints_overdue customer_cases_accepted customers_out orders_open outages_by_state outages_open
    outages_open_by_age restoration_time_customers_mean restoration_time_customers_p50
    restoration_time_customers_p90 restoration_time_mean restoration_time_p50 restoration_time_p90 saidi saifi
    sla_breaches sla_clocks_open sla_commitment_on_time_share sla_default_on_time_share sla_law_on_time_share
    sla_on_time_share voltage_areas_out voltage_clocks_broken voltage_clocks_on_time_share voltage_clocks_open
    voltage_compliance voltage_compliance_combined voltage_compliance_time voltage_coverage voltage_en50160
    voltage_en50160_unknown voltage_points_low_coverage voltage_points_missing voltage_points_out
    voltage_points_out_long voltage_points_silent voltage_points_suspect
"""


def days(world, numbers):
    for number in numbers:
        at = MORNING + number * DAY_SECONDS
        day = f"2026-06-0{3 + number}"
        world.case(f"o{number}", {(f"all|{day}", "interruption_seconds|fault"): (60 * number, 0)})
        world.case("r", {("all|now", "orders_open|created"): (number, 0)})
        world.mark(at)


def said(world):
    """What a reader has, whatever was said before it."""
    return {
        key: {name: each for name, each in record.items() if name not in {"as_of", "revision"}}
        for key, record in world.table.items()
    }


def release(world, kpis, dropped):
    world.kpis, world.dropped = kpis, dropped
    world.restart()


def test_the_next_release_says_what_it_would_have_said_all_along():
    world, undisturbed = World(network=SERVED), World(network=SERVED, kpis=NEXT)
    days(world, (0, 1))
    release(world, NEXT, DROPPED_BY_NEXT)
    days(world, (2, 3))
    days(undisturbed, (0, 1, 2, 3))
    assert said(world) == said(undisturbed)
    assert {key.split("|")[0] for key in world.table} >= {"saidi_new", "saidi"}
    assert not [key for key in world.table if key.startswith("caidi|")]


@pytest.mark.parametrize("role", ROLES)
def test_what_a_newer_release_added_is_no_business_of_an_older_one(role):
    """A worker of either role that starts beside workers of the next release, which have published already."""
    world = World(network=SERVED, kpis=NEXT)
    days(world, (0, 1))
    new = {key: record for key, record in world.table.items() if key.startswith("saidi_new|")}
    board = Board(0, 1, KPIS, Rules(), publish_interval=1, growth_interval=60, role=role, dropped=DROPPED)
    for key, record in new.items():
        board.load(key, orjson.dumps(record))
    board.take_over(MORNING + DAY_SECONDS, None)
    records = board.evaluate(MORNING + DAY_SECONDS + 1, world.totals, SERVED, set(), complete=True)
    assert len(new) > 10
    assert records
    assert not new.keys() & {key for key, _ in records}


def test_what_was_dropped_is_retired_by_the_role_that_published_it():
    world = World(network=SERVED)
    days(world, (0, 1))
    kpis = tuple(kpi for kpi in KPIS if kpi.name != "caidi")
    for role, retired in (("voltage", False), ("cases", True)):
        board = Board(0, 1, kpis, Rules(), publish_interval=1, growth_interval=60, role=role, dropped=DROPPED_BY_NEXT)
        for key, record in world.table.items():
            board.load(key, orjson.dumps(record))
        board.take_over(MORNING + DAY_SECONDS, None)
        records = dict(board.evaluate(MORNING + DAY_SECONDS + 1, world.totals, SERVED, set(), complete=True))
        gone = {key for key in world.table if key.startswith("caidi|")}
        assert gone
        assert {key for key, record in records.items() if record is None} == (gone if retired else set())


def test_a_ledger_that_a_newer_release_published_from_is_refused_with_one_sentence():
    installation = Installation(MAPPED)
    installation.live()
    written = installation.position.encode()

    def taken_over(by):
        position = Position(1, "wall", {name: TopicPosition() for name in INPUTS.values()})
        position.restore(written)
        assert position.extra["made_with"] == SUMMARY_VERSION
        position.extra["made_with"] = by
        installation.begin(MAPPED, position)

    for version in (SUMMARY_VERSION - 1, SUMMARY_VERSION):
        taken_over(version)
    with pytest.raises(LaneBroken, match=rf"newer release .* {SUMMARY_VERSION + 1}, here it is {SUMMARY_VERSION}"):
        taken_over(SUMMARY_VERSION + 1)


def test_another_catalogue_has_another_version():
    """One that is published under an old version would be overwritten by workers of the release before."""
    version, released = RELEASED
    now = {role: Catalogue(kpi for kpi in KPIS if kpi.role == role).fingerprint for role in ROLES}
    assert version < SUMMARY_VERSION or now == released, (
        "KPIs have changed: raise SUMMARY_VERSION in streams/agents/partition.py"
    )


def test_what_any_release_published_is_published_or_dropped():
    names = {kpi.name for kpi in KPIS}
    assert set(NAMES.split()) <= names | DROPPED.keys(), "a KPI that is no more goes to streams.kpis.DROPPED"
    assert not names & DROPPED.keys()
