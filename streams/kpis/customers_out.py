"""Customers without supply now (当前停电户数), over all open outages (CIM, MultiSpeak)."""

from streams.kpis.formulas import KIND, LIVE, OUTAGE_GROUPINGS, count
from streams.kpis.in_question import MORE_OUT, OF_CASES
from streams.kpis.kpi import Kpi

CUSTOMERS_OUT = Kpi(
    name="customers_out",
    title_en="Customers out now",
    title_zh="当前停电户数",
    unit="customers",
    basis="live",
    assigned_by="now: remaining customers of each open outage",
    dims=(KIND,),
    groupings=OUTAGE_GROUPINGS,
    periods=LIVE,
    measures=("customers_out",),
    value=count("customers_out"),
    final_after_seconds=None,
    target=None,
    element="capacity",
    pillar="facilities",
    source="IEC 61968-3 (CIM), MultiSpeak 4.1 customersAffected",
    definition_version=2,
    findings=(*OF_CASES, MORE_OUT),
)
