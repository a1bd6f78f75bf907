"""Voltage compliance (电压合格率): time within limits / monitored time, of each point, then the mean of the points.

A point's rate over a period is that of the whole period, never the mean of its days: so a source tells the sum of its
points' rates for a day, a month and the last 30 days each by itself, in whole parts per billion. Beside it the same of
all the time together, where a point counts as long as it was monitored.
"""

from streams.kpis.formulas import DATED, MONITORING_CLASS, VOLTAGE_GROUPINGS, Outcome, quotient
from streams.kpis.kpi import VOLTAGE_GRACE_SECONDS, Kpi, Served, Sums

BILLION = 10**9
MONITORED = ("voltage_compliant_seconds", "voltage_over_seconds", "voltage_under_seconds")


def _mean_of_points(sums: Sums, _served: Served) -> Outcome:
    return quotient(
        sums.total("voltage_rate_ppb"), sums.total("voltage_points"), "no point was monitored", scale=BILLION
    )


def _time(sums: Sums, _served: Served) -> Outcome:
    monitored = sum(map(sums.total, MONITORED))
    return quotient(sums.total("voltage_compliant_seconds"), monitored, "no point was monitored")


VOLTAGE_COMPLIANCE = Kpi(
    name="voltage_compliance",
    title_en="Voltage compliance",
    title_zh="电压合格率",
    unit="ratio",
    basis="GB/T 12325 limits, mean of the points' rates by time, phases pooled",
    assigned_by="the time that was measured",
    dims=(MONITORING_CLASS,),
    groupings=VOLTAGE_GROUPINGS,
    periods=DATED,
    measures=("voltage_rate_ppb", "voltage_points"),
    value=_mean_of_points,
    final_after_seconds=VOLTAGE_GRACE_SECONDS,
    target="0.985",
    element="quality",
    pillar="facilities",
    source="GB/T 12325-2008; SGCC service commitments (urban 98.5 %, rural 97.5 %)",
    role="voltage",
)

VOLTAGE_COMPLIANCE_TIME = VOLTAGE_COMPLIANCE._replace(
    name="voltage_compliance_time",
    title_en="Voltage compliance, all time together",
    title_zh="电压合格率（按时间合并）",
    basis="GB/T 12325 limits, monitored time of all points and phases together",
    measures=MONITORED,
    value=_time,
    target=None,
    source="GB/T 12325-2008",
)
