import re

import pytest

from deploy import kpis_page
from schemas import KpiRecord
from streams.kpis import KPIS
from streams.kpis.kpi import Kpi, Ratio, Served, Sums, Undefined
from streams.kpis.variants import variants
from streams.publish.record import decimal, record_of

NAMES = {kpi.name: kpi for kpi in KPIS}
UNKNOWN = Served(None, 1)
JUNE = Served(30 * 10_000, 30)

# DOMAIN 1.1.1: June 2026, 10,000 served; O1 and O2 are faults, O3 is planned; O4 and O5 are momentary.
R = {
    "interruption_seconds|fault": (75_000 + 24_000) * 60,
    "interruption_seconds|planned": 120_000 * 60,
    "customer_interruptions|fault": 1200,
    "customer_interruptions|planned": 500,
}
ARRIVALS = (12, 18, 25, 31, 38, 44, 52, 60, 75, 130)  # minutes, DOMAIN 1.2


def value(name: str, measures: dict[str, int], served: Served = UNKNOWN, dims: str = "-") -> Ratio | Undefined:
    variant = next(v for v in variants(NAMES[name]) if v.key == dims)
    return variant.kpi.value(Sums(measures, variant.heads), served)


def text(outcome: Ratio | Undefined) -> str:
    assert isinstance(outcome, Ratio)
    return decimal(outcome)


@pytest.mark.parametrize(
    ("name", "dims", "expected"),
    [
        ("saidi", "kind=fault", "9.900000"),
        ("saidi", "kind=planned", "12.000000"),
        ("saidi", "kind=all", "21.900000"),
        ("saifi", "kind=fault", "0.120000"),
        ("saifi", "kind=all", "0.170000"),
        ("caidi", "kind=fault", "82.500000"),
        ("caidi", "kind=all", "128.823529"),
    ],
)
def test_ieee_indices_of_the_canonical_month(name, dims, expected):
    assert text(value(name, R, JUNE, dims)) == expected


def test_a_period_divides_by_the_mean_of_the_daily_served_and_not_by_a_sum_of_quotients():
    two_days = Served(10_000 + 20_000, 2)
    assert value("saidi", {"interruption_seconds|fault": 900_000}, two_days, "kind=fault") == Ratio(
        1_800_000, 1_800_000
    )


def arrivals(minutes: tuple[int, ...]) -> dict[str, int]:
    measures = {"arrivals": len(minutes), "arrival_seconds": sum(minutes) * 60, "arrivals_due": len(minutes)}
    measures["arrivals_on_time"] = sum(minute <= 45 for minute in minutes)
    return measures | {f"arrival_minutes|{minute}": minutes.count(minute) for minute in minutes}


def test_arrival_times_of_the_worked_example():
    measures = arrivals(ARRIVALS)
    assert text(value("arrival_time_mean", measures)) == "48.500000"
    assert value("arrival_time_p50", measures) == Ratio(38, 1)
    assert value("arrival_time_p90", measures) == Ratio(75, 1)
    assert value("arrival_on_time_share", measures) == Ratio(6, 10)


@pytest.mark.parametrize(
    ("percent", "expected"), [(1, 12), (50, 38), (51, 44), (90, 75), (91, 130), (95, 130), (100, 130)]
)
def test_percentiles_are_nearest_rank(percent, expected):
    from streams.kpis.formulas import nearest_rank  # noqa: PLC0415  # of this test only

    assert nearest_rank(dict.fromkeys(ARRIVALS, 1), percent, "none") == Ratio(expected, 1)


def test_restoration_time_counts_each_kind_and_all():
    measures = {
        "restorations|fault": 2,
        "restoration_seconds|fault": 61 + 240 * 60,
        "restoration_minutes|fault|2": 1,
        "restoration_minutes|fault|240": 1,
        "restorations|planned": 1,
        "restoration_seconds|planned": 180 * 60,
        "restoration_minutes|planned|180": 1,
    }
    assert value("restoration_time_mean", measures, dims="kind=fault") == Ratio(61 + 240 * 60, 120)
    assert value("restoration_time_p50", measures, dims="kind=fault") == Ratio(2, 1)
    assert value("restoration_time_p50", measures, dims="kind=all") == Ratio(180, 1)
    assert value("restoration_time_p90", measures, dims="kind=all") == Ratio(240, 1)


def test_all_kinds_include_unknown_kinds():
    measures = R | {"interruption_seconds|unknown": 600, "customer_interruptions|unknown": 30}
    measures |= {"restorations|unknown": 1, "restoration_seconds|unknown": 120, "restoration_minutes|unknown|2": 1}
    assert value("saidi", measures, JUNE, "kind=all") == Ratio((219_000 * 60 + 600) * 30, 60 * 300_000)
    assert value("saifi", measures, JUNE, "kind=all") == Ratio(1730 * 30, 300_000)
    assert value("caidi", measures, JUNE, "kind=all") == Ratio(219_000 * 60 + 600, 60 * 1730)
    assert value("saifi", measures, JUNE, "kind=unknown") == Ratio(30 * 30, 300_000)
    assert value("restoration_time_mean", measures, dims="kind=all") == Ratio(120, 60)
    assert value("restoration_time_p90", measures, dims="kind=all") == Ratio(2, 1)


@pytest.mark.parametrize(
    ("name", "served", "reason"),
    [
        ("saidi", UNKNOWN, "customers served unknown"),
        ("saifi", UNKNOWN, "customers served unknown"),
        ("saidi", Served(0, 1), "nobody served"),
        ("caidi", JUNE, "no interruption"),
        ("restoration_time_mean", JUNE, "no restoration"),
        ("restoration_time_p90", JUNE, "no restoration"),
        ("arrival_time_mean", JUNE, "no arrival"),
        ("arrival_time_p50", JUNE, "no arrival"),
        ("arrival_on_time_share", JUNE, "no arrival due"),
        ("complaint_closure_cohort", JUNE, "no complaint accepted"),
        ("complaint_closure_flow", JUNE, "no complaint accepted"),
        ("complaint_contact_on_time", JUNE, "no contact due"),
        ("complaint_reply_on_time", JUNE, "no reply due"),
        ("complaint_reopen_share", JUNE, "no complaint closed"),
    ],
)
def test_with_nothing_below_the_line_a_kpi_is_undefined(name, served, reason):
    for variant in variants(NAMES[name]):
        assert variant.kpi.value(Sums({}, variant.heads), served) == Undefined(reason)


def test_no_interrupted_customer_of_many_served_is_zero():
    assert value("saidi", {}, JUNE, "kind=all") == Ratio(0, 60 * 300_000)
    assert value("customers_out", {}, UNKNOWN, "kind=all") == Ratio(0, 1)


def test_all_states_are_open_orders_and_all_ages_stay_apart():
    assert value("orders_open", {"orders_open|created": 2, "orders_open|on_site": 3}, dims="state=all") == Ratio(5, 1)
    by_age = {"outages_open_by_age|fault|lt_1h": 1, "outages_open_by_age|planned|lt_1h": 2}
    assert value("outages_open_by_age", by_age, dims="kind=all,age=lt_1h") == Ratio(3, 1)
    assert value("outages_open_by_age", by_age, dims="kind=all,age=ge_24h") == Ratio(0, 1)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (Ratio(1, 3), "0.333333"),
        (Ratio(2, 3), "0.666667"),
        (Ratio(1, 2_000_000), "0.000000"),
        (Ratio(3, 2_000_000), "0.000002"),
        (Ratio(5, 2_000_000), "0.000002"),
        (Ratio(-1, 3), "-0.333333"),
        (Ratio(2**53 - 1, 1), "9007199254740991.000000"),
    ],
)
def test_values_are_rounded_half_to_even_without_floats(ratio, expected):
    assert decimal(ratio) == expected


# -- every member of the registry --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_a_kpi_describes_itself(kpi: Kpi):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kpi.name)
    assert kpi.title_en
    assert re.search(r"[\u4e00-\u9fff]", kpi.title_zh)
    assert kpi.unit
    assert kpi.basis
    assert kpi.assigned_by
    assert kpi.source
    assert (kpi.final_after_seconds is None) == (kpi.periods == ("now",))
    assert ("week" in kpi.periods) == (kpi.periods == ("week",)), "a week has no sums of days"
    assert f"`{kpi.name}`" in kpis_page.render()


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_every_variant_of_a_kpi_makes_a_valid_record(kpi: Kpi):
    for variant in variants(kpi):
        for measures, served in (({}, UNKNOWN), (dict.fromkeys(variant.reads, 2), JUNE)):
            outcome = kpi.value(Sums(measures, variant.heads), served)
            record = record_of(
                variant, "region=a%7Cb", "now", outcome, as_of="2026-06-03T00:00:00Z", complete=True, final=False
            )
            assert KpiRecord.model_validate(record).scope == {"region": "a|b"}


def test_names_are_unique():
    assert len(NAMES) == len(KPIS)
    keys = [(kpi.name, variant.key) for kpi in KPIS for variant in variants(kpi)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("chapter", "kpi"),
    [
        ("Intake", "complaints_opened"),
        ("Closings", "complaints_closed"),
        ("Clocks of outages", "sla_on_time_share"),
        ("Clocks of voltage points", "voltage_clocks_open"),
    ],
)
def test_a_kpi_stands_under_the_formula_of_its_own_file(chapter, kpi):
    """Also where another file imports it."""
    (found,) = [text for text in kpis_page.render().split("\n## ") if f"\n### {kpi}\n" in text]
    assert found.startswith(chapter)


def test_the_page_of_kpis_has_the_rules_that_change_a_number():
    page = kpis_page.render()
    for kpi in KPIS:
        assert all(f"- {rule}" in page for rule in kpi.rules)
    for name in ("saidi", "restoration_time_p50", "restoration_time_customers_mean", "arrival_time_p90"):
        assert next(kpi for kpi in KPIS if kpi.name == name).rules
