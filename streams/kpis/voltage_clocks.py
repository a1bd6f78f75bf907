"""Clocks of voltage points: at risk or breached now, breaches, and the share that was met.

They are KPIs of their own, since workers of another role make them: points out of limits for over 15 minutes (L15a),
far out for over a minute (L15b), without data for three intervals (L17), unless another policy holds. Met is an
excursion that ended in time, and a reading that arrived before it was overdue.
"""

from typing import get_args

from schemas.sla_breach import PointClockId
from streams.kpis.kpi import VOLTAGE_GRACE_SECONDS, Dim
from streams.kpis.sla import SLA_BREACHES, SLA_CLOCKS_OPEN, SLA_ON_TIME_SHARE, STAGE

CLOCK = Dim("clock", get_args(PointClockId))

VOLTAGE_CLOCKS_OPEN = SLA_CLOCKS_OPEN._replace(
    name="voltage_clocks_open",
    title_en="Voltage clocks at risk or breached",
    title_zh="电压预警与超时时限数",
    basis="live, clocks of the policy for points, that nothing has ended",
    dims=(CLOCK, STAGE),
    element="quality",
    pillar="facilities",
    role="voltage",
    definition_version=1,
)

VOLTAGE_CLOCKS_ON_TIME_SHARE = SLA_ON_TIME_SHARE._replace(
    name="voltage_clocks_on_time_share",
    title_en="Voltage clocks met",
    title_zh="电压时限履约率",
    basis="clocks of the policy for points, kept / kept or past their deadline",
    dims=(CLOCK,),
    final_after_seconds=VOLTAGE_GRACE_SECONDS,
    element="quality",
    pillar="facilities",
    role="voltage",
    definition_version=1,
)

VOLTAGE_CLOCKS_BROKEN = SLA_BREACHES._replace(
    name="voltage_clocks_broken",
    title_en="Voltage clocks breached",
    title_zh="电压时限违约数",
    basis="clocks of the policy for points past their deadline, ended or not",
    dims=(CLOCK,),
    final_after_seconds=VOLTAGE_GRACE_SECONDS,
    element="quality",
    pillar="facilities",
    role="voltage",
    definition_version=1,
)
