"""Outages over areas, scopes and time: who goes first, who comes again, where it counts."""

import pytest

from schemas.network import Area
from streams.cases.registry import OUTAGE
from streams.reference.network import Network
from streams.reference.reference import Reference
from tests.support.lives import at, look, measures, outage, value

DAY = "2026-06-03"
LATER = "05 00:00"


def seconds(events, scope="all", now=LATER):
    return value(look(OUTAGE, events, now), "interruption_seconds|fault", f"{scope}|{DAY}", now)


def test_an_outage_counts_once_in_each_region_and_once_in_all_its_customers_where_they_are():
    seen = look(OUTAGE, [outage("started", "03 08:00", areas={"A": 10, "B": 20, "C": 40})], "03 10:00")
    by_scope = {"all": 70, "region=north": 30, "region=south": 40, "region=north,area_type=urban": 10}
    for scope, customers in by_scope.items():
        assert value(seen, "outages_open|fault", f"{scope}|now") == 1
        assert value(seen, "customers_out|fault", f"{scope}|now") == customers
        assert value(seen, "customer_interruptions|fault", f"{scope}|{DAY}") == customers
    assert seen.summary["regions"] == ["north", "south"]


def test_unknown_areas_add_up_under_unknown_and_are_a_finding():
    seen = look(OUTAGE, [outage("started", "03 08:00", areas={"": 10, "not on any map": 5})], "03 10:00")
    assert value(seen, "customers_out|fault", "region=unknown,area_type=unknown|now") == 15
    assert seen.findings == ("area_unknown",)
    assert value(seen, "findings|area_unknown", "region=unknown|now") == 1


def test_the_longest_interrupted_go_first():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 10}),
        outage("extended", "03 09:00", areas={"A": 30}),
        outage("step_restored", "03 10:00", areas={"A": 15}),
        outage("restored", "03 11:00"),
    ]
    assert seconds(lifecycle) == 10 * 7200 + 5 * 3600 + 15 * 7200


def test_given_no_area_the_longest_interrupted_of_all_areas_go_first():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 10}),
        outage("extended", "03 09:00", areas={"C": 30}),
        outage("step_restored", "03 10:00", areas={"": 25}),
        outage("restored", "03 11:00"),
    ]
    assert seconds(lifecycle, "region=north") == 10 * 7200
    assert seconds(lifecycle, "region=south") == 5 * 3600 + 25 * 7200
    assert look(OUTAGE, lifecycle, LATER).findings == ()


def test_a_revised_initial_count_holds_from_the_start_and_later_remainings_stay():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 100}),
        outage("step_restored", "03 09:00", areas={"A": 40}),
        outage("count_revised", "03 09:30", areas={"A": 60}),
        outage("restored", "03 10:00"),
    ]
    assert seconds(lifecycle) == 20 * 3600 + 40 * 7200


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"areas": {"A": 1000}}, {"areas": {"B": 1000}}),
        ({"areas": {"": 1000}, "source": "scada"}, {"areas": {"A": 600, "B": 400}}),
    ],
)
@pytest.mark.parametrize("name", ["started", "count_revised"])
def test_a_corrected_list_of_areas_replaces_the_previous_list(name, first, second):
    lifecycle = [outage("started", "03 08:00", **first), outage(name, "03 08:00", **second, recorded_at=at("03 08:10"))]
    for events in (lifecycle, lifecycle[::-1]):
        seen = look(OUTAGE, events, "03 09:00")
        assert value(seen, "customers_out|fault", "all|now") == 1000
        assert seen.summary["areas"] == sorted(second["areas"])


def test_a_retracted_start_retracts_its_counts():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 600}),
        outage("started", "03 08:00", void=True),
        outage("started", "03 08:10"),
    ]
    assert look(OUTAGE, lifecycle, "03 09:00").summary["customers_out"] == 0
    counted = [*lifecycle, outage("count_revised", "03 08:20", areas={"B": 600})]
    seen = look(OUTAGE, counted, "03 09:00")
    assert (seen.summary["customers_out"], seen.summary["areas"]) == (600, ["B"])


def test_a_repeated_start_without_areas_leaves_the_counts():
    lifecycle = [outage("started", "03 08:00", areas={"A": 600}), outage("started", "03 08:05")]
    assert look(OUTAGE, lifecycle, "03 09:00").summary["customers_out"] == 600


def test_another_list_of_expected_areas_replaces_the_previous_list():
    lifecycle = [outage("predicted", "03 08:00", areas={"A": 5}), outage("confirmed", "03 08:05", areas={"B": 5})]
    assert look(OUTAGE, lifecycle, "03 09:00").summary["areas"] == ["B"]


def test_remaining_0_alone_does_not_restore():
    lifecycle = [outage("started", "03 08:00", areas={"A": 100}), outage("step_restored", "03 09:00", areas={"A": 0})]
    seen = look(OUTAGE, lifecycle, "03 10:00")
    assert (seen.summary["state"], seen.summary["open"]) == ("partially_restored", True)
    assert value(seen, "customers_out|fault", "all|now") == 0
    assert value(seen, "outages_open|fault", "region=north|now") == 1
    # Supply is back all the same: at the reported instant, not at that of the file.
    assert value(seen, "restoration_minutes|fault|60", f"all|{DAY}") == 1


@pytest.mark.parametrize("name", ["extended", "step_restored"])
@pytest.mark.parametrize("area", ["A", ""])
def test_a_remaining_that_is_not_known_leaves_the_number_before(name, area):
    lifecycle = [outage("started", "03 08:00", areas={"A": 1000}), outage(name, "03 08:40", areas={area: None})]
    seen = look(OUTAGE, lifecycle, "03 09:00")
    assert value(seen, "customers_out|fault", "all|now") == 1000
    assert (seen.summary["state"], seen.findings) == ("active", ())
    assert seconds([*lifecycle, outage("restored", "03 10:00")]) == 1000 * 7200


def test_an_extension_after_the_end_opens_anew():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 100}),
        outage("restored", "03 09:00"),
        outage("extended", "03 10:00", areas={"A": 5}),
    ]
    seen = look(OUTAGE, lifecycle, "03 10:30")
    assert (seen.summary["open"], seen.summary["started_at"]) == (True, at("03 10:00"))
    assert value(seen, "customers_out|fault", "all|now") == 5
    assert value(seen, "customer_interruptions|fault", f"all|{DAY}") == 105
    ended = look(OUTAGE, [*lifecycle, outage("restored", "03 11:00", cycle=2)], LATER)
    assert (ended.summary["open"], ended.findings) == (False, ())
    assert value(ended, "restorations|fault", f"all|{DAY}") == 2
    same_instant = [*lifecycle[:2], outage("extended", "03 09:00", areas={"A": 5})]
    assert not look(OUTAGE, same_instant, LATER).summary["open"]


def test_an_entry_is_moved_by_the_instant_it_corrects_and_voided_by_it():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 100}),
        outage("step_restored", "03 09:00", areas={"A": 40}),
        outage("restored", "03 10:00"),
    ]
    moved = outage("step_restored", "03 09:30", areas={"A": 40}, corrects="2026-06-03T09:00:00+08:00")
    assert seconds([*lifecycle, moved]) == 60 * 5400 + 40 * 7200
    by_id = outage("step_restored", "03 09:30", areas={"A": 40}, corrects=lifecycle[1].event_id)
    assert seconds([*lifecycle, by_id]) == 60 * 5400 + 40 * 7200
    voided = outage("step_restored", "03 09:00", areas={"A": 0}, void=True)
    assert seconds([*lifecycle, voided]) == 100 * 7200


def test_a_void_retracts_a_restoration():
    lifecycle = [outage("started", "03 08:00", areas={"A": 100}), outage("restored", "03 09:00")]
    assert look(OUTAGE, [*lifecycle, outage("restored", "03 09:00", void=True)], LATER).summary["open"]


def test_the_end_of_an_earlier_cycle_does_not_end_a_later_cycle():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 10}),
        outage("started", "03 09:00", cycle=2, areas={"A": 15}),
        outage("restored", "03 10:00"),
    ]
    seen = look(OUTAGE, lifecycle, "03 10:30")
    assert (seen.summary["open"], seen.findings) == (True, ("cycles_overlap",))
    assert value(seen, "customers_out|fault", "all|now") == 5
    # The end of the last cycle ends earlier cycles, too: it need not be reported twice.
    both = look(OUTAGE, [*lifecycle[:2], outage("restored", "03 10:00", cycle=2)], LATER)
    assert (both.summary["open"], both.findings) == (False, ())


def test_states_before_the_begin_count_by_state_only():
    plan = {"start": at("03 09:00"), "end": at("03 11:00")}
    lifecycle = [
        outage("scheduled", "01 08:00", plan=plan, areas={"A": 100}),
        outage("announced", "02 08:00", plan=plan),
    ]
    seen = look(OUTAGE, lifecycle, "03 10:00")
    assert measures(seen, "region=north") == {("now", "outages_by_state|planned|announced"): (1, 0)}
    assert seen.summary["plan"] == {"announced_at": None, **plan}
    begun = look(OUTAGE, [*lifecycle, outage("started", "03 09:10", kind="planned")], "03 10:00")
    assert value(begun, "outages_open|planned", "region=north|now") == 1
    assert begun.summary["customers_out"] == 0
    guessed = look(OUTAGE, [outage("predicted", "03 08:00", areas={"C": 5})], "03 10:00")
    assert measures(guessed, "region=south") == {("now", "outages_by_state|unknown|predicted"): (1, 0)}


def test_a_merged_outage_adds_only_to_customers_in_question():
    lifecycle = [outage("started", "03 08:00", areas={"A": 10}), outage("merged", "03 09:00", into="other")]
    seen = look(OUTAGE, lifecycle, "03 10:00")
    rule = "merged_after_start"
    assert measures(seen) == {
        ("now", f"findings|{rule}"): (1, 0),
        ("now", f"in_question|{rule}|fault"): (10, 0),
        ("now", f"in_question_cases|{rule}|fault"): (1, 0),
        (DAY, f"in_question|{rule}|fault"): (10, 0),
        (DAY, f"in_question_cases|{rule}|fault"): (1, 0),
    }
    assert (seen.summary["state"], seen.findings, seen.next_due_at) == ("merged", (rule,), at("04 09:00"))
    later = look(OUTAGE, lifecycle, "04 09:00")
    assert {day for day, measure in measures(later) if measure.startswith("in_question")} == {DAY}


@pytest.mark.parametrize("before", [[], [outage("predicted", "03 08:00", areas={"A": 10})]])
def test_an_outage_merged_before_its_begin_has_no_customers_in_question(before):
    seen = look(OUTAGE, [*before, outage("merged", "03 09:00", into="other")], LATER)
    assert (seen.measures, seen.findings) == ({}, ())


def test_a_retracted_merge_leaves_no_trace():
    lifecycle = [outage("started", "03 08:00", areas={"A": 10})]
    merged = [
        *lifecycle,
        outage("merged", "03 09:00", into="other"),
        outage("merged", "03 09:00", into="other", void=True),
    ]
    assert look(OUTAGE, merged, LATER).measures == look(OUTAGE, lifecycle, LATER).measures
    parts = [*lifecycle, outage("split", "03 09:00", into=["P"]), outage("split", "03 09:00", into=["P"], void=True)]
    assert look(OUTAGE, parts, LATER).measures == look(OUTAGE, lifecycle, LATER).measures


def test_more_than_served_changes_with_the_figure_of_the_area():
    served = [{"from": "2026-01-01", "customers": 5}, {"from": "2026-06-04", "customers": 9}]
    small = Area.model_validate({"area": "A", "region": "north", "area_type": None, "served": served})
    reference = Reference(Network.from_records([small]))
    lifecycle = [outage("started", "03 08:00", kind="load_shedding", areas={"A": 9})]
    seen = look(OUTAGE, lifecycle, "03 20:00", reference)
    assert value(seen, "in_question|more_affected_than_served|load_shedding", "all|now") == 4
    assert seen.next_due_at == at("04 00:00")
    after = look(OUTAGE, lifecycle, "04 00:00", reference)
    assert value(after, "in_question|more_affected_than_served|load_shedding", "all|now") == 0
    assert value(after, "in_question|more_affected_than_served|load_shedding", f"all|{DAY}") == 4


def test_age_buckets_change_at_their_breakpoints():
    lifecycle = [outage("started", "03 08:00", kind="load_shedding", areas={"A": 0})]  # without a commitment
    for now, bucket, then in [
        ("03 08:59:59", "lt_1h", "03 09:00"),
        ("03 09:00", "1h_4h", "03 12:00"),
        ("03 12:00", "4h_8h", "03 16:00"),
        ("03 16:00", "8h_24h", "04 08:00"),
        ("04 08:00", "ge_24h", None),
    ]:
        seen = look(OUTAGE, lifecycle, now)
        assert value(seen, f"outages_open_by_age|load_shedding|{bucket}", "all|now") == 1
        assert seen.next_due_at == (at(then) if then else None)


def test_a_retracted_start_leaves_the_plan():
    plan = {"start": at("03 09:00"), "end": at("03 11:00")}
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 100}),
        outage("scheduled", "03 08:10", plan=plan),
        outage("started", "03 08:00", void=True),
    ]
    seen = look(OUTAGE, lifecycle, "03 08:30")
    assert (seen.summary["state"], seen.summary["open"], seen.summary["customer_seconds_out"]) == (
        "scheduled",
        False,
        0,
    )
    assert look(OUTAGE, [lifecycle[0], lifecycle[2]], "03 08:30").summary["state"] == "incomplete"
