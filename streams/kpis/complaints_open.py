"""Open complaints now (在办投诉), by state, by age in working days, and with an overdue reply (超期未答复).

Open is accepted, neither closed nor withdrawn; contradictory and incomplete complaints count by state only.
"""

from streams.kpis.formulas import COMPLAINT_GROUPINGS, LIVE, count
from streams.kpis.kpi import Dim, Kpi

STATES = ("accepted", "assigned", "in_progress", "replied", "reopened", "returned", "contradictory", "incomplete")
AGES = ("wd_0_1", "wd_2_3", "wd_4_5", "wd_6_7", "wd_gt_7")

COMPLAINTS_OPEN = Kpi(
    name="complaints_open",
    title_en="Open complaints",
    title_zh="在办投诉数",
    unit="complaints",
    basis="live",
    assigned_by="now: accepted, neither closed nor withdrawn",
    dims=(),
    groupings=COMPLAINT_GROUPINGS,
    periods=LIVE,
    measures=("complaints_open",),
    value=count("complaints_open"),
    final_after_seconds=None,
    target=None,
    element="service",
    pillar="interactive",
    source="SGCC complaint handling; age buckets our own",
)

COMPLAINTS_BY_STATE = COMPLAINTS_OPEN._replace(
    name="complaints_by_state",
    title_en="Complaints by state",
    title_zh="投诉数（按状态）",
    assigned_by="now: state of each complaint that is neither closed nor withdrawn",
    dims=(Dim("state", STATES, summed=False),),
    measures=("complaints_by_state",),
    value=count("complaints_by_state"),
)

COMPLAINTS_OPEN_BY_AGE = COMPLAINTS_OPEN._replace(
    name="complaints_open_by_age",
    title_en="Open complaints by age",
    title_zh="在办投诉数（按在途工作日）",
    assigned_by="now: working days since the acceptance of each open complaint",
    dims=(Dim("age", AGES, summed=False),),
    measures=("complaints_open_by_age",),
    value=count("complaints_open_by_age"),
)

COMPLAINTS_OVERDUE = COMPLAINTS_OPEN._replace(
    name="complaints_overdue",
    title_en="Complaints overdue",
    title_zh="超期未答复投诉数",
    basis="live, open and not replied to",
    assigned_by="now: the end of the due day has passed",
    measures=("complaints_overdue",),
    value=count("complaints_overdue"),
    source="SGCC service commitments (5 working days)",
    definition_version=2,
)
