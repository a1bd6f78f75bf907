"""Open outages now (在处停电事件数), by state, by age; open is started and not restored, also at 0 customers.

It counts in the scopes where customers, known or uncounted, are without supply; if none are left, in all its scopes.
"""

from streams.kpis.formulas import KIND, LIVE, OUTAGE_GROUPINGS, count
from streams.kpis.in_question import SPLIT_WITHOUT_END
from streams.kpis.kpi import Dim, Kpi

STATES = (
    "predicted",
    "confirmed",
    "scheduled",
    "announced",
    "active",
    "partially_restored",
    "contradictory",
    "incomplete",
)
AGES = ("lt_1h", "1h_4h", "4h_8h", "8h_24h", "ge_24h")

OUTAGES_OPEN = Kpi(
    name="outages_open",
    title_en="Open outages",
    title_zh="在处停电事件数",
    unit="outages",
    basis="live",
    assigned_by="now: started and not restored, where customers are out",
    dims=(KIND,),
    groupings=OUTAGE_GROUPINGS,
    periods=LIVE,
    measures=("outages_open",),
    value=count("outages_open"),
    final_after_seconds=None,
    target=None,
    element="capacity",
    pillar="facilities",
    source="IEC 61968-3 (CIM) outage status; age buckets our own",
    definition_version=2,
    findings=(SPLIT_WITHOUT_END,),
)

OUTAGES_BY_STATE = OUTAGES_OPEN._replace(
    name="outages_by_state",
    title_en="Outages by state",
    title_zh="停电事件数（按状态）",
    assigned_by="now: state of each outage that is neither restored, closed nor cancelled",
    dims=(KIND, Dim("state", STATES, summed=False)),
    measures=("outages_by_state",),
    value=count("outages_by_state"),
    findings=(),
)

OUTAGES_OPEN_BY_AGE = OUTAGES_OPEN._replace(
    name="outages_open_by_age",
    title_en="Open outages by age",
    title_zh="在处停电事件数（按时长）",
    assigned_by="now: time since the start of each open outage",
    dims=(KIND, Dim("age", AGES, summed=False)),
    measures=("outages_open_by_age",),
    value=count("outages_open_by_age"),
    findings=(),
)
