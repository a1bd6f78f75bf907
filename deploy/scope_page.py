"""docs/scope.md, made from the registry: which parts of the service system are measured, by what, and which are not."""

from collections.abc import Iterable
from typing import Final

from deploy.markdown import table
from streams.kpis import KPIS

ELEMENTS: Final = {
    "capacity": "supply capacity 供电能力",
    "quality": "supply quality 供电质量",
    "service": "service 供电服务",
    "conduct": "conduct 供电行为",
}
PILLARS: Final = ("facilities", "crews", "proactive", "interactive")
CHOICE: Final = """\
How to choose for a new KPI. The element is what the number speaks of: `capacity`, whether customers have supply at all;
`quality`, how good supply is, and how soon it is as it should be; `service`, what staff do for customers, and if in
time; `conduct`, how openly and fairly the company acts. The pillar is who carries it: `facilities`, the grid itself;
`crews`, people on site; `proactive`, what the company does unasked; `interactive`, its answers to a customer who asks.

"""
NOTHING: Final = "—"

HEAD = """\
# What is measured, and what is not

The first table is generated from `streams/kpis` by `make render`, the others stand in `deploy/scope_page.py`. The
service of a power company is taken as one system: four elements, carried by facilities and crews, proactive and
interactive, in a loop from the customer's need to the customer's answer (W. Wang, 电子世界 2014-18). A number stands
here only if the service publishes it all the time and it can be checked; what is counted by hand, once a year, is a
campaign and not a measurement.

## The four elements and the four pillars

Each KPI is tagged with the element it speaks of and the pillar that carries it. [kpis.md](kpis.md) defines each.

"""

LOOP: Final = (
    (
        "find the customer's real need 探寻客户真实需求",
        "`customer_cases_accepted` by kind of case, `complaints_opened`, `complaints_closed` by category and region",
        "needs that no record states: they take surveys and visits, which reach no topic",
    ),
    (
        "change on that basis 基于需求改变",
        "`orders_open` and the arrival KPIs for repair; orders of work type rectification are open cases",
        "whether a rectification ended what the complaints were about: order and complaint are not linked yet",
    ),
    (
        "keep improving 持续改进",
        "every dated KPI as day, month and last 30 days (EN 50160: as week), revised when a late fact corrects it",
        "comparison with the year before: day records are kept, but no KPI subtracts them",
    ),
    (
        "let the customer feel it 让客户感知到改进",
        "`complaint_contact_on_time`, `complaint_reply_on_time`, `sla_on_time_share` of notices, estimates and news",
        "whether announced outages reached those concerned: that news were published in time is all that is known",
    ),
    (
        "hear back 客户互动评估反馈",
        "`complaint_reopen_share`, `complaint_closure_cohort`: a case that comes back was not closed",
        "satisfaction and the response rate of surveys: `rated` and `survey_sent` are taken in and not evaluated yet",
    ),
)
# By the name that the KPI will have: where the registry has it, the page does not call it missing.
NOT_YET: Final = {
    "asai": ("ASAI, the share of time that customers have supply", "no KPI yet; its measures are those of SAIDI"),
    "cemi": ("CEMI, customers with many interruptions", "they need the outages of one customer side by side"),
    "celid": ("CELID, customers with long interruptions", "they need the outages of one customer side by side"),
}
MISSING: Final = (
    ("frequent outages of an area", "they need the outages of one area side by side"),
    (
        "the DL/T 836 indices in h/户",
        "interruptions up to the threshold and medium-voltage users are in no cell: these are sums of their own",
    ),
    (
        "customers of outages that were merged, split, or overlap",
        "customers are added up per outage, not as a union; a value that this makes wrong says so (findings.md)",
    ),
    (
        "the customer who caused an outage of others, left out of the statistics",
        "no event says which of those counted caused it, or whether any did: they count together, in `customer_caused`",
    ),
    (
        "interruption minutes of today, whenever the outage began",
        "SAIDI counts an interruption on the day it began: after midnight a storm of the evening is in yesterday's",
    ),
    (
        "outage minutes, and the first one after the return, taken out of the voltage rate",
        "0 V counts as suspect, not as low, until outages of an area are known",
    ),
    (
        "the silence of points in a known outage",
        "each of them is silent, and its clock L17 runs, until outages of an area are known",
    ),
    (
        "capacity in the sense of load and headroom",
        "no topic carries load; outages show only that capacity was missing",
    ),
    (
        "conduct 供电行为: open information, processes kept",
        "`sla_on_time_share` of clocks L11, L11b and L12 measures plans and notices; nothing measures open information",
    ),
    (
        "detected before the customer called 主动服务",
        "`detected_by` and `first_call_at` are taken in and not evaluated yet",
    ),
    ("staff, training, equipment of crews", "not events of the grid; they belong to other systems"),
)


def render() -> str:
    """The whole document."""
    return (
        HEAD
        + table(("element", *PILLARS), [_row(element) for element in ELEMENTS])
        + "\n"
        + CHOICE
        + "## The loop\n\n"
        + table(("step", "measured by", "not measured"), LOOP)
        + "\n## Not measured yet, and why\n\n"
        + table(("what", "why"), missing(kpi.name for kpi in KPIS))
    )


def missing(names: Iterable[str]) -> list[tuple[str, str]]:
    """What no KPI measures yet: what one of these names measures is not missing any more."""
    return [*((what, why) for name, (what, why) in NOT_YET.items() if name not in {*names}), *MISSING]


def _row(element: str) -> tuple[str, ...]:
    cells = (
        ", ".join(f"`{kpi.name}`" for kpi in KPIS if (kpi.element, kpi.pillar) == (element, pillar))
        for pillar in PILLARS
    )
    return (ELEMENTS[element], *(cell or NOTHING for cell in cells))
