"""DOMAIN.md 4: edge cases of outages, by their numbers there."""

import pytest

from streams.cases.registry import OUTAGE
from streams.kpis.customers_out import CUSTOMERS_OUT
from streams.kpis.variants import variants
from tests.support.lives import at, facts, look, measures, outage, value
from tests.support.outages import LATER, o1, o2

DAY = "all|2026-06-03"


def minutes(events, now=LATER, day=DAY, kind="fault"):
    return value(look(OUTAGE, events, now), f"interruption_seconds|{kind}", day, now) / 60


def test_1_a_repeated_event_changes_nothing():
    lifecycle = o1()
    assert facts(OUTAGE, lifecycle + lifecycle) == facts(OUTAGE, lifecycle)


def test_2_a_repeated_step_under_a_new_event_id_changes_no_number():
    lifecycle = o1()
    for again in (
        outage("step_restored", "03 08:40", areas={"A": 400}),
        outage("restored", "03 12:00"),
    ):
        assert look(OUTAGE, [*lifecycle, again], LATER) == look(OUTAGE, lifecycle, LATER)


def test_2_a_repeated_named_step_counts_once():
    steps = [outage("step_restored", "03 08:40", step="s1", areas={"A": 400}) for _ in range(2)]
    moved = outage("step_restored", "03 08:50", step="s1", areas={"A": 400})
    lifecycle = o1()
    assert minutes([lifecycle[0], *steps, *lifecycle[2:]]) == 75_000
    assert minutes([lifecycle[0], *steps, moved, *lifecycle[2:]]) == 75_000 + 600 * 10


def test_3_a_restoration_before_its_outage_waits():
    started, *rest = o1()
    waiting = look(OUTAGE, rest, LATER)
    assert measures(waiting) == {("now", "outages_by_state|unknown|incomplete"): (1, 0)}
    assert (waiting.summary["state"], waiting.summary["open"], waiting.findings) == ("incomplete", False, ())
    assert minutes([*rest, started]) == 75_000


def test_5_steps_in_any_order():
    assert minutes(o1()[::-1]) == 75_000


def test_7_cancelled_after_counting_leaves_nothing_but_the_finding_that_it_went_on():
    cancelled = outage("cancelled", "03 09:00")
    seen = look(OUTAGE, [*o1(), cancelled], LATER)
    assert {name for _, name in seen.measures} == {"findings|fact_after_closing"}
    at_last = outage("cancelled", "03 13:00")
    assert look(OUTAGE, [*o1(), at_last], LATER).measures == {}
    undone = outage("cancelled", "03 09:00", void=True)
    assert look(OUTAGE, [*(lifecycle := o1()), cancelled, undone], LATER) == look(OUTAGE, lifecycle, LATER)


def test_9_start_corrected_half_an_hour_back():
    lifecycle = o1()
    corrected = outage("started", "03 07:30", areas={"A": 1000})
    assert minutes([*lifecycle, corrected]) == 105_000
    across_midnight = outage("started", "02 23:00", areas={"A": 1000})
    assert minutes([*lifecycle, across_midnight]) == 0
    assert minutes([*lifecycle, across_midnight], day="all|2026-06-02") == 75_000 + 9 * 60 * 1000


def test_14_interrupted_again_is_a_second_interruption():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 100}),
        outage("restored", "03 09:00"),
        outage("started", "03 09:10", cycle=2, areas={"A": 100}),
    ]
    seen = look(OUTAGE, lifecycle, "03 10:10")
    assert value(seen, "customer_interruptions|fault", DAY) == 200
    assert value(seen, "interruption_seconds|fault", DAY, "03 10:10") == 2 * 100 * 3600
    assert value(seen, "restorations|fault", DAY) == value(seen, "restoration_minutes|fault|60", DAY) == 1
    assert value(seen, "outages_open_by_age|fault|1h_4h", "all|now") == 1
    ended = look(OUTAGE, [*lifecycle, outage("restored", "03 10:10", cycle=2)], LATER)
    assert value(ended, "restorations|fault", DAY) == value(ended, "restoration_minutes|fault|60", DAY) == 2


@pytest.mark.parametrize(("end", "ci"), [("03 08:05", 0), ("03 08:05:01", 7)])
def test_15_five_minutes_are_momentary_and_a_second_more_is_sustained(end, ci):
    seen = look(OUTAGE, [outage("started", "03 08:00", areas={"A": 7}), outage("restored", end)], LATER)
    assert value(seen, "customer_interruptions|fault", DAY) == ci
    assert value(seen, "interruption_seconds|fault", DAY) == 301 * ci
    assert seen.summary["customer_seconds_out"] == 7 * (at(end) - at("03 08:00"))


def test_15_each_step_of_an_outage_is_evaluated_by_itself():
    lifecycle = [
        outage("started", "03 08:00", areas={"A": 1000}),
        outage("step_restored", "03 08:03", areas={"A": 600}),
        outage("restored", "03 09:00"),
    ]
    seen = look(OUTAGE, lifecycle, LATER)
    assert value(seen, "customer_interruptions|fault", DAY) == 600
    assert value(seen, "interruption_seconds|fault", DAY) == 36_000 * 60


def test_16_an_open_interruption_becomes_sustained_by_the_clock():
    lifecycle = [outage("started", "03 08:00", areas={"A": 100})]
    before = look(OUTAGE, lifecycle, "03 08:04:50")
    assert value(before, "customer_interruptions|fault", DAY) == 0
    assert before.next_due_at == at("03 08:05:01")
    after = look(OUTAGE, lifecycle, before.next_due_at)
    assert value(after, "customer_interruptions|fault", DAY) == 100
    assert value(after, "interruption_seconds|fault", DAY, before.next_due_at) == 301 * 100


def test_19_everything_belongs_to_the_day_it_began():
    seen = look(OUTAGE, o2(), LATER)
    assert value(seen, "interruption_seconds|fault", "all|2026-06-10") == 24_000 * 60
    assert value(seen, "interruption_seconds|fault", "all|2026-06-11") == 0
    assert value(seen, "restorations|fault", "all|2026-06-11") == 1


def test_20_days_are_local():
    lifecycle = [outage("started", "30 23:50", areas={"A": 10}), outage("restored", at("30 23:50") + 1800)]
    seen = look(OUTAGE, lifecycle, at("30 23:50") + 9000)
    assert value(seen, "customer_interruptions|fault", "all|2026-06-30") == 10
    assert value(seen, "restorations|fault", "all|2026-07-01") == 1
    midnight = [outage("started", "29 00:00", areas={"A": 10})]
    assert value(look(OUTAGE, midnight, "29 01:00"), "customer_interruptions|fault", "all|2026-06-29") == 10


def test_14_interrupted_again_belongs_to_the_day_it_was():
    lifecycle = [
        outage("started", "03 22:00", areas={"A": 200}),
        outage("step_restored", "03 23:00", areas={"A": 0}),
        outage("extended", "04 00:30", areas={"A": 150}),
        outage("restored", "04 01:30"),
    ]
    seen = look(OUTAGE, lifecycle, LATER)
    for day, customers in ((DAY, 200), ("all|2026-06-04", 150)):
        assert value(seen, "customer_interruptions|fault", day) == customers
        assert value(seen, "interruption_seconds|fault", day) == customers * 3600
    assert value(seen, "restoration_minutes|fault|210", "all|2026-06-04") == 1


def test_22_an_end_before_its_start_is_a_finding_and_heals():
    lifecycle = [outage("started", "03 08:00", areas={"A": 10}), outage("restored", "03 07:00")]
    seen = look(OUTAGE, lifecycle, LATER)
    assert seen.findings == ("end_before_start",)
    assert measures(seen) == {
        ("now", "outages_by_state|fault|contradictory"): (1, 0),
        ("now", "findings|end_before_start"): (1, 0),
    }
    assert not seen.summary["open"]
    healed = look(OUTAGE, [*lifecycle, outage("restored", "03 09:00")], LATER)
    assert (healed.findings, value(healed, "restorations|fault", DAY)) == ((), 1)
    at_once = look(OUTAGE, [*lifecycle, outage("restored", "03 08:00")], LATER)
    assert (at_once.findings, at_once.summary["state"]) == ((), "restored")
    assert value(at_once, "restorations|fault", DAY) == 0  # of no length, it was none


def test_23_a_future_fact_has_not_happened_yet():
    lifecycle = [outage("started", "03 08:00", areas={"A": 10}), outage("restored", "03 08:20")]
    early = look(OUTAGE, lifecycle, "03 07:58")
    assert (early.measures, early.next_due_at) == ({}, at("03 08:00"))
    assert early.summary["state"] == "not_begun"
    open_still = look(OUTAGE, lifecycle, "03 08:19")
    assert (open_still.summary["open"], open_still.next_due_at) == (True, at("03 08:20"))
    assert not look(OUTAGE, lifecycle, "03 08:20").summary["open"]


@pytest.mark.parametrize("areas", [{"A": 0}, {"A": None}, None])
def test_24_an_outage_of_no_or_unknown_customers_is_open(areas):
    seen = look(OUTAGE, [outage("started", "03 08:00", areas=areas)], "03 10:00")
    assert value(seen, "outages_open|fault", "all|now") == 1
    assert not any(m.startswith(("customers_out", "customer_int", "interruption")) for _, m in measures(seen))


def test_26_three_days_later_it_still_accrues():
    seen = look(OUTAGE, [outage("started", "03 08:00", areas={"A": 10})], "03 09:00")
    later = look(OUTAGE, [outage("started", "03 08:00", areas={"A": 10})], "06 08:00")
    for each in (seen, later):
        assert value(each, "interruption_seconds|fault", DAY, "06 08:00") == 10 * 3 * 86_400
    assert value(later, "outages_open_by_age|fault|ge_24h", "all|now") == 1


def test_28_reclassified_amounts_move():
    lifecycle = o1()
    as_fault = measures(look(OUTAGE, lifecycle, LATER))
    as_planned = measures(look(OUTAGE, [*lifecycle, outage("confirmed", "03 13:00", kind="planned")], LATER))
    assert as_planned.pop(("now", "findings|started_without_plan")) == (1, 0)
    assert {(day, m.replace("|planned", "|fault")): n for (day, m), n in as_planned.items()} == as_fault


def test_30_unpaid_is_nowhere():
    seen = look(OUTAGE, [outage("started", "03 08:00", kind="non_payment", areas={"nowhere": 1})], "03 10:00")
    assert (seen.measures, seen.findings) == ({}, ())


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("upstream", "fault"),
        ("customer_caused", "fault"),
        ("temporary", "planned"),
        ("load_shedding", "load_shedding"),
        ("public_safety_shutoff", "other"),
    ],
)
def test_the_six_kinds_stay_apart_in_the_cells_and_a_kpi_adds_them_up(kind, group):
    seen = look(OUTAGE, [outage("started", "03 08:00", kind=kind, areas={"A": 9000})], "03 10:00")
    in_cells = "other" if group == "other" else kind
    assert value(seen, f"customers_out|{in_cells}", "all|now") == 9000
    heads_of = {variant.key: variant.heads["customers_out"] for variant in variants(CUSTOMERS_OUT)}
    assert [key for key, heads in heads_of.items() if f"customers_out|{in_cells}" in heads] == [
        f"kind={group}",
        "kind=all",
    ]
    assert seen.findings == {"other": ("unlisted_value",), "planned": ("started_without_plan",)}.get(group, ())
    assert seen.summary["outage_kind"] == in_cells


def test_a_kind_that_is_corrected_is_no_finding_any_more():
    lifecycle = [
        outage("started", "03 08:00", kind="psps", areas={"A": 1}),
        outage("started", "03 08:00", areas={"A": 1}),
    ]
    for events in (lifecycle, lifecycle[::-1]):
        assert look(OUTAGE, events, "03 10:00").findings == ()


def test_only_the_customer_who_caused_it_is_in_no_statistics():
    for customers, interruptions in ((1, 0), (100, 100)):
        lifecycle = [outage("started", "03 08:00", kind="customer_caused", areas={"A": customers})]
        seen = look(OUTAGE, lifecycle, "03 10:00")
        assert value(seen, "customers_out|customer_caused", "all|now") == customers
        assert value(seen, "customer_interruptions|customer_caused", DAY) == interruptions
        ended = look(OUTAGE, [*lifecycle, outage("restored", "03 09:00")], LATER)
        assert value(ended, "restorations|customer_caused", DAY) == min(interruptions, 1)
