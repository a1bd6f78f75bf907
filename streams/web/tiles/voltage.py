"""Tiles of voltage: what is out of its limits now, and how much of the time was within them."""

from streams.web.tiles.tile import Shown, Tile

CLASS, DIRECTION = "monitoring_class", "direction"
# Class A are the busbars of one's own substations: the control room can do something about them at once.
OWN = frozenset(("A",))


def _compliance(name: str, kpi: str, period: str, *beside: Shown, by_class: bool = False) -> Tile:
    parts = (Shown(kpi, period, by=CLASS),) if by_class else ()
    # Points that are left out of the rate, since too little of their time was measured.
    if kpi == "voltage_compliance":
        beside = (*beside, Shown("voltage_points_low_coverage", period, label="low_coverage"))
    main, by_area = Shown(kpi, period), Shown(kpi.removesuffix("_combined"), period)
    return Tile(name, "percent", "unit.percent", "rates", main, beside, parts, behind="areas", by_area=by_area)


def _areas(name: str, direction: str) -> Tile:
    """An area with points on both sides counts on both, so that these are two tiles and no sum."""
    where = {DIRECTION: direction}
    points = Shown("voltage_points_out", "now", where, label="unit.points")
    return Tile(name, "count", "unit.areas", "areas", Shown("voltage_areas_out", "now", where), (points,),
                behind="areas", by_area=points, whole=True)  # fmt: skip


VOLTAGE = (
    Tile("points_out", "count", "unit.points", "points", Shown("voltage_points_out", "now"),
         (Shown("voltage_points_suspect", "now", label="suspect"),),
         parts=(Shown("voltage_points_out", "now", by=DIRECTION), Shown("voltage_points_out", "now", by=CLASS)),
         alarming=OWN),
    Tile("points_out_long", "count", "unit.points", "points", Shown("voltage_points_out_long", "now"),
         parts=(Shown("voltage_points_out_long", "now", by=DIRECTION),
                Shown("voltage_points_out_long", "now", by=CLASS)), alarming=OWN),
    _areas("areas_over", "over"),
    _areas("areas_under", "under"),
    Tile("points_silent", "count", "unit.points", "points", Shown("voltage_points_silent", "now"),
         (Shown("voltage_points_missing", "now", label="missing"),),
         parts=(Shown("voltage_points_silent", "now", by=CLASS),), behind="areas",
         by_area=Shown("voltage_points_silent", "now")),
    _compliance("compliance_today", "voltage_compliance", "today", by_class=True),
    _compliance("compliance_month", "voltage_compliance", "month", by_class=True),
    _compliance("compliance_30d", "voltage_compliance", "last30d", by_class=True),
    _compliance("compliance_time", "voltage_compliance_time", "today",
                Shown("voltage_compliance_time", "month", label="month")),
    _compliance("compliance_combined", "voltage_compliance_combined", "month",
                Shown("voltage_compliance_combined", "last30d", label="last30d")),
    _compliance("coverage", "voltage_coverage", "today", Shown("voltage_coverage", "month", label="month")),
)  # fmt: skip
