"""What a point measures, phase to neutral or phase to phase, decides its limits (GB/T 12325)."""

import pytest

from tests.support.points import MIDNIGHT, cell, frame, ledger, point, reading, run, seconds
from tests.support.voltage_tables import CONNECTIONS


@pytest.mark.parametrize("example", CONNECTIONS, ids=str)
@pytest.mark.parametrize("how", ["frame", "in order"])
def test_limits_go_by_the_connection(example, how):
    nominal, ratio, connection, volts, verdict = example
    about = point(nominal_centivolts=round(nominal * 100), transformer_ratio=ratio, connection=connection)
    points = ledger(about)
    if how == "frame":
        run(points, frame(MIDNIGHT, [volts] * 60), now=MIDNIGHT + 3600)
    else:
        for at in range(MIDNIGHT, MIDNIGHT + 3601, 900):
            run(points, reading(at, volts, phase="A"), now=at)
    assert seconds(points) == {verdict: 3600}
    if how == "in order":
        now = {name for name in cell(points, "now") if name.startswith("voltage_points_out|")}
        assert now == ({f"voltage_points_out|{verdict}|D"} if verdict in ("over", "under") else set())
