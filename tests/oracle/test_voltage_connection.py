"""The worked examples of connections against the oracle alone."""

from tests.oracle.meters import DAY, TODAY
from tests.support.voltage_tables import CONNECTIONS


def test_limits_go_by_the_connection(meters):
    for number, (nominal, ratio, connection, volts, _) in enumerate(CONNECTIONS):
        about = {"transformer_ratio": ratio, "area": f"A{number}"} | ({"connection": connection} if connection else {})
        meters.point(nominal=round(nominal * 100), **about)
        meters.reading("08:00", round(volts * 100), area=f"A{number}")
    cells = meters.cells(f"{DAY} 08:10")
    for number, example in enumerate(CONNECTIONS):
        verdict, dims = example[-1], f"area=A{number}|monitoring_class=all"
        found = cells[f"voltage_compliance_time|{dims}|{TODAY}"][4:6]
        expected = {"compliant": (600, 600), "suspect": (None, None)}.get(verdict, (0, 600))
        place = f"voltage_points_out|area=A{number}|direction="
        now = {name: cells[f"{place}{name},monitoring_class=all|now"].numerator for name in ("over", "under")}
        assert (found, now) == (expected, {name: int(name == verdict) for name in now}), example
