"""docs/kpis.md, made from the registry: an index, a chapter per file of KPIs, and in it a section per KPI."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Final

import streams.kpis
from deploy.markdown import table
from streams.kpis import KPIS, Kpi

HEAD: Final = """\
# KPIs

Generated from `streams/kpis` by `make render`; do not edit.

## How to read a value

- A value is an exact ratio of two integers. A denominator of 0 makes it undefined: `null` with a reason, never 0 and
  never 100 %.
- Periods: `now`, a local `day`, a `week` (ISO 8601, Monday to Sunday), a `month` up to now, `last30d` (30 local days,
  today included). Values of a month and of 30 days are sums over their days; a week has its own sums.
- An index per customer served (SAIDI, SAIFI) over n days is divided by the mean of the daily customers served. So that
  both integers stay exact, `numerator` is n times the sum, `denominator` the sum of the daily customers (SAIDI: times
  60), and `days` is n: the elapsed days of which the customers served are known. To check a month by hand, add up the
  numerators of its day cells and multiply by `days`: that is its `numerator`. The sum of their denominators is its
  `denominator`.
- `voltage_rate_ppb` and `voltage_points` are measures of the whole period, not of its days.
- `all`, as in `kind=all`, is the sum of the other values of a dimension.
- The findings state by how many customers a value is in question ([findings.md](findings.md)).
- The basis given here is for the default settings. A record, its tile and its series state the basis that was used
  (`GRIDPULSE_MOMENTARY_THRESHOLD_SECONDS`, `GRIDPULSE_VOLTAGE_LIMITS`).
- The role names the workers that publish the KPI.

## Index

"""
RULES: Final = "Rules that change the number and are not in the formula, for {}:\n"
TITLE: Final = re.compile(r"[:,;.](?:\s|$)")  # what ends the name at the head of a docstring


def render() -> str:
    """The whole page."""
    rows = [
        (f"[`{kpi.name}`](#{kpi.name})", kpi.title_en, kpi.title_zh, kpi.unit, ", ".join(kpi.periods)) for kpi in KPIS
    ]
    chapters = [part for doc, kpis in _chapters().items() for part in _chapter(doc, kpis)]
    return HEAD + table(("KPI", "title", "名称", "unit", "periods"), rows) + "\n" + "\n".join(chapters)


def _chapters() -> dict[str, list[Kpi]]:
    """The KPIs of each file by its docstring, in the order of the registry."""
    docs: dict[str, str] = {}
    # A file may import KPIs of another file: the imports of the registry decide the chapter.
    for node in ast.parse(inspect.getsource(streams.kpis)).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            module = importlib.import_module(node.module)
            found = (getattr(module, alias.name) for alias in node.names)
            docs |= {value.name: module.__doc__ or "" for value in found if isinstance(value, Kpi)}
    chapters: dict[str, list[Kpi]] = {}
    for kpi in KPIS:
        chapters.setdefault(docs[kpi.name], []).append(kpi)
    return chapters


def _chapter(doc: str, kpis: list[Kpi]) -> Iterator[str]:
    """A heading, the formula, the rules that it does not show, and the facts of each KPI."""
    yield f"## {TITLE.split(doc, maxsplit=1)[0]}\n"
    yield f"{doc.strip()}\n"
    by_rules: dict[tuple[str, ...], list[str]] = {}
    for kpi in kpis:
        if kpi.rules:
            by_rules.setdefault(kpi.rules, []).append(f"`{kpi.name}`")
    for rules, names in by_rules.items():
        yield RULES.format(", ".join(names))
        yield "".join(f"- {rule}\n" for rule in rules)
    for kpi in kpis:
        yield f"### {kpi.name}\n"
        yield f"{kpi.title_en} · {kpi.title_zh}\n"
        yield table(("fact", "value"), [(name, value) for name, value in _facts(kpi) if value])


def _facts(kpi: Kpi) -> Iterator[tuple[str, str]]:
    yield "unit", kpi.unit
    yield "basis", kpi.basis or ""
    yield "assigned to a period by", kpi.assigned_by
    yield (
        "dimensions",
        "; ".join(f"{dim.name}: {', '.join((*dim.values, 'all') if dim.summed else dim.values)}" for dim in kpi.dims),
    )
    yield "scopes", "; ".join(grouping.replace(",", " + ") for grouping in kpi.groupings)
    yield "periods", ", ".join(kpi.periods)
    yield "final", "" if kpi.final_after_seconds is None else f"{kpi.final_after_seconds} s after the end of the period"
    yield "target", f"{kpi.target} ({kpi.target_by})" if kpi.target and kpi.target_by else kpi.target or ""
    yield "measures", ", ".join(f"`{name}`" for name in kpi.measures)
    yield "findings", ", ".join(f"`{name}`" for name in kpi.findings)
    yield "source", kpi.source
    yield "element, pillar", f"{kpi.element}, {kpi.pillar}"
    yield "definition version", str(kpi.definition_version)
    yield "role", kpi.role
