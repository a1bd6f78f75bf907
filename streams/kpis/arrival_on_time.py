"""On-time arrival (到达及时率): repair orders reached within the limit of their area type / orders due.

Due is reached, or past the deadline: an order without an arrival counts against it, also one whose file was closed.
Seconds are compared. The limits are those of clock L3a: the minutes to which SGCC commits for the mean (2022), used for
each order by our own default, as is the target.
"""

from streams.kpis.formulas import DATED, ORDER_GROUPINGS, Outcome, quotient
from streams.kpis.kpi import ARRIVAL_GRACE_SECONDS, Kpi, Served, Sums


def _share(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("arrivals_on_time"), sums.total("arrivals_due"), "no arrival due")


ARRIVAL_ON_TIME_SHARE = Kpi(
    name="arrival_on_time_share",
    title_en="On-time arrival",
    title_zh="到达及时率",
    unit="ratio",
    basis="repair orders, limits 45/90/120 minutes by area type unless set otherwise",
    assigned_by="receipt of the report",
    dims=(),
    groupings=ORDER_GROUPINGS,
    periods=DATED,
    measures=("arrivals_on_time", "arrivals_due"),
    value=_share,
    final_after_seconds=ARRIVAL_GRACE_SECONDS,
    target="0.95",
    target_by="our own default",
    element="service",
    pillar="crews",
    source="our own default: SGCC's minutes of the mean, for each order; GB/T 28583-2012 (clock starts at the report)",
    definition_version=2,
)
