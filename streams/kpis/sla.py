"""Clocks of outages, orders, complaints: those at risk or breached now, promises broken, the share of promises kept.

A promise is kept when its clock is stopped by the deadline; due is kept, or past the deadline. A void one is neither.
"""

from typing import get_args

from schemas.sla_breach import CaseClockId
from streams.kpis.formulas import DATED, LIVE, Outcome, count, quotient
from streams.kpis.kpi import WORKING_DAYS_GRACE_SECONDS, Dim, Kpi, Ratio, Served, Sums

CLOCK = Dim("clock", get_args(CaseClockId))
# The first of two warnings, the last one, past the deadline, and told again since.
STAGE = Dim("stage", ("early", "late", "breached", "escalated"), summed=False)
GROUPINGS = ("all", "region")


def _share(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("sla_on_time"), sums.total("sla_due"), "no promise due")


def _broken(sums: Sums, _served: Served) -> Outcome:
    return Ratio(sums.total("sla_due") - sums.total("sla_on_time"), 1)


SLA_CLOCKS_OPEN = Kpi(
    name="sla_clocks_open",
    title_en="Clocks at risk or breached",
    title_zh="预警与超时时限数",
    unit="clocks",
    basis="live, clocks of the policy that nothing has ended",
    assigned_by="now: warnings, deadline and escalations of each clock that have passed",
    dims=(CLOCK, STAGE),
    groupings=GROUPINGS,
    periods=LIVE,
    measures=("sla_open",),
    value=count("sla_open"),
    final_after_seconds=None,
    target=None,
    element="service",
    pillar="proactive",
    source="the policy in force; its clocks name their own",
)

SLA_ON_TIME_SHARE = Kpi(
    name="sla_on_time_share",
    title_en="Promises kept",
    title_zh="时限履约率",
    unit="ratio",
    basis="clocks of the policy, kept / kept or past their deadline",
    assigned_by="begin of the clock",
    dims=(CLOCK,),
    groupings=GROUPINGS,
    periods=DATED,
    measures=("sla_on_time", "sla_due"),
    value=_share,
    final_after_seconds=WORKING_DAYS_GRACE_SECONDS,
    target=None,
    element="service",
    pillar="proactive",
    source="the policy in force; its clocks name their own",
)

SLA_BREACHES = SLA_ON_TIME_SHARE._replace(
    name="sla_breaches",
    title_en="Promises broken",
    title_zh="时限违约数",
    unit="clocks",
    basis="clocks of the policy past their deadline, ended or not",
    value=_broken,
)
