"""Clocks of outages, orders, complaints: at risk or breached now, breaches, and the share of commitments met.

A commitment is met when its clock is stopped by the deadline; due is met, or past the deadline; a void clock is
neither. A share is of one clock, or of one kind of obligation: limits of the law, commitments of the company and
defaults of gridpulse make no common percentage.
"""

from typing import get_args

from schemas.sla_breach import CaseClockId, Obligation
from streams.kpis.formulas import DATED, LIVE, Outcome, count, quotient
from streams.kpis.kpi import WORKING_DAYS_GRACE_SECONDS, Dim, Kpi, Ratio, Served, Sums

CLOCK = Dim("clock", get_args(CaseClockId))
# First warning, final warning, past the deadline, escalated since.
STAGE = Dim("stage", ("early", "late", "breached", "escalated"), summed=False)
ONE_CLOCK = CLOCK._replace(summed=False)
GROUPINGS = ("all", "region")


def _share(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("sla_on_time"), sums.total("sla_due"), "no promise due")


def _breached(sums: Sums, _served: Served) -> Outcome:
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
    definition_version=2,
)

SLA_ON_TIME_SHARE = Kpi(
    name="sla_on_time_share",
    title_en="Commitments met",
    title_zh="时限履约率",
    unit="ratio",
    basis="clocks of the policy, kept / kept or past their deadline",
    assigned_by="begin of the clock",
    dims=(ONE_CLOCK,),
    groupings=GROUPINGS,
    periods=DATED,
    measures=("sla_on_time", "sla_due"),
    value=_share,
    final_after_seconds=WORKING_DAYS_GRACE_SECONDS,
    target=None,
    element="service",
    pillar="proactive",
    source="the policy in force; its clocks name their own",
    definition_version=2,
)

SLA_BREACHES = SLA_ON_TIME_SHARE._replace(
    name="sla_breaches",
    title_en="Commitments breached",
    title_zh="时限违约数",
    unit="clocks",
    basis="clocks of the policy past their deadline, ended or not",
    dims=(CLOCK,),
    value=_breached,
)


def _by_obligation(obligation: Obligation, title_en: str, title_zh: str, basis: str) -> Kpi:
    met, due = f"sla_on_time_{obligation}", f"sla_due_{obligation}"

    def share(sums: Sums, _served: Served) -> Outcome:
        return quotient(sums.total(met), sums.total(due), "no promise due")

    return SLA_ON_TIME_SHARE._replace(
        name=f"sla_{obligation}_on_time_share",
        title_en=title_en,
        title_zh=title_zh,
        basis=f"clocks of the policy with obligation {obligation} ({basis}), kept / kept or past their deadline",
        dims=(),
        measures=(met, due),
        value=share,
        definition_version=1,
    )


SLA_LAW = _by_obligation("law", "Limits of the law met", "法定时限履约率", "laws and national standards")
SLA_COMMITMENT = _by_obligation(
    "commitment", "Company's commitments met", "服务承诺履约率", "what the company promised its customers"
)
SLA_DEFAULT = _by_obligation(
    "default", "Our own limits met", "内控时限达标率", "set by gridpulse until somebody sets them"
)
