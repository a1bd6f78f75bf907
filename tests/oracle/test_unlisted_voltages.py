"""The worked examples of voltages that are on no list, and of connections in readings, against the oracle alone."""

import pytest

from tests.oracle.lines import NETWORK
from tests.oracle.meters import DAY, GOOD, NEXT, TODAY
from tests.support.voltage_tables import OWN_CONNECTIONS, UNLISTED

DIMS = "monitoring_class=all"


def test_a_value_that_nobody_knows_how_to_read_is_suspect(meters):
    for number, (said, _) in enumerate(UNLISTED):
        name = f"P{number}"
        meters.point(name, area=f"A{number}")
        about = {"interval_seconds": 300, "area": f"A{number}"}
        at = "08:05" if said.get("value_kind") == "mean" else "08:00"
        meters.reading(at, GOOD, name, **about | said)
        meters.reading("08:05", GOOD, name, **about)
    cells = meters.cells(f"{DAY} 09:00")
    for number, (said, verdict) in enumerate(UNLISTED):
        place = f"area=A{number}|{DIMS}|{TODAY}"
        rest = 450
        first = {"compliant": 300}.get(verdict, 0)
        covered = {"compliant": 300, "excluded": 300}.get(verdict, 0)
        time = cells[f"voltage_compliance_time|{place}"]
        assert (time.numerator, time.denominator) == (rest + first, rest + first), said
        assert cells[f"voltage_coverage|{place}"].numerator == rest + covered, said


@pytest.mark.parametrize("said", [{"value_kind": "rms"}, {"stamp": "centre"}, {"phase": "L2"}], ids=str)
def test_a_frame_of_which_nobody_knows_how_to_read_it(meters, said):
    meters.point()
    meters.frame(f"{DAY} 00:00", [GOOD] * 1440, **said)
    cells = meters.cells(NEXT)
    found = [cells[f"voltage_{name}|all|{DIMS}|{TODAY}"] for name in ("compliance_time", "coverage")]
    assert [(each.numerator, each.denominator) for each in found] == [(None, None), (0, 86_400)]


def test_the_connection_of_readings_decides_the_limits_of_a_point_that_the_network_has_not(meters):
    for number, (nominal, connection, volts, _) in enumerate(OWN_CONNECTIONS):
        said = {"area": f"A{number}", "nominal_centivolts": nominal * 100}
        said |= {"connection": connection} if connection else {}
        meters.reading("08:00", volts * 100, **said)
    cells = meters.cells(f"{DAY} 08:10")
    for number, example in enumerate(OWN_CONNECTIONS):
        time = cells[f"voltage_compliance_time|area=A{number}|{DIMS}|{TODAY}"]
        expected = {"compliant": (600, 600), "under": (0, 600), "excluded": (None, None)}[example[-1]]
        assert (time.numerator, time.denominator) == expected, example


def test_what_the_network_says_and_is_on_no_list_is_not_known(meters):
    about = {"region": "north", "area_type": "suburban", "served": []}
    meters.lines.add(NETWORK, "area/T", "01-01 00:00", {"record_type": "area", "area": "T"} | about)
    meters.point("E", "E", area="T")
    meters.point("S", connection="star", area="S")
    meters.point("L", phases=("L1", "L2"), area="L")
    for name, area in (("E", "T"), ("S", "S"), ("L", "L")):
        meters.frame(f"{DAY} 00:00", [GOOD] * 1440, name, area=area)
    cells = meters.cells(NEXT)
    assert cells[f"voltage_compliance_time|area=T|monitoring_class=unknown|{TODAY}"].numerator == 86_400
    assert cells[f"voltage_compliance_time|region=north,area_type=unknown|{DIMS}|{TODAY}"].numerator == 86_400
    assert cells[f"voltage_compliance_time|area=S|{DIMS}|{TODAY}"].denominator is None
    assert cells[f"voltage_coverage|area=S|{DIMS}|{TODAY}"].numerator == 86_400
    assert cells[f"voltage_coverage|area=L|{DIMS}|{TODAY}"].denominator == 86_400  # one place for both
