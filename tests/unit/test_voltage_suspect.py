"""What no supply delivers is suspect: verdicts, findings that name the factor, state, in order and by frames."""

import pytest

from schemas.network import Point
from tests.support.points import DAY, MIDNIGHT, MINUTE, cell, frame, ledger, point, reading, run, seconds
from tests.support.voltage_tables import SUSPECT

HOUR = 3600


def of(nominal, ratio=1, **said):
    return point(nominal_centivolts=round(nominal * 100), transformer_ratio=ratio, **said)


@pytest.mark.parametrize("example", SUSPECT, ids=str)
@pytest.mark.parametrize("how", ["frame", "in order"])
def test_verdicts_and_the_finding_that_names_the_factor(example, how):
    nominal, ratio, volts, verdict, factor = example
    points, now = ledger(of(nominal, ratio)), MIDNIGHT + HOUR
    if how == "frame":
        _, told = run(points, frame(MIDNIGHT, [volts] * 60), now=now)
    else:
        for minute in range(0, 61, 15):
            _, told = run(points, reading(MIDNIGHT + minute * MINUTE, volts, phase="A"), now=MIDNIGHT + minute * MINUTE)

    assert seconds(points) == {verdict: HOUR}
    found = [rule for rule in told[-1].contribution.findings if rule != "voltage_suspect"]
    assert found == ([] if factor is None else [factor])
    assert told[-1].contribution.summary["state"] == verdict
    assert cell(points, "now").get("voltage_points_suspect|D", 0) == (verdict == "suspect")


def test_no_stream_of_a_wrong_unit_flips_between_suspect_and_under():
    volts = [tenth / 100 for tenth in range(1980, 2355)]  # 198.0 to 235.4 V, ten times too low
    points = ledger()
    run(points, frame(MIDNIGHT, volts), now=MIDNIGHT + 86_400)
    assert seconds(points) == {"suspect": len(volts) * MINUTE}


def test_a_sag_of_a_35_kv_point_is_a_value_of_its_day():
    points = ledger(of(100, 350))
    run(points, frame(MIDNIGHT, [12.00, 12.01]), now=MIDNIGHT + HOUR)
    assert seconds(points) == {"suspect": MINUTE, "under": MINUTE}


def states(points, *values, step=15 * MINUTE, **said):
    """The state in the list after each value, None where the point is in no list."""
    found = []
    for number, volts in enumerate(values):
        at = MIDNIGHT + HOUR + number * step
        _, told = run(points, reading(at, volts, phase="A", **said), now=at)
        summaries = [each.contribution.summary for each in told]
        found.append(summaries[-1].get("state") if summaries else None)
    return found


def test_the_state_follows_the_value_that_holds():
    points = ledger()
    assert states(points, 220, 0, 22.1, 190, 2413, 220) == [None, "suspect", "suspect", "under", "suspect", "within"]
    assert "voltage_points_suspect|D" not in cell(points, "now")

    silent = MIDNIGHT + 4 * HOUR
    points.due(silent)
    told = list(points.evaluate(silent))
    assert told[-1].contribution.summary["state"] == "silent"


def test_a_point_out_of_limits_in_one_phase_is_out_and_not_suspect():
    points = ledger(of(220, phases=["A", "B"]))
    first, second = (reading(MIDNIGHT, volts, phase=phase) for phase, volts in (("A", 240), ("B", 0)))
    _, told = run(points, first, second, now=MIDNIGHT)
    assert told[-1].contribution.summary["state"] == "over"
    assert "voltage_points_suspect|D" not in cell(points, "now")


def test_what_is_not_judged_is_not_within_limits():
    points = ledger(Point(point="Q", area="A", monitoring_class="D", nominal_centivolts=22_000, phases=["A"]))
    _, told = run(points, reading(MIDNIGHT, 220, phase="A"), now=MIDNIGHT)  # point P has no nominal voltage
    assert told[-1].contribution.summary["state"] == "excluded"
    assert told[-1].contribution.findings == ("nominal_unknown", "point_not_in_network")


def test_the_factor_is_that_of_the_last_suspect_value_and_ends_the_day_after():
    points = ledger()
    said = frame(MIDNIGHT, [22.0] * 5 + [2200.0] * 5 + [220.0] * 1430)
    _, told = run(points, said, now=MIDNIGHT + 86_400)
    assert told[-1].contribution.findings == ("voltage_suspect", "voltage_10x_high")
    _, told = run(points, frame(MIDNIGHT + 86_400, [220.0] * 1440), now=MIDNIGHT + 2 * 86_400)
    assert told[-1].contribution.findings == ()
    assert DAY == "2026-06-03"
