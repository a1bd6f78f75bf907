"""Voltage coverage (监测数据完整率): measured time, also where its quality excludes it / expected time.

A suspect value (0 V, twice the nominal voltage) covers nothing: it is no measurement of the supply.
"""

from streams.kpis.formulas import DATED, MONITORING_CLASS, VOLTAGE_GROUPINGS, Outcome, quotient
from streams.kpis.kpi import VOLTAGE_GRACE_SECONDS, Kpi, Served, Sums
from streams.kpis.voltage_compliance import MONITORED

COVERED = (*MONITORED, "voltage_excluded_seconds")


def _covered(sums: Sums, _served: Served) -> Outcome:
    return quotient(sum(map(sums.total, COVERED)), sums.total("voltage_expected_seconds"), "no value was expected")


VOLTAGE_COVERAGE = Kpi(
    name="voltage_coverage",
    title_en="Voltage coverage",
    title_zh="监测数据完整率",
    unit="ratio",
    basis="measured time of all phases / expected time, from the first day of a point on",
    assigned_by="the time that was measured",
    dims=(MONITORING_CLASS,),
    groupings=VOLTAGE_GROUPINGS,
    periods=DATED,
    measures=(*COVERED, "voltage_expected_seconds"),
    value=_covered,
    final_after_seconds=VOLTAGE_GRACE_SECONDS,
    target="0.95",
    target_by="our own default",
    element="quality",
    pillar="facilities",
    source="GB/T 12325-2008; target our own",
    role="voltage",
)
