"""Worked examples of DOMAIN 1.3: rates by time, the combined rate, coverage, and points out of limits now."""

import pytest

from streams.kpis import KPIS
from streams.kpis.kpi import Ratio, Served, Sums, Undefined
from streams.kpis.variants import variants
from streams.publish.record import decimal

NAMES = {kpi.name: kpi for kpi in KPIS}
ALL = "monitoring_class=all"
MINUTE, BILLION = 60, 10**9
# A 220 V meter's day: 1440 min, of which 60 missing, 20 in an outage (0 V), 30 above 235.4 V and 12 below 198.0 V.
METER = {
    "voltage_compliant_seconds|D": (1360 - 42) * MINUTE,
    "voltage_over_seconds|D": 30 * MINUTE,
    "voltage_under_seconds|D": 12 * MINUTE,
    "voltage_suspect_seconds|D": 20 * MINUTE,
    "voltage_expected_seconds|D": 1440 * MINUTE,
    "voltage_rate_ppb|D": 969_117_647,
    "voltage_points|D": 1,
}


def value(name: str, measures: dict[str, int], dims: str = ALL) -> Ratio | Undefined:
    variant = next(v for v in variants(NAMES[name]) if v.key == dims)
    return variant.kpi.value(Sums(measures, variant.heads), Served(None, 1))


def text(outcome: Ratio | Undefined) -> str:
    assert isinstance(outcome, Ratio)
    return decimal(outcome)


def test_the_day_of_a_meter():
    assert value("voltage_compliance_time", METER) == Ratio(1318 * MINUTE, 1360 * MINUTE)
    assert text(value("voltage_compliance_time", METER, "monitoring_class=D")) == "0.969118"
    assert text(value("voltage_compliance", METER)) == "0.969118"
    assert text(value("voltage_coverage", METER)) == "0.944444"


def test_a_class_is_the_mean_of_its_points_and_not_of_their_time():
    """One point of a minute at 0 %, one of a day at 100 %."""
    measures = {"voltage_rate_ppb|C": BILLION, "voltage_points|C": 2}
    measures |= {"voltage_compliant_seconds|C": 86_400, "voltage_under_seconds|C": 60}
    assert value("voltage_compliance", measures, "monitoring_class=C") == Ratio(BILLION, 2 * BILLION)
    assert text(value("voltage_compliance_time", measures)) == "0.999306"


def test_values_excluded_by_quality_are_covered_and_not_monitored():
    measures = METER | {"voltage_excluded_seconds|D": 60 * MINUTE}
    assert text(value("voltage_compliance_time", measures)) == "0.969118"
    assert text(value("voltage_coverage", measures)) == "0.986111"


def rates(**classes: tuple[int, ...]) -> dict[str, int]:
    """Points' rates in tenths of a percent, by class."""
    return {
        measure: amount
        for name, points in classes.items()
        for measure, amount in (
            (f"voltage_rate_ppb|{name}", sum(points) * BILLION // 1000),
            (f"voltage_points|{name}", len(points)),
        )
    }


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ({"A": (995,), "B": (998,), "C": (989,), "D": (976,)}, "0.991333"),
        ({"A": (995,), "C": (989,), "D": (976,)}, "0.988750"),  # class B is empty
        ({"A": (995,), "D": (970, 982)}, "0.985500"),
        ({"A": (1000, 990), "B": (998,), "unknown": (0,)}, "0.996500"),
    ],
)
def test_the_combined_rate_is_half_class_a_and_half_the_other_classes(classes, expected):
    assert text(value("voltage_compliance_combined", rates(**classes), "-")) == expected


def test_a_class_rate_is_rounded_half_to_even_to_whole_parts_per_billion():
    measures = {"voltage_rate_ppb|A": 5, "voltage_points|A": 2, "voltage_rate_ppb|B": 8, "voltage_points|B": 3}
    assert value("voltage_compliance_combined", measures, "-") == Ratio(2 + 3, 2 * BILLION)


def test_points_that_pass_their_week():
    measures = {"voltage_en50160_points|D": 3, "voltage_en50160_passed|D": 2, "voltage_en50160_points|C": 1}
    assert value("voltage_en50160", measures) == Ratio(2, 4)
    assert value("voltage_en50160", measures, "monitoring_class=D") == Ratio(2, 3)
    assert value("voltage_en50160", measures, "monitoring_class=C") == Ratio(0, 1)


@pytest.mark.parametrize(
    ("name", "classes", "reason"),
    [
        ("voltage_compliance", {}, "no point was monitored"),
        ("voltage_compliance_time", {}, "no point was monitored"),
        ("voltage_coverage", {}, "no value was expected"),
        ("voltage_en50160", {}, "no point has enough valid 10-minute means"),
        ("voltage_compliance_combined", {"B": (998,)}, "no class A point was monitored"),
        ("voltage_compliance_combined", {"A": (998,)}, "no point of class B, C or D was monitored"),
    ],
)
def test_with_nothing_below_the_line_it_is_undefined(name, classes, reason):
    dims = "-" if name.endswith("combined") else ALL
    assert value(name, rates(**classes), dims) == Undefined(reason)


def test_points_out_now_by_direction_and_class():
    measures = {"voltage_points_out|over|A": 1, "voltage_points_out|under|A": 2, "voltage_points_out|under|D": 4}
    assert value("voltage_points_out", measures, "direction=all,monitoring_class=all") == Ratio(7, 1)
    assert value("voltage_points_out", measures, "direction=under,monitoring_class=all") == Ratio(6, 1)
    assert value("voltage_points_out", measures, "direction=all,monitoring_class=A") == Ratio(3, 1)
    assert value("voltage_points_silent", {}) == Ratio(0, 1)
    long = {"voltage_points_out_long|over|B": 1}
    assert value("voltage_points_out_long", long, "direction=over,monitoring_class=B") == Ratio(1, 1)


def test_an_area_that_is_out_both_ways_is_no_two_areas():
    measures = {"voltage_areas_out|over": 1, "voltage_areas_out|under": 1}
    assert value("voltage_areas_out", measures, "direction=over") == Ratio(1, 1)
    assert {variant.key for variant in variants(NAMES["voltage_areas_out"])} == {"direction=over", "direction=under"}


def test_voltage_is_published_by_its_own_workers():
    assert {kpi.name for kpi in KPIS if kpi.role == "voltage"} == {name for name in NAMES if name.startswith("voltage")}
