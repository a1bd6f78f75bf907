"""Worked examples as a table: what the cell of a scope and a period holds, and the value that an expert expects."""

import pytest

from streams.kpis import KPIS
from streams.kpis.kpi import Ratio, Served, Sums
from streams.kpis.variants import variants

NAMES = {kpi.name: kpi for kpi in KPIS}
# Two outages: after 2 minutes 100 customers have supply again, after 4 hours the other 10.
RESTORED = {
    "restored_customers|fault": 110,
    "restored_customer_seconds|fault": 100 * 120 + 10 * 14_400,
    "restored_customer_minutes|fault|2": 100,
    "restored_customer_minutes|fault|240": 10,
}
# Clocks due and kept: 8 of 10 dispatched in time, 1 of 2 published; one of each kind of obligation broken.
DUE = {"sla_due|L1": 10, "sla_on_time|L1": 8, "sla_due|L8a": 2, "sla_on_time|L8a": 1}
OBLIGATIONS = {
    "sla_due_law": 4, "sla_on_time_law": 3, "sla_due_commitment": 3, "sla_on_time_commitment": 2,
    "sla_due_default": 2, "sla_on_time_default": 1,
}  # fmt: skip
OPEN = {"sla_open|L7|late": 2, "sla_open|L9|late": 1, "sla_open|L7|breached": 4}
POINTS_OPEN = {"sla_open|L15a|breached": 3, "sla_open|L17|breached": 1}
POINTS_DUE = {"sla_due|L15a": 5, "sla_on_time|L15a": 4, "sla_due|L17": 1}

# KPI, dims, what the cell holds, above the line, below it (in the KPI's unit; None: the KPI is undefined).
TABLE = (
    ("restoration_time_customers_mean", "kind=fault", RESTORED, 156_000, 110 * 60),
    ("restoration_time_customers_p50", "kind=fault", RESTORED, 2, 1),
    ("restoration_time_customers_p90", "kind=fault", RESTORED, 2, 1),  # rank 99 of 110
    ("restoration_time_customers_p90", "kind=all", RESTORED | {"restored_customer_minutes|planned|300": 2}, 240, 1),
    ("sla_clocks_open", "clock=L7,stage=late", OPEN, 2, 1),
    ("sla_clocks_open", "clock=all,stage=late", OPEN, 3, 1),
    ("sla_clocks_open", "clock=L9,stage=breached", OPEN, 0, 1),
    ("sla_on_time_share", "clock=L1", DUE, 8, 10),
    ("sla_breaches", "clock=L1", DUE, 2, 1),
    ("sla_breaches", "clock=all", DUE, 3, 1),
    ("sla_law_on_time_share", "-", OBLIGATIONS, 3, 4),
    ("sla_commitment_on_time_share", "-", OBLIGATIONS, 2, 3),
    ("sla_default_on_time_share", "-", OBLIGATIONS, 1, 2),
    ("voltage_clocks_open", "clock=all,stage=breached", POINTS_OPEN, 4, 1),
    ("voltage_clocks_on_time_share", "clock=L15a", POINTS_DUE, 4, 5),
    ("voltage_clocks_on_time_share", "clock=all", POINTS_DUE, 4, 6),
    ("voltage_clocks_broken", "clock=all", POINTS_DUE, 2, 1),
)


@pytest.mark.parametrize(("name", "dims", "measures", "above", "below"), TABLE)
def test_the_value_is_what_an_expert_expects(name, dims, measures, above, below):
    variant = next(each for each in variants(NAMES[name]) if each.key == dims)
    assert NAMES[name].value(Sums(measures, variant.heads), Served(None, 1)) == Ratio(above, below)
