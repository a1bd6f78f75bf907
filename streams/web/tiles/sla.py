"""Tiles of commitments: at risk, breached, and the shares met, by obligation."""

from streams.web.tiles.tile import Shown, Tile

AHEAD, PAST = frozenset(("early", "late")), frozenset(("breached", "escalated"))
STAGES = Shown("sla_clocks_open", "now", by="stage")
VOLTAGE_STAGES = Shown("voltage_clocks_open", "now", by="stage")  # of points: their workers make them


def _kept(name: str, period: str, other: str, clock: str = "", kpi: str = "sla_on_time_share") -> Tile:
    where = {"clock": clock} if clock else {}
    return Tile(name, "percent", "unit.percent", "clocks", Shown(kpi, period, where),
                beside=(Shown(kpi, other, where, label=other),))  # fmt: skip


SLA = (
    Tile("sla_at_risk", "count", "unit.clocks", "clocks", STAGES, parts=(STAGES,), only=AHEAD, status="at_risk"),
    Tile("sla_breached", "count", "unit.clocks", "clocks", STAGES, parts=(STAGES,), only=PAST, alarm=True,
         alarming=PAST, status="breached"),
    Tile("sla_voltage", "count", "unit.clocks", "clocks", VOLTAGE_STAGES, parts=(VOLTAGE_STAGES,), only=PAST,
         status="breached"),
    _kept("kept_law", "month", "today", kpi="sla_law_on_time_share"),
    _kept("kept_commitment", "month", "today", kpi="sla_commitment_on_time_share"),
    _kept("kept_default", "month", "today", kpi="sla_default_on_time_share"),
    _kept("kept_dispatch", "month", "today", "L1"),
    _kept("kept_arrival", "month", "today", "L3b"),
    _kept("kept_repair", "month", "today", "L5"),
    _kept("kept_etr", "month", "today", "L6"),
    _kept("kept_published", "month", "today", "L8a"),
)  # fmt: skip
