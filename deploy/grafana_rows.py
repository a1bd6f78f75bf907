"""What the Grafana board shows, row by row; a KPI that no row names is in a folded row of its own."""

from typing import Final, NamedTuple

from streams.kpis import KPIS, Kpi

GREEN, AMBER, RED, PLAIN = "green", "orange", "red", "text"


class Shown(NamedTuple):
    """A KPI on the board: which period and dims, and from which values it is amber and red (falling: up to which)."""

    kpi: str
    period: str
    dims: str = ""
    steps: tuple[tuple[float, str], ...] = ()
    part: str = ""  # which of its dims, in words, where the title has to say it


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
            Shown("sla_clocks_open", "now", 'clock="all",stage="late"', ANY_IS_AMBER, "final warning"),
            Shown("sla_clocks_open", "now", 'clock="all",stage="breached"', ANY_IS_RED, "breached"),
            Shown("sla_clocks_open", "now", 'clock="all",stage="escalated"', ANY_IS_RED, "escalated"),
            Shown("sla_law_on_time_share", "month", steps=ON_TIME),
            Shown("sla_commitment_on_time_share", "month", steps=ON_TIME),
            Shown("sla_default_on_time_share", "month", steps=ON_TIME),
            Shown("sla_breaches", "today", 'clock="all"'),
            Shown("voltage_clocks_open", "now", 'clock="all",stage="breached"', ANY_IS_AMBER, "breached"),
        ),
        (
            Shown("sla_clocks_open", "now", 'clock="all",stage="late"', part="final warning"),
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
OTHERS: Final = "All other KPIs 其他指标"


def others() -> tuple[Shown, ...]:
    """The KPIs that no row above shows, each for its shortest period: a new KPI is among them by itself."""
    shown = {each.kpi for row in ROWS for each in (*row.figures, *row.graphs)}
    return tuple(
        Shown(kpi.name, {"day": "today"}.get(kpi.periods[0], kpi.periods[0]), _sums_of(kpi))
        for kpi in KPIS
        if kpi.name not in shown
    )


def _sums_of(kpi: Kpi) -> str:
    """Of dimensions that add up only the sum; the others have a series for each value."""
    return ",".join(f'{dim.name}="all"' for dim in kpi.dims if dim.summed)
