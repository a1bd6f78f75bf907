"""docs/kpis.md, made from the registry."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from streams.kpis import KPIS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kpis.kpi import Kpi

HEAD = """\
# KPIs

Generated from `streams/kpis` by `make render`; do not edit. A value is an exact ratio of two integers; where nothing is
below the line it is undefined: `null` with a reason, never 0 and never 100 %. Periods: `now`, a local `day`, a `week`
(ISO 8601, Monday to Sunday), a `month` up to now, `last30d` (30 local days, today included). A month and 30 days sum
their days, a week only has what is told of it by itself. An index per customer served (SAIDI, SAIFI) over n days is
divided by the mean of the daily customers served. So that both stay integers, `numerator` is n times the sum and
`denominator` the sum of the daily customers (SAIDI: times 60), and `days` is n, the
elapsed days of which the customers served are known. To check a month by hand: add up the
numerators of its day cells and multiply by `days`, that is its `numerator`; add up their denominators, that is its
`denominator`. `voltage_rate_ppb` and `voltage_points` are those of the whole period, not of its days.
`all`, as in `kind=all`, is the sum of the other values. The findings shown say by how many customers a value is in
question ([findings.md](findings.md)). The role is that of the workers that publish it. The basis
is that of the default settings: a record says what was computed (`GRIDPULSE_MOMENTARY_THRESHOLD_SECONDS`,
`GRIDPULSE_VOLTAGE_LIMITS`), and so do tile and series.
"""

RULES = """\
## Rules that change a number

Choices that the formula does not show. Whoever counts by hand has to make the same ones.
"""

COLUMNS = (
    "KPI",
    "title",
    "名称",
    "unit",
    "basis",
    "period decided by",
    "dimensions",
    "scopes",
    "periods",
    "final after",
    "target",
    "target set by",
    "element",
    "pillar",
    "measures",
    "findings shown",
    "source",
    "version",
    "role",
)


def render() -> str:
    """The whole document."""
    lines = [HEAD, _row(COLUMNS), _row(("---",) * len(COLUMNS)), *(_row(_cells(kpi)) for kpi in KPIS)]
    return "\n".join([*lines, "", *_rules()])


def _rules() -> Iterator[str]:
    """What the formulas do not show, once for all KPIs that share it."""
    yield RULES
    for rules, kpis in groupby((kpi for kpi in KPIS if kpi.rules), key=lambda kpi: kpi.rules):
        yield f"### {', '.join(f'`{kpi.name}`' for kpi in kpis)}\n"
        yield "".join(f"- {rule}\n" for rule in rules)


def _cells(kpi: Kpi) -> tuple[str, ...]:
    dims = "; ".join(f"{dim.name}: {', '.join((*dim.values, 'all') if dim.summed else dim.values)}" for dim in kpi.dims)
    final = "" if kpi.final_after_seconds is None else f"end of the period + {kpi.final_after_seconds} s"
    return (
        f"`{kpi.name}`",
        kpi.title_en,
        kpi.title_zh,
        kpi.unit,
        kpi.basis or "",
        kpi.assigned_by,
        dims,
        "; ".join(grouping.replace(",", " + ") for grouping in kpi.groupings),
        ", ".join(kpi.periods),
        final,
        kpi.target or "",
        (kpi.target_by or "") if kpi.target else "",
        kpi.element,
        kpi.pillar,
        ", ".join(f"`{name}`" for name in kpi.measures),
        ", ".join(f"`{name}`" for name in kpi.findings),
        kpi.source,
        str(kpi.definition_version),
        kpi.role,
    )


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
