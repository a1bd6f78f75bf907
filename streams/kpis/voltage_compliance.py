"""Voltage compliance (电压合格率): time within limits / monitored time, of each point, then the mean of the points.

The rate of a point over a period is that of the whole period, not the mean of its days: so a source publishes the sum
of the rates of its points for a day, a month and the last 30 days each by itself, in whole parts per billion.

A point with less coverage than the minimum has no rate, and is counted beside: 10 minutes of a day would weigh as much
as the 1440 of another point. Coverage is measured time (also excluded by its quality) / expected time of the days that
are over; while a day goes on every point that was monitored has a rate. Beside it the same of all the time together,
where a point counts as long as it was monitored.
"""

from streams.kpis.formulas import DATED, MONITORING_CLASS, VOLTAGE_GROUPINGS, Outcome, count, quotient
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
    basis="GB/T 12325 limits, mean of the rates by time of points with enough coverage (setting, 60 %), phases pooled",
    assigned_by="the time that was measured",
    dims=(MONITORING_CLASS,),
    groupings=VOLTAGE_GROUPINGS,
    periods=DATED,
    measures=("voltage_rate_ppb", "voltage_points"),
    value=_mean_of_points,
    final_after_seconds=VOLTAGE_GRACE_SECONDS,
    target="0.985",
    target_by="SGCC, for urban residential customers; here beside all classes and areas",
    element="quality",
    pillar="facilities",
    source="GB/T 12325-2008; SGCC service commitments (urban 98.5 %, rural 97.5 %)",
    role="voltage",
    definition_version=2,
    rules=(
        (
            "The rate of a point over a period is that of all its seconds there, rounded half to even to "
            "parts per billion; the value is the mean of the points' rates, each with the same weight. "
            "The numerator is the sum of the rounded rates."
        ),
        (
            "A point of which less than the minimum of the expected time was measured, on the days that "
            "are over, has no rate: `voltage_points_low_coverage` counts these. Suspect values and values "
            "that are excluded by their quality are in no rate; excluded ones count as measured."
        ),
    ),
)

VOLTAGE_POINTS_LOW_COVERAGE = VOLTAGE_COMPLIANCE._replace(
    name="voltage_points_low_coverage",
    title_en="Voltage points covered too little for a rate",
    title_zh="监测数据不足监测点数",
    unit="points",
    basis="points whose coverage of the days that are over is below the minimum (a setting, 60 %)",
    measures=("voltage_points_low_coverage",),
    value=count("voltage_points_low_coverage"),
    target=None,
    source="our own",
    definition_version=1,
    rules=(),
)

VOLTAGE_COMPLIANCE_TIME = VOLTAGE_COMPLIANCE._replace(
    name="voltage_compliance_time",
    title_en="Voltage compliance, all time together",
    title_zh="电压合格率（按时间合并）",
    basis="GB/T 12325 limits, monitored time of all points and phases together",
    measures=MONITORED,
    value=_time,
    definition_version=1,
    rules=(),
    target=None,
    source="GB/T 12325-2008",
)
