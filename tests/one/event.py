"""All that holds one type of event: `make event NAME=outages.restored`."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from deploy.mapping_page import fields, need_of
from schemas import EVENTS, Family
from schemas.codec import decode
from schemas.event import Event
from streams.cases.registry import CASES as KINDS
from tests.one.kpi import BUDGET_SECONDS, generated
from tests.one.report import NOTE, OK, Line, there
from tests.one.running import ROOT, run
from tests.one.worlds import CASES, of_type

CHECKS = "tests/one/checks_event.py"
TITLES = {CHECKS: "order, repetition, oracle on random lives with it", "examples": "examples"}
EXAMPLES = "tests/unit/test_schemas_examples.py"
ADMISSION = {"complaints": "14_complaints.sql", "voltage": "15_voltage.sql"}  # the others are in one file
POLICY = ("policy", "calendar")


def names() -> list[str]:
    """Every type of event and of network record, as `family.type`."""
    return [f"{family.name}.{tag}" for family in EVENTS for tag in types(family)]


def types(family: Family) -> dict[str, type[Event]]:
    """The classes of a family by what their records say of their type."""
    members = get_args(get_args(family.union)[0])
    tag = "record_type" if family.name == "network" else "event_type"
    return {get_args(member.model_fields[tag].annotation)[0]: member for member in members}


def full_name(name: str) -> str:
    """A type that only one family has needs no family before it."""
    found = [each for each in names() if each.partition(".")[2] == name]
    return found[0] if len(found) == 1 else name


def lines(name: str, root: Path = ROOT) -> Iterator[Line]:
    """One line for each thing that holds a type of event."""
    yield from static(name, root)
    yield from generated()
    yield from _tests(name, root)


def static(name: str, root: Path) -> Iterator[Line]:
    """What has to be there, without running anything."""
    family = next(family for family in EVENTS if family.name == name.partition(".")[0])
    tag = name.partition(".")[2]
    cls = types(family)[tag]
    bare = [field for field, said in cls.model_fields.items() if not said.description and not field.endswith("_type")]
    yield there("contract", found=not bare, where=f"{cls.__module__}.{cls.__name__}", add=f"describe {', '.join(bare)}")
    for side in ("valid", "invalid"):
        folder = f"schemas/examples/{family.topic}/{side}"
        files = [file for file in (root / folder).glob(f"{tag}*.json") if _is_of(file.stem, tag, types(family))]
        add = f"write {tag}-<what>.json"
        where = ", ".join(sorted(file.name for file in files)) or folder
        yield there(f"{side} example", found=files, where=where, add=add)
        if side == "valid" and files:
            yield _facts(family, files)
    if family.name in CASES:
        found = of_type(family.name, tag)
        yield there("strategy", found=found, where="tests/support/strategies.py", add="add it, with what it may hold")
    sql = "commitments.py" if tag in POLICY else f"admission/{ADMISSION.get(family.name, '10_contract.sql')}"
    file = root / "streams/oracle" / sql
    quoted = file.is_file() and any(f"{quote}{tag}{quote}" in file.read_text("utf-8") for quote in "'\"")
    yield there("oracle", found=quoted, where=f"streams/oracle/{sql}", add="write its contract as rows")
    needs = {need_of(family.name, field).without for field in fields(family.name) if field.startswith(f"{tag}.")}
    yield there("docs", found=needs, where="docs/mapping.md", add="say in deploy/needs.py who needs its fields")


def _is_of(stem: str, tag: str, others: dict[str, type[Event]]) -> bool:
    return stem == tag or (stem.startswith(f"{tag}-") and stem not in others)


def _facts(family: Family, files: list[Path]) -> Line:
    """How many facts the examples state."""
    kind = next((kind for kind in KINDS if kind.family == family.name), None)
    if kind is None:
        return Line(NOTE, "facts", f"{family.name} are no cases: none")
    count = sum(len(kind.facts_of(decode(family.name, file.read_bytes()).event)) for file in files)
    return Line(
        OK if count else NOTE, "facts", f"{count} in the valid examples" if count else "its examples state none"
    )


def _tests(name: str, root: Path) -> list[Line]:
    """Run the examples of this type, and random lives that have it."""
    family, _, tag = name.partition(".")
    others = types(next(each for each in EVENTS if each.name == family))

    def wanted(item: pytest.Item) -> bool:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        file, of = parameters.get("file"), parameters.get("family")
        return CHECKS in item.nodeid or (file is not None and of.name == family and _is_of(file.stem, tag, others))

    checks = [root / CHECKS] if family in CASES and of_type(family, tag) else []
    return run(name, [*checks, root / EXAMPLES], wanted, TITLES, BUDGET_SECONDS)
