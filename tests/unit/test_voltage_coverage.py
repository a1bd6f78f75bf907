"""Too little is no rate: points that never reported, days and months hardly covered, EN 50160 weeks of few means."""

from dataclasses import replace

import pytest

from schemas.network import Point
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.kpis import KPIS
from streams.kpis.kpi import Ratio, Served, Sums
from streams.kpis.variants import variants
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.support.points import AREA, DAY, MIDNIGHT, MINUTE, cell, frame, ledger, point, run
from tests.support.voltage_tables import LOW_COVERAGE, MEANS, WEEKS

DAY_SECONDS = 86_400
MONDAY = MIDNIGHT - 2 * DAY_SECONDS  # 2026-06-01
KPI = {kpi.name: kpi for kpi in KPIS}


def ratio(points, name, period=DAY):
    """Of a KPI of all classes, as numerator and denominator; None where it is undefined."""
    variant = next(each for each in variants(KPI[name]) if each.key == "monitoring_class=all")
    outcome = KPI[name].value(Sums(cell(points, period), variant.heads), Served(None, 1))
    return outcome if isinstance(outcome, Ratio) else None


@pytest.mark.parametrize(("measured", "excluded", "rate"), LOW_COVERAGE, ids=str)
def test_a_day_that_is_hardly_covered_has_no_rate(measured, excluded, rate):
    points = ledger()
    volts = [220, 240] * (measured // 2) + [220] * excluded
    said = [frame(MIDNIGHT, volts, qualities=[None] * measured + [8] * excluded)] if volts else []
    run(points, *said, now=MIDNIGHT + DAY_SECONDS)

    found = cell(points)
    assert found.get("voltage_rate_ppb|D") == (None if rate is None else rate * 10**7)
    assert found.get("voltage_points_low_coverage|D", 0) == (rate is None)
    assert found.get("voltage_compliant_seconds|D", 0) == measured // 2 * MINUTE  # in the time of all together it stays


def test_ten_minutes_do_not_weigh_as_much_as_a_day():
    points = ledger(point("P"), point("Q"))
    day = frame(MIDNIGHT, [220] * 1080 + [240] * 360)
    run(points, day, frame(MIDNIGHT, [220] * 10, name="Q"), now=MIDNIGHT + DAY_SECONDS)
    assert ratio(points, "voltage_compliance") == Ratio(750_000_000, 10**9)  # and not 87.5 %


def test_while_a_day_goes_on_every_point_that_was_monitored_has_a_rate():
    points = ledger()
    run(points, frame(MIDNIGHT, [220] * 10), now=MIDNIGHT + 12 * 3600)
    assert cell(points)["voltage_rate_ppb|D"] == 10**9
    run(points, now=MIDNIGHT + DAY_SECONDS)
    assert "voltage_rate_ppb|D" not in cell(points)


@pytest.mark.parametrize(("days", "has_rate"), [(17, False), (18, True)])
def test_a_month_goes_by_its_days_that_are_over(days, has_rate):
    """18 of 30 days are 60 %."""
    points, first = ledger(point(monitored_from="2026-06-01")), MONDAY
    for number in range(days):
        start = first + number * DAY_SECONDS
        run(points, frame(start, [220] * 1440), now=start + DAY_SECONDS)
    run(points, now=first + 30 * DAY_SECONDS)
    assert ("voltage_rate_ppb|D" in cell(points, "2026-06")) == has_rate
    assert cell(points, "2026-06").get("voltage_points_low_coverage|D", 0) == 1 - has_rate


def test_the_minimum_is_a_setting():
    points = ledger(rules=Rules(voltage_min_coverage_percent=0))
    run(points, frame(MIDNIGHT, [220]), now=MIDNIGHT + DAY_SECONDS)
    assert cell(points)["voltage_rate_ppb|D"] == 10**9


def loaded(*points, at):
    network = Network.from_records([AREA, *points], {(each.area, each.point): at for each in points})
    return PointLedger(Partials(), Reference(network, Rules()), lambda _: True)


def test_a_point_that_never_reported_lowers_coverage_since_the_network_has_it_and_is_listed():
    points = loaded(point("P", monitored_from=None), point("Q", monitored_from=None), at=MIDNIGHT - 3600)
    _, told = run(points, frame(MIDNIGHT, [220] * 1440), now=MIDNIGHT + DAY_SECONDS)

    assert ratio(points, "voltage_coverage") == Ratio(DAY_SECONDS, 2 * DAY_SECONDS)
    assert ratio(points, "voltage_coverage", "2026-06-02") == Ratio(0, 2 * DAY_SECONDS)
    assert ratio(points, "voltage_points_missing", "now") == Ratio(1, 1)
    summary = next(each.contribution.summary for each in told if each.case.id == "Q")
    assert (summary["state"], summary["findings"]) == ("silent", ["point_never_reported"])

    _, told = run(points, frame(MIDNIGHT + DAY_SECONDS, [220], name="Q"), now=MIDNIGHT + DAY_SECONDS + 60)
    assert next(each.contribution.summary for each in told if each.case.id == "Q") == {}
    assert ratio(points, "voltage_points_missing", "now") == Ratio(0, 1)


def test_a_point_that_never_reported_leaves_the_list_with_the_network_also_over_a_restart():
    before = loaded(point("Q", monitored_from=None), at=MIDNIGHT)
    _, (told,) = run(before, now=MIDNIGHT + 3600)
    assert told.contribution.summary["state"] == "silent"

    after = PointLedger(Partials(), Reference(Network.from_records([AREA]), Rules()), lambda _: True)
    after.load(list(before.unsaved()), MIDNIGHT + 3600)
    (gone,) = after.evaluate(MIDNIGHT + 3660)
    assert (gone.case.key, gone.contribution.summary, gone.summary_before) == ("point/A/Q", {}, True)


def test_values_from_before_it_was_loaded_are_expected_from_the_first_one_on():
    points = loaded(point(monitored_from=None), at=MIDNIGHT + DAY_SECONDS)
    run(points, frame(MIDNIGHT, [220] * 720), now=MIDNIGHT + 2 * DAY_SECONDS)
    assert ratio(points, "voltage_coverage") == Ratio(DAY_SECONDS // 2, DAY_SECONDS)


@pytest.mark.parametrize(("monitored_from", "missing"), [("2026-06-03", 1), ("2026-06-04", 0)])
def test_a_point_is_missing_from_the_day_on_that_the_network_gives(monitored_from, missing):
    points = loaded(point(monitored_from=monitored_from), at=MIDNIGHT - 30 * DAY_SECONDS)
    run(points, now=MIDNIGHT + 3600)
    assert ratio(points, "voltage_points_missing", "now") == Ratio(missing, 1)
    assert "voltage_expected_seconds|D" not in cell(points, "2026-06-02")


@pytest.mark.parametrize(("phases", "verdict"), WEEKS, ids=range(len(WEEKS)))
def test_a_week_with_too_few_means_is_unknown(phases, verdict):
    about = Point(
        point="P", area="A", monitoring_class="D", nominal_centivolts=23_000, phases=[*phases], monitored_from=None
    )
    points = ledger(about)
    volts = {phase: [MEANS[mean] / 100 for mean in means] for phase, means in phases.items() if means}
    said = (frame(MONDAY, means, 600, phase=phase) for phase, means in volts.items())
    run(points, *said, now=MONDAY + 7 * DAY_SECONDS)

    judged = {"passed": (1, 1), "failed": (0, 1)}.get(verdict)
    assert ratio(points, "voltage_en50160", "2026-W23") == (None if judged is None else Ratio(*judged))
    assert ratio(points, "voltage_en50160_unknown", "2026-W23") == Ratio(int(verdict == "unknown"), 1)


def test_the_share_of_means_is_a_setting():
    points = ledger(point(nominal_centivolts=23_000), rules=replace(Rules(), voltage_week_min_share_percent=0))
    run(points, frame(MONDAY, [230.0], 600), now=MONDAY + DAY_SECONDS)
    assert ratio(points, "voltage_en50160", "2026-W23") == Ratio(1, 1)
