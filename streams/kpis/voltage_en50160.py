"""Voltage weeks by EN 50160 (周电压质量): points that pass a week / points that pass or fail it.

A phase passes with at most 5 % of its valid means outside +-10 % of the nominal voltage and none outside +10 %/-15 %, a
point when each of its phases does: N = 1000 with 48 outside is 4.8 % and passes. Only up to 1 kV.

A phase with fewer than the minimum of the 1008 means of a week (setting, 60 %) is not judged. A point with such a phase
that fails in no other one is unknown: in neither number, and counted beside. A point's week is no sum of days, so it is
published for the week by itself.
"""

from streams.kpis.formulas import MONITORING_CLASS, VOLTAGE_GROUPINGS, WEEKLY, Outcome, count, quotient
from streams.kpis.kpi import VOLTAGE_GRACE_SECONDS, Kpi, Served, Sums


def _passed(sums: Sums, _served: Served) -> Outcome:
    return quotient(
        sums.total("voltage_en50160_passed"),
        sums.total("voltage_en50160_points"),
        "no point has enough valid 10-minute means",
    )


VOLTAGE_EN50160 = Kpi(
    name="voltage_en50160",
    title_en="Points within EN 50160",
    title_zh="EN 50160 周合格监测点比例",
    unit="ratio",
    basis="EN 50160 up to 1 kV, 10-minute means of each phase: 95 % within +-10 %, all within +10/-15 %",
    assigned_by="the local week, Monday to Sunday, in which a mean begins",
    dims=(MONITORING_CLASS,),
    groupings=VOLTAGE_GROUPINGS,
    periods=WEEKLY,
    measures=("voltage_en50160_passed", "voltage_en50160_points"),
    value=_passed,
    final_after_seconds=VOLTAGE_GRACE_SECONDS,
    target=None,
    element="quality",
    pillar="facilities",
    source="EN 50160 as a meter maker describes it (Schneider PM8000); that every phase has to pass: our own",
    role="voltage",
    definition_version=2,
)

VOLTAGE_EN50160_UNKNOWN = VOLTAGE_EN50160._replace(
    name="voltage_en50160_unknown",
    title_en="Points with too few means for EN 50160",
    title_zh="EN 50160 数据不足监测点数",
    unit="points",
    basis="points with valid 10-minute means in a week, of a phase fewer than the minimum (a setting, 60 %)",
    measures=("voltage_en50160_unknown",),
    value=count("voltage_en50160_unknown"),
    source="our own",
    definition_version=1,
)
