"""The worked examples of suspect values against the oracle alone."""

from tests.oracle.meters import DAY, TODAY
from tests.support.voltage_tables import SUSPECT


def test_verdicts(meters):
    for number, (nominal, ratio, volts, _, _) in enumerate(SUSPECT):
        name = f"P{number:02}"
        meters.point(name, nominal=round(nominal * 100), transformer_ratio=ratio)
        meters.reading("08:00", round(volts * 100), name)
    cells = meters.cells(f"{DAY} 08:10")

    suspect = sum(verdict == "suspect" for *_, verdict, _ in SUSPECT)
    assert cells["voltage_points_suspect|all|monitoring_class=all|now"].numerator == suspect
    monitored = cells[f"voltage_compliance_time|all|monitoring_class=all|{TODAY}"].denominator
    assert monitored == 600 * (len(SUSPECT) - suspect)
    for direction in ("over", "under"):
        found = cells[f"voltage_points_out|all|direction={direction},monitoring_class=all|now"].numerator
        assert found == sum(verdict == direction for *_, verdict, _ in SUSPECT)


def test_a_point_out_of_limits_in_one_phase_is_out_and_not_suspect(meters):
    meters.point(phases=("A", "B"))
    meters.reading("08:00", 24_000)
    meters.reading("08:00", 0, phase="B")
    cells = meters.cells(f"{DAY} 08:01")
    assert cells["voltage_points_suspect|all|monitoring_class=all|now"].numerator == 0
    assert cells["voltage_points_out|all|direction=over,monitoring_class=all|now"].numerator == 1
