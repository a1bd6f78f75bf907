"""Restoration time (复电时长) of sustained interruptions, by outage and by customer; mean, P50, P90.

By outage: in each scope from the first loss of supply to the last return, t_all - t_out. An outage without a customer
out for longer than the threshold has none; an outage whose customers are uncounted has one. By customer: from the loss
of supply to the return. The mean is of seconds; percentiles are nearest-rank over whole minutes, ceil(seconds / 60).
"""

from streams.kpis.formulas import DATED, KIND, OUTAGE_GROUPINGS, PERCENTILES, Outcome, nearest_rank, quotient
from streams.kpis.kpi import DAY_GRACE_SECONDS, Kpi, Served, Sums

NOTHING = "no restoration"


def _mean(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("restoration_seconds"), sums.total("restorations"), NOTHING, scale=60)


def _p50(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("restoration_minutes"), 50, NOTHING)


def _p90(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("restoration_minutes"), 90, NOTHING)


def _customers_mean(sums: Sums, _served: Served) -> Outcome:
    return quotient(sums.total("restored_customer_seconds"), sums.total("restored_customers"), NOTHING, scale=60)


def _customers_p50(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("restored_customer_minutes"), 50, NOTHING)


def _customers_p90(sums: Sums, _served: Served) -> Outcome:
    return nearest_rank(sums.distribution("restored_customer_minutes"), 90, NOTHING)


RESTORATION_TIME_MEAN = Kpi(
    name="restoration_time_mean",
    title_en="Restoration time per outage, mean",
    title_zh="平均复电时长（按事件）",
    unit="minutes",
    basis="per outage with sustained interruptions, first loss of supply to last return in the scope",
    assigned_by="last return of supply in the scope",
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
    definition_version=2,
    rules=(
        (
            "Each return of supply is a restoration of its own: an outage that is restored, and takes "
            "supply again, has two, each from its own first loss to its own last return, by the day of "
            "that return."
        ),
        (
            "In each scope it runs from the first loss there to the last return there: an outage over two "
            "regions has one in each and one in all, which is as long as the longest."
        ),
        (
            "An interruption without a customer out for longer than the threshold has none; an "
            "interruption whose customers are uncounted has one."
        ),
        PERCENTILES,
    ),
)

RESTORATION_TIME_P50 = RESTORATION_TIME_MEAN._replace(
    name="restoration_time_p50",
    title_en="Restoration time per outage, median",
    title_zh="复电时长中位数（按事件）",
    basis="per outage with sustained interruptions, first loss of supply to last return, nearest-rank of whole minutes",
    measures=("restoration_minutes", "restorations"),
    value=_p50,
)

RESTORATION_TIME_P90 = RESTORATION_TIME_P50._replace(
    name="restoration_time_p90",
    title_en="Restoration time per outage, 90th percentile",
    title_zh="复电时长九十分位（按事件）",
    value=_p90,
)

RESTORATION_TIME_CUSTOMERS_MEAN = RESTORATION_TIME_MEAN._replace(
    name="restoration_time_customers_mean",
    title_en="Restoration time per customer, mean",
    title_zh="平均复电时长（按用户）",
    basis="per customer and sustained interruption, loss of supply to return",
    assigned_by="return of the customer's supply",
    measures=("restored_customer_seconds", "restored_customers"),
    value=_customers_mean,
    source="the duration of IEEE 1366's CAIDI, by the day of the return",
    definition_version=1,
    rules=(
        (
            "Each customer's return after a sustained interruption counts once, by the day of the return. "
            "Customers that an extension adds count from their own start; customers who lose supply again "
            "count again."
        ),
        ("Where a step restores a part of an area's customers, those return first who have been out longest."),
        PERCENTILES,
    ),
)

RESTORATION_TIME_CUSTOMERS_P50 = RESTORATION_TIME_CUSTOMERS_MEAN._replace(
    name="restoration_time_customers_p50",
    title_en="Restoration time per customer, median",
    title_zh="复电时长中位数（按用户）",
    basis="per customer and sustained interruption, loss of supply to return, nearest-rank over whole minutes",
    measures=("restored_customer_minutes", "restored_customers"),
    value=_customers_p50,
)

RESTORATION_TIME_CUSTOMERS_P90 = RESTORATION_TIME_CUSTOMERS_P50._replace(
    name="restoration_time_customers_p90",
    title_en="Restoration time per customer, 90th percentile",
    title_zh="复电时长九十分位（按用户）",
    value=_customers_p90,
)
