"""Voltage now: points out of limits (当前越限监测点数), for over 15 minutes, silent and suspect ones, areas with any.

An instantaneous value holds for one and a half of its intervals; a mean, which arrives at the end of its interval, for
as long after that; each at most until the next value. A point is over if one of its phases is, else under if one is.
An area with points in both directions counts in both, so that these are not added up.
"""

from streams.kpis.formulas import DIRECTION, LIVE, MONITORING_CLASS, OUTAGE_GROUPINGS, VOLTAGE_GROUPINGS, count
from streams.kpis.kpi import Kpi

VOLTAGE_POINTS_OUT = Kpi(
    name="voltage_points_out",
    title_en="Points out of voltage limits",
    title_zh="当前越限监测点数",
    unit="points",
    basis="GB/T 12325 limits, the value that holds now",
    assigned_by="now: the last value of each phase, for 1.5 intervals (a mean: from its end)",
    dims=(DIRECTION, MONITORING_CLASS),
    groupings=VOLTAGE_GROUPINGS,
    periods=LIVE,
    measures=("voltage_points_out",),
    value=count("voltage_points_out"),
    final_after_seconds=None,
    target=None,
    element="quality",
    pillar="facilities",
    source="GB/T 12325-2008",
    role="voltage",
)

VOLTAGE_POINTS_OUT_LONG = VOLTAGE_POINTS_OUT._replace(
    name="voltage_points_out_long",
    title_en="Points out of voltage limits for over 15 minutes",
    title_zh="越限超15分钟监测点数",
    basis="GB/T 12325 limits, out without interruption for more than 15 minutes",
    measures=("voltage_points_out_long",),
    value=count("voltage_points_out_long"),
    source="GB/T 12325-2008; 15 minutes our own",
)

VOLTAGE_POINTS_SILENT = VOLTAGE_POINTS_OUT._replace(
    name="voltage_points_silent",
    title_en="Silent voltage points",
    title_zh="无数据监测点数",
    basis="points of the network or heard before without a value that holds now",
    dims=(MONITORING_CLASS,),
    measures=("voltage_points_silent",),
    value=count("voltage_points_silent"),
    source="our own",
)

VOLTAGE_POINTS_SUSPECT = VOLTAGE_POINTS_SILENT._replace(
    name="voltage_points_suspect",
    title_en="Suspect voltage points",
    title_zh="数据可疑监测点数",
    basis="points with a suspect value that holds now, no supply delivers it or its unit is wrong; none out of limits",
    measures=("voltage_points_suspect",),
    value=count("voltage_points_suspect"),
)

VOLTAGE_POINTS_MISSING = VOLTAGE_POINTS_SILENT._replace(
    name="voltage_points_missing",
    title_en="Voltage points that never reported",
    title_zh="从未上报监测点数",
    basis="points of the network of which values are expected, without any value ever",
    measures=("voltage_points_missing",),
    value=count("voltage_points_missing"),
)

VOLTAGE_AREAS_OUT = VOLTAGE_POINTS_OUT._replace(
    name="voltage_areas_out",
    title_en="Areas with points out of voltage limits",
    title_zh="当前越限台区数",
    unit="areas",
    dims=(DIRECTION._replace(summed=False),),
    groupings=OUTAGE_GROUPINGS,
    measures=("voltage_areas_out",),
    value=count("voltage_areas_out"),
)
