"""Tiles of outages and of the crews that end them."""

from streams.kpis.arrival_time import ARRIVAL_LIMITS
from streams.web.tiles.tile import BASIS, Means, Shown, Tile

LONG = frozenset(("8h_24h", "ge_24h"))  # 8 hours is our default: IEEE 1366 leaves CELID's threshold open
NOT_BEGUN = frozenset(("predicted", "confirmed", "scheduled", "announced", "incomplete"))
FAULT, PLANNED = {"kind": "fault"}, {"kind": "planned"}
FAULTS = "faults_only"

SUPPLY = (
    Tile("customers_out", "count", "unit.customers", "customers", Shown("customers_out", "now"),
         parts=(Shown("customers_out", "now", by="kind"),)),
    Tile("outages_open", "count", "unit.outages", "outages", Shown("outages_open", "now"),
         parts=(Shown("outages_by_state", "now", by="state"),), beyond=NOT_BEGUN),
    Tile("outages_long", "count", "unit.outages", "outages", Shown("outages_open_by_age", "now", by="age"),
         parts=(Shown("outages_open_by_age", "now", by="age"),), only=LONG, bars=True, alarm=True, alarming=LONG,
         note="by_age"),
    Tile("restoration_today", "minutes", "unit.minutes", "seconds", Shown("restoration_time_mean", "today", FAULT),
         beside=(Shown("restoration_time_p50", "today", FAULT, label="p50"),
                 Shown("restoration_time_p90", "today", FAULT, label="p90"),
                 Shown("restoration_time_customers_mean", "today", FAULT, label="per_customer_mean")), note=FAULTS),
    Tile("saidi_today", "index", "unit.minutes", "customer_seconds", Shown("saidi", "today", FAULT),
         beside=(Shown("saidi", "today", PLANNED, label="planned"),), note=BASIS),
    Tile("saidi_month", "index", "unit.minutes", "customer_seconds", Shown("saidi", "month", FAULT),
         beside=(Shown("saidi", "month", PLANNED, label="planned"),), note=BASIS),
    Tile("saifi_today", "index", "unit.per_customer", "customers", Shown("saifi", "today", FAULT),
         beside=(Shown("saifi", "month", FAULT, label="month"),), note=BASIS),
    Tile("caidi_today", "minutes", "unit.minutes", "customer_seconds", Shown("caidi", "today", FAULT),
         beside=(Shown("caidi", "month", FAULT, label="month"),), note=BASIS),
)  # fmt: skip
CREWS = (
    Tile("arrival_today", "minutes", "unit.minutes", "seconds", Shown("arrival_time_mean", "today"),
         beside=(Shown("arrival_time_p50", "today", label="p50"), Shown("arrival_time_p90", "today", label="p90")),
         parts=(Means("arrival_time_mean", "today", ARRIVAL_LIMITS),)),
    Tile("on_time_today", "percent", "unit.percent", "orders", Shown("arrival_on_time_share", "today"),
         beside=(Shown("arrival_on_time_share", "month", label="month"),)),
    Tile("orders_open", "count", "unit.orders", "orders", Shown("orders_open", "now"),
         parts=(Shown("orders_open", "now", by="state"),)),
)  # fmt: skip
