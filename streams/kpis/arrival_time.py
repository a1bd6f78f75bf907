"""Arrival time (到达现场时长): from the receipt of the report to the first arrival, t_arr - t_rep, of repair orders.

SGCC commits to 45/90/120 minutes (urban, rural, remote) for the mean; percentiles are nearest-rank over whole minutes,
ceil(seconds / 60).
"""

from streams.kpis.formulas import DATED, ORDER_GROUPINGS, PERCENTILES, Outcome, nearest_rank, quotient
from streams.kpis.kpi import ARRIVAL_GRACE_SECONDS, Kpi, Served, Sums

NOTHING = "no arrival"
ARRIVAL_LIMITS = (("urban", 45), ("rural", 90), ("remote", 120))  # minutes of the mean, by type of area


def _mean(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("arrival_seconds"), sums.total("arrivals"), NOTHING, scale=60)


def _p50(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("arrival_minutes"), 50, NOTHING)


def _p90(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("arrival_minutes"), 90, NOTHING)


ARRIVAL_TIME_MEAN = Kpi(
    name="arrival_time_mean",
    title_en="Arrival time, mean",
    title_zh="平均到达现场时长",
    unit="minutes",
    basis="repair orders, report received to first arrival",
    assigned_by="receipt of the report",
    dims=(),
    groupings=ORDER_GROUPINGS,
    periods=DATED,
    measures=("arrival_seconds", "arrivals"),
    value=_mean,
    final_after_seconds=ARRIVAL_GRACE_SECONDS,
    target=", ".join(f"{minutes} {name}" for name, minutes in ARRIVAL_LIMITS),
    target_by="SGCC service commitments: an average since the text of 2022",
    element="service",
    pillar="crews",
    source="SGCC service commitments, GB/T 28583-2012 (clock starts at the report)",
    rules=(
        (
            "If several crews reached an order, the first arrival counts; a return, or another crew, "
            "starts no other clock."
        ),
        (
            "An order counts by the day of its report, however long after it the crew came; one without "
            "an arrival counts in none of the three."
        ),
        PERCENTILES,
    ),
)

ARRIVAL_TIME_P50 = ARRIVAL_TIME_MEAN._replace(
    name="arrival_time_p50",
    title_en="Arrival time, median",
    title_zh="到达现场时长中位数",
    basis="repair orders, report received to first arrival, nearest-rank over whole minutes",
    measures=("arrival_minutes", "arrivals"),
    value=_p50,
    target=None,
)

ARRIVAL_TIME_P90 = ARRIVAL_TIME_P50._replace(
    name="arrival_time_p90",
    title_en="Arrival time, 90th percentile",
    title_zh="到达现场时长九十分位",
    value=_p90,
)
