"""Open work orders now (在途工单), by state: created and neither closed nor cancelled."""

from streams.kpis.formulas import LIVE, ORDER_GROUPINGS, count
from streams.kpis.kpi import Dim, Kpi

STATES = (
    "created",
    "dispatched",
    "accepted",
    "en_route",
    "on_site",
    "waiting",
    "field_complete",
    "returned",
    "incomplete",
)

ORDERS_OPEN = Kpi(
    name="orders_open",
    title_en="Open work orders",
    title_zh="在途工单数",
    unit="orders",
    basis="live",
    assigned_by="now: state of each order that is neither closed nor cancelled",
    dims=(Dim("state", STATES),),
    groupings=ORDER_GROUPINGS,
    periods=LIVE,
    measures=("orders_open",),
    value=count("orders_open"),
    final_after_seconds=None,
    target=None,
    element="service",
    pillar="crews",
    source="IEC 61968-3 (CIM) crew status",
)
