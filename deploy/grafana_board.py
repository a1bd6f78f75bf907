"""deploy/grafana/dashboards/gridpulse.json, made from the registry of KPIs: one board for the dispatch floor."""

from typing import Any, Final, NamedTuple

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueColorMode, BigValueGraphMode
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    GridPos,
    Threshold,
    ThresholdsMode,
)

from streams.kpis import KPIS
from streams.web.metrics import series_name

UID: Final = "gridpulse"
SOURCE: Final = DataSourceRef(type_val="prometheus", uid="prometheus")
STAT_WIDTH, STAT_HEIGHT, GRAPH_WIDTH, GRAPH_HEIGHT, WIDTH = 4, 4, 8, 7, 24
NO_DATA: Final = "—"  # undefined has no series, and must not be shown as 0
GREEN, AMBER, RED, PLAIN = "green", "orange", "red", "text"
UNITS: Final = {"minutes": "s", "ratio": "percentunit"}
BY_NAME: Final = {kpi.name: kpi for kpi in KPIS}


class Shown(NamedTuple):
    """A KPI on the board: which period and dims, and from which values it is amber and red (falling: up to which)."""

    kpi: str
    period: str
    dims: str = ""
    steps: tuple[tuple[float, str], ...] = ()
    part: str = ""  # text of a dim for the title, if it is needed


class Row(NamedTuple):
    """A heading with figures of the whole company, and graphs by region below them."""

    title: str
    figures: tuple[Shown, ...]
    graphs: tuple[Shown, ...]


ON_TIME: Final = ((0, RED), (0.9, AMBER), (0.95, GREEN))
VOLTAGE: Final = ((0, RED), (0.975, AMBER), (0.985, GREEN))  # SGCC: 97.5 % rural, 98.5 % urban
ANY_IS_RED: Final = ((0, GREEN), (1, RED))
ANY_IS_AMBER: Final = ((0, GREEN), (1, AMBER))
ROWS: Final = (
    Row(
        "Supply 供电能力",
        (
            Shown("customers_out", "now", 'kind="all"'),
            Shown("outages_open", "now", 'kind="all"'),
            Shown("saidi", "today", 'kind="fault"'),
            Shown("saidi", "month", 'kind="fault"'),
            Shown("caidi", "today", 'kind="fault"'),
            Shown("restoration_time_mean", "today", 'kind="fault"'),
        ),
        (
            Shown("customers_out", "now", 'kind="all"'),
            Shown("outages_open", "now", 'kind="all"'),
            Shown("saidi", "today", 'kind="fault"'),
        ),
    ),
    Row(
        "Crews and customers 供电服务",
        (
            Shown("orders_open", "now", 'state="all"'),
            Shown("arrival_time_mean", "today"),
            Shown("arrival_on_time_share", "today", steps=ON_TIME),
            Shown("complaints_open", "now"),
            Shown("complaints_overdue", "now", steps=ANY_IS_RED),
            Shown("complaint_closure_cohort", "last30d"),
        ),
        (
            Shown("arrival_on_time_share", "today"),
            Shown("complaints_open", "now"),
            Shown("complaint_contact_on_time", "last30d"),
        ),
    ),
    Row(
        "Commitments 供电服务",
        (
            Shown("sla_clocks_open", "now", 'clock="all",stage="early"', part="first warning"),
            Shown("sla_clocks_open", "now", 'clock="all",stage="late"', ANY_IS_AMBER, "last warning"),
            Shown("sla_clocks_open", "now", 'clock="all",stage="breached"', ANY_IS_RED, "breached"),
            Shown("sla_clocks_open", "now", 'clock="all",stage="escalated"', ANY_IS_RED, "escalated"),
            Shown("sla_law_on_time_share", "month", steps=ON_TIME),
            Shown("sla_commitment_on_time_share", "month", steps=ON_TIME),
            Shown("sla_default_on_time_share", "month", steps=ON_TIME),
            Shown("sla_breaches", "today", 'clock="all"'),
            Shown("voltage_clocks_open", "now", 'clock="all",stage="breached"', ANY_IS_AMBER, "breached"),
        ),
        (
            Shown("sla_clocks_open", "now", 'clock="all",stage="late"', part="last warning"),
            Shown("sla_clocks_open", "now", 'clock="all",stage="breached"', part="breached"),
            Shown("sla_law_on_time_share", "last30d"),
            Shown("sla_commitment_on_time_share", "last30d"),
            Shown("sla_default_on_time_share", "last30d"),
        ),
    ),
    Row(
        "Voltage 供电质量",
        (
            Shown("voltage_compliance", "today", 'monitoring_class="all"', VOLTAGE),
            Shown("voltage_compliance", "last30d", 'monitoring_class="all"', VOLTAGE),
            Shown("voltage_coverage", "today", 'monitoring_class="all"', ON_TIME),
            Shown("voltage_points_out", "now", 'direction="all",monitoring_class="all"', ANY_IS_AMBER),
            Shown("voltage_points_out_long", "now", 'direction="all",monitoring_class="all"', ANY_IS_RED),
            Shown("voltage_points_silent", "now", 'monitoring_class="all"', ANY_IS_AMBER),
            Shown("voltage_compliance_combined", "month", "", VOLTAGE),
            Shown("voltage_en50160", "week", 'monitoring_class="all"'),
        ),
        (
            Shown("voltage_compliance", "today", 'monitoring_class="all"'),
            Shown("voltage_points_out", "now", 'direction="all",monitoring_class="all"'),
            Shown("voltage_coverage", "today", 'monitoring_class="all"'),
        ),
    ),
)
DATA_AGE: Final = "max by (role) (min without (instance, job) (gridpulse_data_age_seconds))"
REFUSED: Final = (
    'sum by (outcome) (max without (instance, job) (gridpulse_events_processed_total{outcome=~"rejected|defect"}))'
)
FINDINGS: Final = "sum(max without (instance, job) (gridpulse_findings))"
PIPELINE: Final = (
    ("Data age", DATA_AGE, "s", "{{role}}", ((0, GREEN), (10, AMBER), (60, RED))),
    ("Refused records", REFUSED, "none", "{{outcome}}", ((0, PLAIN),)),
    ("Findings", FINDINGS, "none", "findings", ((0, PLAIN),)),
)


def query(shown: Shown, *, by_region: bool) -> str:
    """PromQL for a KPI; every web server shows the same value, so the greatest is any of them."""
    scope = 'scope="region",region=~"$region"' if by_region else 'scope="all"'
    labels = ",".join(filter(None, (scope, f'period="{shown.period}"', shown.dims)))
    return f"max without (instance, job) ({series_name(BY_NAME[shown.kpi])}{{{labels}}})"


def render() -> str:
    """The board as Grafana reads it."""
    board = (
        dashboard.Dashboard("gridpulse")
        .uid(UID)
        .description("Live KPIs of the distribution grid. Generated by deploy/grafana_board.py; do not edit.")
        .tags(["gridpulse", "wallboard"])
        .readonly()
        .timezone("browser")
        .time("now-6h", "now")
        .refresh("10s")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .with_variable(_regions())
    )
    top = 0
    for row in ROWS:
        board = board.with_row(dashboard.Row(row.title).grid_pos(GridPos(h=1, w=WIDTH, x=0, y=top)))
        for place, shown in enumerate(row.figures):
            line, column = divmod(place, WIDTH // STAT_WIDTH)
            y = top + 1 + line * STAT_HEIGHT
            board = board.with_panel(_figure(shown, GridPos(h=STAT_HEIGHT, w=STAT_WIDTH, x=column * STAT_WIDTH, y=y)))
        below = y + STAT_HEIGHT
        for place, shown in enumerate(row.graphs):
            line, column = divmod(place, WIDTH // GRAPH_WIDTH)
            y = below + line * GRAPH_HEIGHT
            board = board.with_panel(_graph(shown, GridPos(h=GRAPH_HEIGHT, w=GRAPH_WIDTH, x=column * GRAPH_WIDTH, y=y)))
        top = y + GRAPH_HEIGHT if row.graphs else below
    board = board.with_row(dashboard.Row("Pipeline").grid_pos(GridPos(h=1, w=WIDTH, x=0, y=top)))
    for place, (title, expr, unit, legend, steps) in enumerate(PIPELINE):
        panel = _stat(title, expr, unit, legend, steps)
        board = board.with_panel(
            panel.grid_pos(GridPos(h=STAT_HEIGHT, w=GRAPH_WIDTH, x=place * GRAPH_WIDTH, y=top + 1))
        )
    return JSONEncoder(sort_keys=True, indent=2).encode(board.build()) + "\n"


def _regions() -> Any:
    return (
        dashboard.QueryVariable("region")
        .label("Region")
        .datasource(SOURCE)
        .query("label_values(gridpulse_outages_open, region)")
        .multi(True)
        .include_all(True)
        .all_value(".+")
    )


def _figure(shown: Shown, place: GridPos) -> stat.Panel:
    kpi = BY_NAME[shown.kpi]
    steps = shown.steps or ((0, PLAIN),)
    panel = _stat(_title(shown), query(shown, by_region=False), UNITS.get(kpi.unit, "none"), "", steps)
    return panel.description(_basis(shown)).grid_pos(place)


def _stat(title: str, expr: str, unit: str, legend: str, steps: tuple[tuple[float, str], ...]) -> stat.Panel:
    thresholds = [
        Threshold(value=None if place == 0 else value, color=color) for place, (value, color) in enumerate(steps)
    ]
    return (
        stat.Panel()
        .title(title)
        .datasource(SOURCE)
        .unit(unit)
        .no_value(NO_DATA)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .color_mode(BigValueColorMode.VALUE)
        .graph_mode(BigValueGraphMode.NONE)
        .thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(thresholds))
        .with_target(prometheus.Dataquery().expr(expr).instant().legend_format(legend))
    )


def _graph(shown: Shown, place: GridPos) -> timeseries.Panel:
    return (
        timeseries.Panel()
        .title(f"{_title(shown)}, by region")
        .description(_basis(shown))
        .datasource(SOURCE)
        .unit(UNITS.get(BY_NAME[shown.kpi].unit, "none"))
        .grid_pos(place)
        .with_target(prometheus.Dataquery().expr(query(shown, by_region=True)).legend_format("{{region}}"))
    )


def _title(shown: Shown) -> str:
    kpi = BY_NAME[shown.kpi]
    period = {"now": "", "today": ", today", "week": ", this week", "month": ", this month", "last30d": ", 30 days"}[
        shown.period
    ]
    return f"{kpi.title_en}{period}" + (f": {shown.part}" if shown.part else "")


def _basis(shown: Shown) -> str:
    kpi = BY_NAME[shown.kpi]
    return f"{kpi.title_zh}. {kpi.basis or 'live'}; by {kpi.assigned_by}."
