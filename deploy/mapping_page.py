"""docs/mapping.md, made from the contracts and the registry of needs."""

from fnmatch import fnmatchcase

from deploy.markdown import table
from deploy.needed import Need
from deploy.needs import NEEDS
from schemas import EVENTS
from streams.load.fields import contract_of

HEAD = """\
# Fields and their uses

Generated from `schemas` and `deploy/needs.py` by `make render`; do not edit. For every field of the input contracts:
the KPIs ([kpis.md](kpis.md)) and clocks that need it, and what is undefined or worse without it. An optional field may
be left out; a field inside an object or a list of objects is written with a dot. The contracts themselves are in
[schemas/json](../schemas/json). `every event` means all types of event of a topic.
"""


def fields(family: str) -> list[str]:
    """Every field of a family, as `event.field`."""
    contract = contract_of(family)
    return [f"{event}.{path}" for event in contract.event_types for path in contract.paths(event)]


def need_of(family: str, field: str) -> Need:
    """The first need that matches a field; StopIteration when none does."""
    return next(need for need in NEEDS[family] if any(fnmatchcase(field, pattern) for pattern in need.fields))


def render() -> str:
    """The whole document."""
    head = ("event", "field", "needed by", "clocks", "without it")
    return HEAD + "".join(
        f"\n## `{family.topic}`\n\nKey: `{family.key}`. {family.description}\n\n{table(head, _rows(family.name))}"
        for family in EVENTS
    )


def _rows(family: str) -> list[tuple[str, ...]]:
    """Fields of one need in one row, in the order of the needs; events that share a field together."""
    events = contract_of(family).event_types
    by_need: dict[Need, dict[str, list[str]]] = {}
    for field in fields(family):
        event, _, path = field.partition(".")
        by_need.setdefault(need_of(family, field), {}).setdefault(path, []).append(event)
    rows: list[tuple[str, ...]] = []
    for need in sorted(by_need, key=NEEDS[family].index):
        together: dict[tuple[str, ...], list[str]] = {}
        for path, stated_by in by_need[need].items():
            together.setdefault(tuple(stated_by), []).append(path)
        for having, paths in together.items():
            named = "every event" if len(having) == len(events) else _code(having)
            rows.append((named, _code(paths), _code(need.kpis) or "-", ", ".join(need.clocks) or "-", need.without))
    return rows


def _code(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
