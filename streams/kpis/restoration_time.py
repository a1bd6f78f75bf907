"""Restoration time (复电时长): from the start of an outage to its full restoration, t_all - t_out; mean, P50, P90.

The mean is of seconds; percentiles are nearest-rank over whole minutes, ceil(seconds / 60).
"""

from streams.kpis.formulas import DATED, KIND, OUTAGE_GROUPINGS, Outcome, nearest_rank, quotient
from streams.kpis.kpi import DAY_GRACE_SECONDS, Kpi, Served, Sums

NOTHING = "no restoration"


def _mean(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("restoration_seconds"), sums.total("restorations"), NOTHING, scale=60)


def _p50(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("restoration_minutes"), 50, NOTHING)


def _p90(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("restoration_minutes"), 90, NOTHING)


RESTORATION_TIME_MEAN = Kpi(
    name="restoration_time_mean",
    title_en="Restoration time, mean",
    title_zh="平均复电时长",
    unit="minutes",
    basis="per outage, start to full restoration",
    assigned_by="full restoration",
    dims=(KIND,),
    groupings=OUTAGE_GROUPINGS,
    periods=DATED,
    measures=("restoration_seconds", "restorations"),
    value=_mean,
    final_after_seconds=DAY_GRACE_SECONDS,
    target=None,
    element="quality",
    pillar="crews",
    source="MultiSpeak 4.1 startTime to completed; quantile method our own",
)

RESTORATION_TIME_P50 = RESTORATION_TIME_MEAN._replace(
    name="restoration_time_p50",
    title_en="Restoration time, median",
    title_zh="复电时长中位数",
    basis="per outage, start to full restoration, nearest-rank over whole minutes",
    measures=("restoration_minutes", "restorations"),
    value=_p50,
)

RESTORATION_TIME_P90 = RESTORATION_TIME_P50._replace(
    name="restoration_time_p90",
    title_en="Restoration time, 90th percentile",
    title_zh="复电时长九十分位",
    value=_p90,
)
