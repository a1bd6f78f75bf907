"""The worked examples of coverage and of EN 50160 weeks against the oracle alone."""

from tests.oracle.meters import DAY, NEXT, NOTHING, TODAY
from tests.support.voltage_tables import LOW_COVERAGE, MEANS, WEEKS

BILLION = 10**9


def of_area(name, number, period=TODAY):
    return f"{name}|area=A{number}|monitoring_class=all|{period}"


def test_a_day_that_is_hardly_covered_has_no_rate(meters):
    for number, (measured, excluded, _) in enumerate(LOW_COVERAGE):
        place = {"area": f"A{number}"}
        meters.point(monitored_from=TODAY, **place)
        if measured:
            values = [22_000, 24_000] * (measured // 2) + [22_000] * excluded
            meters.frame(f"{DAY} 00:00", values, qualities=[None] * measured + [8] * excluded, **place)
    cells = meters.lines.cells(NEXT)
    rates = [cells[of_area("voltage_compliance", number)][4:6] for number in range(len(LOW_COVERAGE))]
    low = [cells[of_area("voltage_points_low_coverage", number)].numerator for number in range(len(LOW_COVERAGE))]
    assert rates == [NOTHING if rate is None else (rate * 10**7, BILLION) for *_, rate in LOW_COVERAGE]
    assert low == [rate is None for *_, rate in LOW_COVERAGE]


def test_a_point_that_never_reported_lowers_coverage_since_the_network_has_it(meters):
    for name in ("P", "Q"):
        meters.point(name)
    meters.frame(f"{DAY} 00:00", [22_000] * 1440)
    cells = meters.lines.cells(f"{NEXT}:00")
    assert cells[f"voltage_coverage|all|monitoring_class=all|{TODAY}"][4:6] == (86_400, 2 * 86_400)
    assert cells["voltage_coverage|all|monitoring_class=all|2026-06-02"][4:6] == (0, 2 * 86_400)
    assert cells["voltage_points_missing|all|monitoring_class=all|now"].numerator == 1


def test_a_week_with_too_few_means_is_unknown(meters):
    for number, (phases, _) in enumerate(WEEKS):
        place = {"area": f"A{number}"}
        meters.point(nominal=23_000, phases=tuple(phases), **place)
        for phase, means in phases.items():
            if means:
                values = [MEANS[mean] for mean in means]
                how = {"interval": 600, "arrives": "06-08 00:10", "phase": phase}
                meters.frame("06-01 00:00", values, **how, **place)
    cells = meters.lines.cells("06-08 00:20")
    found = [cells[of_area("voltage_en50160", number, "2026-W23")][4:6] for number in range(len(WEEKS))]
    unknown = [cells[of_area("voltage_en50160_unknown", number, "2026-W23")].numerator for number in range(len(WEEKS))]
    judged = {"passed": (1, 1), "failed": (0, 1), "unknown": NOTHING}
    assert found == [judged[verdict] for _, verdict in WEEKS]
    assert unknown == [verdict == "unknown" for _, verdict in WEEKS]
