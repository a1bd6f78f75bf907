"""What has to hold of any one clock; `asked` is its name. Run by `make clock NAME=...`, by pytest underneath."""

import pytest

from schemas.sla_breach import PointClockId
from streams.kpis import KPIS
from tests.one.worlds import both, world


def test_the_oracle_counts_the_same_on_random_lives(asked):
    role = "voltage" if asked in PointClockId.__args__ else "cases"
    kpis = [kpi for kpi in KPIS if kpi.role == role and any(dim.name == "clock" for dim in kpi.dims)]
    differences, present = both(kpis, world(role))
    dims = f"clock={asked}"
    found = [each for each in differences if dims in each.key.split("|")[2].split(",")]
    assert not found, f"service and SQL differ on {found[0].key}: {found[0].fields}"
    if not any(dims in cell.dims.split(",") for cell in present):
        pytest.skip("the random lives of tests/one/worlds.py never decide this clock: only cells of 0 were compared")
