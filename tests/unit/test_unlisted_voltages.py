"""Values of voltages and points that are on no list: the record is taken, and enters no rate in silence."""

import pytest

from schemas.network import Area
from streams.reference.network import Network
from streams.reference.rules import Rules
from streams.web.tiles.pipeline import render
from tests.support.points import MIDNIGHT, MINUTE, cell, frame, ledger, point, reading, run, seconds
from tests.support.voltage_tables import OWN_CONNECTIONS, UNLISTED

HOUR = 3600


def found(told):
    return told[-1].contribution.findings if told else ()


@pytest.mark.parametrize("example", UNLISTED, ids=str)
@pytest.mark.parametrize("together", [True, False], ids=["at once", "one by one"])
def test_a_value_that_nobody_knows_how_to_read_is_suspect(example, together):
    said, verdict = example
    points = ledger()
    said = {"phase": "A", "interval_seconds": 300} | said
    start = MIDNIGHT + (300 if said.get("value_kind") == "mean" else 0)
    values = [
        reading(MIDNIGHT - 300, 220, phase="A", interval_seconds=300),
        reading(start, 220, **said),
        reading(MIDNIGHT + 300, 220, phase="A", interval_seconds=300),
    ]
    for number, records in enumerate([values] if together else [[value] for value in values]):
        _, told = run(points, *records, now=MIDNIGHT + HOUR + number)

    apart = said["phase"] != "A"  # then it ends no value of phase A: the one before midnight holds for 150 s of today
    expected = {"compliant": 450 + 150 * apart}
    expected[verdict] = expected.get(verdict, 0) + (450 if apart else 300)
    assert seconds(points) == expected
    assert ("unlisted_value" in found(told)) == (verdict == "suspect")


def test_a_stream_of_unlisted_values_is_suspect_all_along_and_counted_by_field():
    points = ledger()
    for minute in range(61):
        at = MIDNIGHT + minute * MINUTE
        _, told = run(points, reading(at, 220, phase="A", interval_seconds=60, value_kind="peak"), now=at)
    assert seconds(points) == {"suspect": HOUR}
    assert cell(points, "now")["voltage_points_suspect|D"] == 1
    assert found(told) == ("voltage_suspect", "unlisted_value")
    assert points.unlisted == {"voltage.value_kind": 61}


def test_a_frame_of_an_unlisted_kind_or_stamp_is_suspect():
    points = ledger()
    run(points, frame(MIDNIGHT, [220] * 30, phase="A", value_kind="rms"), now=MIDNIGHT + HOUR)
    late = frame(MIDNIGHT + HOUR, [220] * 30, phase="A", stamp="centre", qualities=[None] * 30)
    _, told = run(points, late, now=MIDNIGHT + 2 * HOUR)
    assert seconds(points) == {"suspect": HOUR}
    assert found(told) == ("voltage_suspect", "unlisted_value")
    assert points.unlisted == {"voltage.value_kind": 1, "voltage.stamp": 1}


def test_a_correction_takes_the_mark_away():
    points = ledger()
    run(points, frame(MIDNIGHT, [220] * 60, phase="A", value_kind="rms"), now=MIDNIGHT + HOUR)
    _, told = run(points, frame(MIDNIGHT, [220] * 60, phase="A", revision=1), now=MIDNIGHT + HOUR + 1)
    assert (seconds(points), found(told)) == ({"compliant": HOUR}, ())


def test_unlisted_phases_lift_no_coverage():
    points = ledger()
    for phase in ("L1", "L2", "L3"):
        run(points, frame(MIDNIGHT, [220] * 1440, phase=phase), now=MIDNIGHT + 86_400)
    assert seconds(points) == {"suspect": 86_400}  # one place, whatever their names
    assert cell(points)["voltage_expected_seconds|D"] == 86_400
    assert "voltage_points|D" not in cell(points)


@pytest.mark.parametrize("example", OWN_CONNECTIONS, ids=str)
@pytest.mark.parametrize("how", ["frame", "in order", "later"])
def test_the_connection_of_readings_decides_the_limits_of_a_point_that_the_network_has_not(example, how):
    nominal, connection, volts, verdict = example
    points = ledger(point("other"))
    said = {"nominal_centivolts": nominal * 100} | ({"connection": connection} if connection else {})
    if how == "frame":
        _, told = run(points, frame(MIDNIGHT, [volts] * 60, **said), now=MIDNIGHT + HOUR)
    else:
        for minute in range(0, 61, 15):
            at = MIDNIGHT + minute * MINUTE
            about = {"nominal_centivolts": nominal * 100} if how == "later" and minute < 60 else said
            _, told = run(points, reading(at, volts, **about), now=at)
    assert cell(points)[f"voltage_{verdict}_seconds|unknown"] == HOUR
    assert ("unlisted_value" in found(told)) == (connection == "delta")
    assert "nominal_unknown" not in found(told)


def test_the_networks_record_of_a_point_comes_first():
    points = ledger()
    run(points, frame(MIDNIGHT, [200] * 60, phase="A", connection="phase_to_neutral"), now=MIDNIGHT + HOUR)
    assert seconds(points) == {"compliant": HOUR}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"monitoring_class": "E"}, ("voltage_compliant_seconds|unknown", HOUR)),
        ({"connection": "star"}, ("voltage_excluded_seconds|D", HOUR)),
        ({"phases": ["L1"]}, ("voltage_compliant_seconds|D", HOUR)),
    ],
)
def test_a_point_of_which_the_network_says_what_is_on_no_list(said, expected):
    points = ledger(point(**said))
    _, told = run(points, frame(MIDNIGHT, [220] * 60, phase="A"), now=MIDNIGHT + HOUR)
    name, amount = expected
    assert cell(points)[name] == amount
    assert found(told) == ("unlisted_value",)
    field = next(iter(said))
    assert points.reference.network.unlisted == {f"network.{field}": 1}


def test_the_settings_know_limits_whatever_the_connection():
    points = ledger(point(connection="star"), rules=Rules(voltage_limits={22_000: (20_900, 23_100)}))
    run(points, frame(MIDNIGHT, [205] * 60, phase="A"), now=MIDNIGHT + HOUR)
    assert seconds(points) == {"under": HOUR}


def test_an_area_of_an_unlisted_type_counts_where_the_type_is_not_known():
    network = Network.from_records([Area(area="A", region="north", area_type="suburban", served=[])])
    assert network.scopes_of("A") == ("all", "region=north", "region=north,area_type=unknown")
    assert network.unlisted == {"network.area_type": 1}


def test_values_on_no_list_are_on_the_tile_about_the_data_and_those_of_the_network_once(board):
    for partition, count in enumerate((2, 3)):
        said = {"network.area_type": 1, "voltage.phase": count}
        board.statuses["voltage", partition] = board.statuses["cases", 0] | {"unlisted": said}
    assert board.unlisted() == {"network.area_type": 1, "voltage.phase": 5}
    assert {part["label"]: part["value"] for part in render(board)["parts"]}["unlisted_values"] == 6
